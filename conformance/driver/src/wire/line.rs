//! The rules that hold for every line, whoever sends it (chapter 2).

/// Maximum length of a client's line in bytes, without its end (LINE-7).
pub const LONGEST_CLIENT_LINE: usize = 4096;

/// Maximum length of a server's line in bytes, without its end (LINE-12).
pub const LONGEST_SERVER_LINE: usize = LONGEST_CLIENT_LINE + 34;

/// The first character of a text that no line may hold.
pub(super) fn first_control(text: &str) -> Option<char> {
    // Nearly every line is printable ASCII, and megabytes of them are checked.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return None;
    }
    text.chars().find(|c| is_control(*c))
}

/// Whether no line may hold the character (LINE-11).
pub(super) fn is_control(c: char) -> bool {
    (c.is_control() && c != '\t') || matches!(c, '\u{2028}' | '\u{2029}')
}
