//! Bytes as the scenario language writes them.

use std::fmt::Write;

use unicode_width::UnicodeWidthChar;

/// From this number on, equal characters are written as `${"x" * N}`.
const LONG_RUN: usize = 16;

/// The bytes as a quoted text.
pub(super) fn quoted(bytes: &[u8]) -> String {
    format!("\"{}\"", escaped(bytes))
}

/// The text as it stands behind an arrow: without quotes where it needs none.
pub(super) fn after_arrow(text: &str) -> String {
    let is_plain = !text.is_empty()
        && text.trim() == text
        && !text.starts_with('"')
        && !text.ends_with(']')
        && !text.ends_with(" lines")
        && escaped(text.as_bytes()) == text;
    if is_plain {
        text.to_owned()
    } else {
        quoted(text.as_bytes())
    }
}

fn escaped(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.utf8_chunks() {
        let mut rest = chunk.valid();
        while let Some(first) = rest.chars().next() {
            let others = rest.trim_start_matches(first);
            let times = (rest.len() - others.len()) / first.len_utf8();
            let one = character(first, others);
            if times >= LONG_RUN {
                let _ = write!(out, "${{\"{one}\" * {times}}}");
            } else {
                out.push_str(&one.repeat(times));
            }
            rest = others;
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02X}");
        }
    }
    out
}

/// One character, with an escape where it could not be read.
fn character(c: char, after: &str) -> String {
    match c {
        '"' | '\\' => format!("\\{c}"),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '$' if after.starts_with('{') => "${\"$\"}".to_owned(),
        _ if c.is_control() => c.to_string().bytes().fold(String::new(), |mut out, byte| {
            let _ = write!(out, "\\x{byte:02X}");
            out
        }),
        _ if is_unreadable(c) => format!("\\u{{{:X}}}", u32::from(c)),
        _ => c.to_string(),
    }
}

/// Whether a reader could not tell what stands here: blanks but the space, and characters without a width.
fn is_unreadable(c: char) -> bool {
    c != ' ' && (c.is_whitespace() || c.width() == Some(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(b"ciao", "\"ciao\"")]
    #[case(b"a \"b\"\\\r\n", "\"a \\\"b\\\"\\\\\\r\\n\"")]
    #[case(b"\xFFx\x07", "\"\\xFFx\\x07\"")]
    #[case(&[b'x'; 20], "\"${\"x\" * 20}\"")]
    #[case(b"${n}", "\"${\"$\"}{n}\"")]
    fn is_quoted(#[case] bytes: &[u8], #[case] source: &str) {
        assert_eq!(quoted(bytes), source);
    }

    #[rstest]
    #[case("ciao a tutti", "ciao a tutti")]
    #[case(" ciao", "\" ciao\"")]
    #[case("3 lines", "\"3 lines\"")]
    #[case("[LINE-1]", "\"[LINE-1]\"")]
    fn behind_an_arrow(#[case] text: &str, #[case] source: &str) {
        assert_eq!(after_arrow(text), source);
    }
}
