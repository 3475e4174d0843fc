//! Lines of clients, judged by the rules of the chapters 2, 4 and 6.

/// The longest line in bytes (LINE-7).
pub(crate) const LONGEST: usize = 4096;

/// What a line is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    Empty,
    Quit,
    Refused(&'static str),
    /// A nickname or a message.
    Text(&'a str),
}

/// Judges a line without its LF and CR (ERR-2).
pub(crate) fn judge(line: &[u8]) -> Line<'_> {
    if line.len() > LONGEST {
        return Line::Refused("line-too-long");
    }
    let Ok(text) = std::str::from_utf8(line) else {
        return Line::Refused("not-utf8");
    };
    match text {
        "" => Line::Empty,
        "<quit>" | "{quit}" => Line::Quit,
        _ if text.chars().any(is_control) => Line::Refused("control-character"),
        _ if is_command(text) => Line::Refused("unknown-command"),
        _ => Line::Text(text),
    }
}

fn is_control(c: char) -> bool {
    (c.is_control() && c != '\t') || matches!(c, '\u{2028}' | '\u{2029}')
}

fn is_command(text: &str) -> bool {
    let Some(inner) = text
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
    else {
        return false;
    };
    let (name, arguments) = match inner.split_once(' ') {
        Some((name, arguments)) => (name, Some(arguments)),
        None => (inner, None),
    };
    let is_named = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-'));
    is_named && arguments.is_none_or(|text| !text.is_empty() && !text.contains(['<', '>']))
}

/// Whether NICK-2 to NICK-5 allow a nickname.
pub(crate) fn is_nickname(text: &str) -> bool {
    let is_forbidden = |c: char| {
        matches!(
            c,
            ' ' | '\t' | ':' | '\u{A0}' | '\u{AD}' | '\u{61C}' | '\u{1680}' | '\u{180E}'
        ) || matches!(c, '\u{2000}'..='\u{200F}' | '\u{202A}'..='\u{202F}')
            || matches!(c, '\u{205F}'..='\u{206F}' | '\u{3000}' | '\u{FEFF}')
    };
    text.len() <= 32 && !text.starts_with(['*', '!', '<', '{']) && !text.contains(is_forbidden)
}
