//! The rules that a client's line obeys (CLIENT-3, CLIENT-4).

/// The longest line, in bytes, without its terminator.
pub(super) const MAX_LENGTH: usize = 4096;

/// Whether a text holds a character that no line may hold (LINE-11).
pub(super) fn has_control(text: &str) -> bool {
    text.chars().any(|c| match c {
        '\t' => false,
        '\u{2028}' | '\u{2029}' => true,
        c => c.is_control(),
    })
}

/// Whether a server takes this line for a command: `{quit}`, `<name>` or `<name arguments>` (MSG-4).
pub(super) fn is_command(line: &str) -> bool {
    if line == "{quit}" {
        return true;
    }
    let Some(inside) = line
        .strip_prefix('<')
        .and_then(|line| line.strip_suffix('>'))
    else {
        return false;
    };
    let mut parts = inside.splitn(2, ' ');
    let name = parts.next().unwrap_or_default().as_bytes();
    let name_is_valid = name.first().is_some_and(u8::is_ascii_lowercase)
        && name
            .iter()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    let arguments_are_valid = parts
        .next()
        .is_none_or(|arguments| !arguments.is_empty() && !arguments.contains(['<', '>']));
    name_is_valid && arguments_are_valid
}
