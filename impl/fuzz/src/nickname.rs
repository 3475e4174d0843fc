//! Nicknames: what is accepted follows the rules of chapter 4, and ASCII case does not distinguish nicknames.

use salotto_protocol::Nickname;

/// Checks the rules for nicknames.
///
/// # Panics
/// If a nickname is accepted that breaks a rule, or if two spellings that differ only in ASCII case are two nicknames.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(nickname) = Nickname::parse(text) else {
        return;
    };
    // NICK-1
    assert_eq!(nickname.as_str(), text);
    // NICK-2 to NICK-4
    assert!((1..=32).contains(&text.len()));
    assert!(!text.contains([' ', '\t', ':', '\n', '\r']));
    assert!(!text.starts_with(['*', '!', '<', '{']));
    assert!(!text.chars().any(char::is_control));
    // NICK-6
    let key = nickname.key();
    for other in [text.to_ascii_uppercase(), text.to_ascii_lowercase()] {
        if let Ok(other) = Nickname::parse(&other) {
            assert_eq!(other.key(), key, "{text:?} and {other:?}");
        }
    }
    // A client that splits a message at the first colon finds the nickname.
    let line = format!("{text}: a: b");
    assert_eq!(line.split_once(": "), Some((text, "a: b")));
}
