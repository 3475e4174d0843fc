//! Which bytes make a line.

use crate::ErrorCode;

/// The most bytes that a line of a client holds, without its terminator (LINE-7).
pub const MAX_CLIENT_LINE: usize = 4096;

/// The most bytes that a line of a server holds, without its terminator: a client's longest line
/// behind the longest nickname, a colon and a space (LINE-12).
pub const MAX_SERVER_LINE: usize = MAX_CLIENT_LINE + 34;

/// Why a line is refused. The cases stand in their order of precedence: a line that is too long
/// is never told to be something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// More bytes than a line may hold (LINE-8).
    #[error("a line holds at most {limit} bytes")]
    TooLong {
        /// The limit that was passed, in bytes without the terminator.
        limit: usize,
    },
    /// Not strict UTF-8 (LINE-10).
    #[error("byte {at} of the line is not UTF-8")]
    NotUtf8 {
        /// How many bytes before the first wrong one are right.
        at: usize,
    },
    /// A control character other than TAB, or a line separator (LINE-11).
    #[error("the line holds the control character U+{:04X}", u32::from(*.0))]
    Control(char),
}

impl LineError {
    /// The code under which the line is refused.
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::TooLong { .. } => ErrorCode::LineTooLong,
            Self::NotUtf8 { .. } => ErrorCode::NotUtf8,
            Self::Control(_) => ErrorCode::ControlCharacter,
        }
    }
}

/// Reads a line of the right length as text.
///
/// # Errors
/// [`LineError::NotUtf8`] for bytes that are not strict UTF-8 (overlong forms and surrogates are
/// not), else [`LineError::Control`] for the first character that [`is_control`].
pub fn text(bytes: &[u8]) -> Result<&str, LineError> {
    let text = std::str::from_utf8(bytes).map_err(|error| LineError::NotUtf8 {
        at: error.valid_up_to(),
    })?;
    // Nearly every line is plain ASCII. A fold without an early way out becomes vector
    // instructions, and nothing else has to look at such a line.
    let plain = bytes.iter().fold(true, |plain, &byte| {
        plain & ((0x20..0x7F).contains(&byte) | (byte == b'\t'))
    });
    if plain {
        return Ok(text);
    }
    match text.chars().find(|&c| is_control(c)) {
        Some(c) => Err(LineError::Control(c)),
        None => Ok(text),
    }
}

/// Whether no line may hold `c`: C0 except TAB, DEL, C1, and the separators U+2028 and U+2029.
pub const fn is_control(c: char) -> bool {
    matches!(
        c,
        '\0'..='\x08' | '\x0A'..='\x1F' | '\x7F'..='\u{9F}' | '\u{2028}' | '\u{2029}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case::empty(b"")]
    #[case::tab(b"a\tb")]
    #[case::accents("perché no, Zoë?".as_bytes())]
    #[case::byte_order_mark("\u{FEFF}ciao".as_bytes())]
    #[case::no_break_space("a\u{A0}b".as_bytes())]
    #[case::next_to_the_separators("\u{2027}\u{202A}".as_bytes())]
    #[case::highest("\u{10FFFF}".as_bytes())]
    fn passes(#[case] line: &[u8]) {
        assert_eq!(text(line).map(str::as_bytes), Ok(line));
    }

    #[rstest]
    #[case::lone_continuation(b"a\x80", 1)]
    #[case::truncated(b"per\xC3", 3)]
    #[case::overlong(b"\xC0\xAF", 0)]
    #[case::surrogate(b"ab\xED\xA0\x80", 2)]
    #[case::beyond_unicode(b"\xF4\x90\x80\x80", 0)]
    #[case::before_a_control(b"\x1B\xFF", 1)]
    fn is_not_utf8(#[case] line: &[u8], #[case] at: usize) {
        assert_eq!(text(line), Err(LineError::NotUtf8 { at }));
    }

    #[rstest]
    #[case('\0')]
    #[case('\x08')]
    #[case('\x0B')]
    #[case('\r')]
    #[case('\x1B')]
    #[case('\x7F')]
    #[case('\u{80}')]
    #[case('\u{85}')]
    #[case('\u{9F}')]
    #[case('\u{2028}')]
    #[case('\u{2029}')]
    fn is_a_control_character(#[case] c: char) {
        let line = format!("perché {c}no");
        assert_eq!(text(line.as_bytes()), Err(LineError::Control(c)));
    }

    proptest! {
        #[test]
        fn the_quick_way_agrees_with_the_definition(line in ".{0,80}") {
            let bad = line.chars().find(|&c| is_control(c));
            prop_assert_eq!(text(line.as_bytes()).err(), bad.map(LineError::Control));
        }
    }
}
