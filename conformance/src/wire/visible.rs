//! Bytes as people can read them.

use std::fmt::{self, Write};

use super::line::is_control;

/// Shows bytes so that nothing in them stays invisible, and long texts short.
#[derive(Debug, Clone, Copy)]
pub struct Visible<'a>(pub &'a [u8]);

/// A text of more characters than this is shown by its ends.
const LONGEST: usize = 160;

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = Vec::new();
        for chunk in self.0.utf8_chunks() {
            shown.extend(chunk.valid().chars().map(character));
            shown.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}")));
        }
        if shown.last().is_some_and(|last| last == " ") {
            shown.pop();
            shown.push("\\x20".to_owned());
        }
        if shown.len() <= LONGEST {
            return shown.iter().try_for_each(|text| f.write_str(text));
        }
        let (head, tail) = (&shown[..LONGEST / 2], &shown[shown.len() - LONGEST / 4..]);
        head.iter().try_for_each(|text| f.write_str(text))?;
        write!(f, "… ({} bytes) …", self.0.len())?;
        tail.iter().try_for_each(|text| f.write_str(text))
    }
}

fn character(c: char) -> String {
    let mut text = String::new();
    let hidden = matches!(
        u32::from(c),
        0xA0 | 0xAD | 0x34F | 0x61C | 0x1680 | 0x180E | 0x2000..=0x200C | 0x200E..=0x200F | 0x2028..=0x202F | 0x205F..=0x206F | 0x3000 | 0xE000..=0xF8FF | 0xFEFF
            | 0xFFFE..=0xFFFF | 0xF0000..
    );
    // Writing to a String cannot fail.
    let _ = match c {
        '\t' => write!(text, "\\t"),
        '\r' => write!(text, "\\r"),
        '\n' => write!(text, "\\n"),
        c if c.is_ascii() && is_control(c) => write!(text, "\\x{:02X}", u32::from(c)),
        c if is_control(c) || hidden => write!(text, "\\u{{{:X}}}", u32::from(c)),
        c => write!(text, "{c}"),
    };
    text
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
        assert!(shown.contains("… (4096 bytes) …") && shown.chars().count() < 200);
    }
}
