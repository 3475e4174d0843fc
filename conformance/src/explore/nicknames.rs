//! Nicknames that are valid beyond doubt, nicknames that are invalid beyond doubt, and the rules of chapter 4.

use super::program::NAMES;

/// Nicknames that every server must accept (NICK-1).
pub(super) const VALID: [&str; 12] = [
    "Zoë",
    "李雷",
    "Ольга",
    "x",
    "7",
    "@nna",
    "a-b_c",
    "(o.o)",
    "root",
    "/me",
    "~",
    "#1",
];

/// Nicknames that every server must refuse (NICK-2 to NICK-5).
pub(super) const INVALID: [&str; 14] = [
    "anna maria",
    "anna:",
    "a:b",
    "*anna",
    "!anna",
    "<anna",
    "{anna}",
    "abcdefghijklmnopqrstuvwxyzabcdefg",
    "ééééééééééééééééé",
    "an\u{200B}na",
    "an\u{A0}na",
    "anna\u{FEFF}",
    "an\u{AD}na",
    "\u{202E}anna",
];

/// The characters that cannot be seen (NICK-5), by their first and last code points.
const INVISIBLE: [(char, char); 11] = [
    ('\u{A0}', '\u{A0}'),
    ('\u{AD}', '\u{AD}'),
    ('\u{61C}', '\u{61C}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{180E}', '\u{180E}'),
    ('\u{2000}', '\u{200F}'),
    ('\u{202A}', '\u{202F}'),
    ('\u{205F}', '\u{206F}'),
    ('\u{3000}', '\u{3000}'),
    ('\u{FEFF}', '\u{FEFF}'),
    ('\u{2028}', '\u{2029}'),
];

/// Whether every server agrees about the nickname: it is the name of an actor, in whatever case, or one of the lists.
pub(super) fn is_known(nickname: &str) -> bool {
    let is_actor = |name: &&str| name.eq_ignore_ascii_case(nickname);
    NAMES.iter().any(is_actor) || VALID.contains(&nickname) || INVALID.contains(&nickname)
}

/// Whether a text obeys NICK-2 to NICK-5.
pub(super) fn is_valid(nickname: &str) -> bool {
    const LONGEST: usize = 32;
    let is_invisible = |c: char| {
        INVISIBLE
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&c))
    };
    nickname.len() <= LONGEST
        && !nickname.contains([' ', '\t', ':'])
        && !nickname.starts_with(['*', '!', '<', '{'])
        && !nickname.chars().any(is_invisible)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_agree_with_the_lists() {
        assert!(VALID.into_iter().all(is_valid));
        assert!(!INVALID.into_iter().any(is_valid));
    }
}
