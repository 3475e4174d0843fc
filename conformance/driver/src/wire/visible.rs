//! Bytes made readable.

use std::fmt::{self, Write};

use super::line::is_control;

/// Shows bytes with everything invisible escaped, and shortens long texts.
#[derive(Debug, Clone, Copy)]
pub struct Visible<'a>(pub &'a [u8]);

/// Only the two ends of a longer text are shown, in bytes, so that the cost does not grow with its length.
pub(super) const LONGEST: usize = 240;
pub(super) const HEAD: usize = 80;
pub(super) const TAIL: usize = 40;

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0;
        if bytes.len() <= LONGEST {
            return f.write_str(&show_end(bytes));
        }
        f.write_str(&show_start(&bytes[..boundary(bytes, HEAD)]))?;
        write!(f, "… ({} bytes) …", bytes.len())?;
        f.write_str(&show_end(&bytes[boundary(bytes, bytes.len() - TAIL)..]))
    }
}

/// The end of a text, or all of it: a space at the end is easily overlooked.
pub(super) fn show_end(bytes: &[u8]) -> String {
    match bytes.strip_suffix(b" ") {
        Some(rest) => show_start(rest) + "\\x20",
        None => show_start(bytes),
    }
}

/// The beginning of a text.
pub(super) fn show_start(bytes: &[u8]) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = show(bytes, &mut out);
    out
}

/// The beginning of the character at `at`, if the bytes around it are UTF-8.
pub(super) fn boundary(bytes: &[u8], at: usize) -> usize {
    let continuation = |at: &usize| bytes[*at] & 0b1100_0000 == 0b1000_0000;
    (at.saturating_sub(3)..=at)
        .rev()
        .find(|at| !continuation(at))
        .unwrap_or(at)
}

fn show(bytes: &[u8], f: &mut String) -> fmt::Result {
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().try_for_each(|c| character(c, f))?;
        chunk
            .invalid()
            .iter()
            .try_for_each(|byte| write!(f, "\\x{byte:02X}"))?;
    }
    Ok(())
}

fn character(c: char, f: &mut String) -> fmt::Result {
    match c {
        '\t' => f.write_str("\\t"),
        '\r' => f.write_str("\\r"),
        '\n' => f.write_str("\\n"),
        c if c.is_ascii() && is_control(c) => write!(f, "\\x{:02X}", u32::from(c)),
        c if is_control(c) || is_hidden(c) => write!(f, "\\u{{{:X}}}", u32::from(c)),
        c => f.write_char(c),
    }
}

/// Characters without width or glyph, characters that look like a space, and those that change the direction of the text.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{A0}' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{1680}' | '\u{180E}' | '\u{2000}'..='\u{200C}'
        | '\u{200E}'..='\u{200F}' | '\u{2028}'..='\u{202F}' | '\u{205F}'..='\u{206F}' | '\u{3000}'
        | '\u{E000}'..='\u{F8FF}' | '\u{FEFF}' | '\u{FFFE}'..='\u{FFFF}' | '\u{F0000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("perché no? 👍🏽".as_bytes(), "perché no? 👍🏽")]
    #[case(b"\x1B[2J\x00\xFF\r", "\\x1B[2J\\x00\\xFF\\r")]
    #[case("a\u{202E}b\u{85}c ".as_bytes(), "a\\u{202E}b\\u{85}c\\x20")]
    fn hides_nothing(#[case] bytes: &[u8], #[case] shown: &str) {
        assert_eq!(Visible(bytes).to_string(), shown);
    }

    #[test]
    fn shortens_long_texts() {
        let shown = Visible(&b"x".repeat(4096)).to_string();
        assert!(shown.contains("… (4096 bytes) …") && shown.chars().count() < 160);
    }
}
