//! Which bytes a line may contain.

use crate::code::ErrorCode;

/// The longest line of a client, in bytes without the terminator (LINE-7).
pub const MAX_CLIENT_LINE: usize = 4096;

/// The longest line of a server, in bytes without the terminator (LINE-12): the longest nickname, a colon, a space, and the longest
/// line of a client.
pub const MAX_SERVER_LINE: usize = MAX_CLIENT_LINE + 34;

/// Why a line is refused. The variants are in the order of precedence (ERR-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// The line is too long (LINE-8).
    #[error("a line has at most {limit} bytes")]
    TooLong {
        /// The limit, in bytes without the terminator.
        limit: usize,
    },
    /// The line is not UTF-8 (LINE-10).
    #[error("byte {at} of the line is not UTF-8")]
    NotUtf8 {
        /// The number of valid bytes before the first invalid one.
        at: usize,
    },
    /// The line contains a control character other than TAB, or a line separator (LINE-11).
    #[error("the line contains the control character U+{:04X}", u32::from(*.0))]
    Control(char),
}

impl LineError {
    /// The error code that a server sends.
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::TooLong { .. } => ErrorCode::LineTooLong,
            Self::NotUtf8 { .. } => ErrorCode::NotUtf8,
            Self::Control(_) => ErrorCode::ControlCharacter,
        }
    }
}

/// Decodes a line whose length has been checked.
///
/// # Errors
/// [`LineError::NotUtf8`] if the bytes are not strict UTF-8, which excludes overlong forms and surrogates. Otherwise
/// [`LineError::Control`] for the first character that [`is_control`].
pub fn text(bytes: &[u8]) -> Result<&str, LineError> {
    let text = std::str::from_utf8(bytes).map_err(|error| LineError::NotUtf8 {
        at: error.valid_up_to(),
    })?;
    // Most lines are plain ASCII and need no further check. The compiler turns a fold without an early exit into vector
    // instructions.
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

/// Whether no line may contain `c` (LINE-11): a C0 control other than TAB, DEL, a C1 control, or a separator U+2028 or U+2029.
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
    fn is_text(#[case] line: &[u8]) {
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
        fn the_check_for_ascii_agrees_with_the_definition(line in ".{0,80}") {
            let bad = line.chars().find(|&c| is_control(c));
            prop_assert_eq!(text(line.as_bytes()).err(), bad.map(LineError::Control));
        }
    }
}
