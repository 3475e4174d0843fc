//! Nicknames: what is accepted keeps the rules of chapter 4, and names that look alike are one name.

use salotto_protocol::Nickname;

/// # Panics
/// When a nickname is accepted that breaks a rule, when reading it again says otherwise, or when a name and its capital
/// letters are two.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(nickname) = Nickname::parse(text) else {
        return;
    };
    // NICK-1: exactly as typed.
    assert_eq!(nickname.as_str(), text);
    // NICK-2 to NICK-4
    assert!((1..=32).contains(&text.len()));
    assert!(!text.contains([' ', '\t', ':', '\n', '\r']));
    assert!(!text.starts_with(['*', '!', '<', '{']));
    assert!(!text.chars().any(char::is_control));
    // NICK-6: ASCII case makes no other name.
    let key = nickname.key();
    for other in [text.to_ascii_uppercase(), text.to_ascii_lowercase()] {
        if let Ok(other) = Nickname::parse(&other) {
            assert_eq!(other.key(), key, "{text:?} and {other:?}");
        }
    }
    // What stands before a message is read back as it was.
    let line = format!("{text}: a: b");
    assert_eq!(line.split_once(": "), Some((text, "a: b")));
}
