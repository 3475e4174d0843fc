//! Which nicknames are valid, and which are equal. (Chapter 4)

use super::behaviour::Behaviour;
use super::fault::Fault;

/// The longest nickname, in bytes (NICK-2).
const MAX_LENGTH: usize = 32;

/// Whether a nickname breaks a rule (NICK-1 to NICK-5, NICK-7).
pub(super) fn is_invalid(name: &str, behaviour: Behaviour) -> bool {
    let name = if behaviour.has(Fault::NamesTrimmed) {
        name.trim_matches([' ', '\t'])
    } else {
        name
    };
    is_too_long(name, behaviour)
        || name.is_empty()
        || name.contains(|c| is_separator(name, c, behaviour))
        || begins_badly(name, behaviour)
        || holds_invisible(name, behaviour)
        || is_refused_by_whim(name, behaviour)
        || (!behaviour.has(Fault::NoProfile) && is_refused_by_profile(name, behaviour))
}

/// The nickname as it is shown: as the client has typed it (NICK-1).
pub(super) fn shown(name: &str, behaviour: Behaviour) -> String {
    match behaviour.fault {
        Some(Fault::NamesTrimmed) => name.trim_matches([' ', '\t']).to_owned(),
        Some(Fault::NamesInLowerCase) => name.to_lowercase(),
        Some(Fault::NamesComposed) => name.replace('®', "R"),
        Some(Fault::LongNamesCut) => name
            .chars()
            .scan(0, |bytes, c| {
                *bytes += c.len_utf8();
                (*bytes <= MAX_LENGTH).then_some(c)
            })
            .collect(),
        _ => name.to_owned(),
    }
}

/// Whether two nicknames are equal (NICK-6, NICK-8).
pub(super) fn are_equal(one: &str, other: &str, behaviour: Behaviour) -> bool {
    match behaviour.fault {
        Some(Fault::NamesWithCase) => one == other,
        Some(Fault::NobodyIsTaken) => false,
        Some(Fault::FoldsBits) => {
            let folded = |name: &str| name.bytes().map(|byte| byte | 0x20).collect::<Vec<_>>();
            folded(one) == folded(other)
        }
        Some(Fault::TakenByItsStart) => {
            let length = one.len().min(other.len());
            one.as_bytes()[..length].eq_ignore_ascii_case(&other.as_bytes()[..length])
        }
        Some(Fault::AIsNotFolded) => are_equal_but(one, other, 'A'),
        Some(Fault::ZIsNotFolded) => are_equal_but(one, other, 'Z'),
        Some(Fault::NoProfileOfEquality) => one.eq_ignore_ascii_case(other),
        Some(Fault::TitlecaseIsKept) => {
            let lowered = |name: &str| {
                let lower = |c: char| {
                    if c.is_uppercase() {
                        c.to_lowercase().collect()
                    } else {
                        vec![c]
                    }
                };
                prepared(name).chars().flat_map(lower).collect::<String>()
            };
            lowered(one) == lowered(other)
        }
        _ => folded(one) == folded(other),
    }
}

/// The form in which nicknames are compared. Each character is lowered by itself (NICK-8).
fn folded(name: &str) -> String {
    prepared(name)
        .chars()
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether two nicknames are equal if one capital differs from its small letter.
fn are_equal_but(one: &str, other: &str, capital: char) -> bool {
    let apart = |name: &str| folded(&name.replace(capital, "*"));
    apart(one) == apart(other)
}

fn is_too_long(name: &str, behaviour: Behaviour) -> bool {
    match behaviour.fault {
        Some(Fault::NameLimitOfOneByteLess) => name.len() >= MAX_LENGTH,
        Some(Fault::NameLimitOfOneByteMore) => name.len() > MAX_LENGTH + 1,
        Some(Fault::NameLimitInCharacters) => name.chars().count() > MAX_LENGTH,
        Some(Fault::NameLimitInUtf16) => name.encode_utf16().count() > MAX_LENGTH,
        Some(Fault::LongNamesCut) => false,
        Some(Fault::NameLengthInAByte) => name.len() % 256 > MAX_LENGTH,
        _ => name.len() > MAX_LENGTH,
    }
}

fn is_separator(name: &str, c: char, behaviour: Behaviour) -> bool {
    match (behaviour.fault, c) {
        (Some(Fault::SpacesInNames), ' ') => false,
        (Some(Fault::TabsInNames), '\t') => false,
        (Some(Fault::ColonsInNames), ':') => false,
        (Some(Fault::ColonAtTheEnd), ':') => name.find(':') != Some(name.len() - 1) || name == ":",
        (Some(Fault::MarksInsideRefused), '*' | '!' | '<' | '{') => true,
        (_, c) => matches!(c, ' ' | '\t' | ':'),
    }
}

fn begins_badly(name: &str, behaviour: Behaviour) -> bool {
    match (behaviour.fault, name.chars().next()) {
        (Some(Fault::StarsBegin), Some('*')) => false,
        (Some(Fault::ExclamationsBegin), Some('!')) => false,
        (Some(Fault::AnglesBegin), Some('<')) => false,
        (Some(Fault::BracesBegin), Some('{')) => false,
        (Some(Fault::BraceAlone), Some('{')) => name.len() > 1,
        (_, first) => matches!(first, Some('*' | '!' | '<' | '{')),
    }
}

fn holds_invisible(name: &str, behaviour: Behaviour) -> bool {
    let is_invisible = |c| is_invisible(c, behaviour);
    match behaviour.fault {
        Some(Fault::InvisibleEndInNames) => {
            name.trim_end_matches(is_invisible).contains(is_invisible)
        }
        _ => name.contains(is_invisible),
    }
}

fn is_invisible(c: char, behaviour: Behaviour) -> bool {
    match (behaviour.fault, c) {
        (Some(Fault::InvisibleAccepted), _) => false,
        (Some(Fault::NoBreakSpaceInNames), '\u{A0}') => false,
        (Some(Fault::SoftHyphenInNames), '\u{AD}') => false,
        (Some(Fault::JoinersInNames), '\u{200D}') => false,
        (Some(Fault::DirectionInNames), '\u{202A}'..='\u{202F}') => false,
        (Some(Fault::LastInvisibleInNames), '\u{206F}') => false,
        (Some(Fault::BomInNames), '\u{FEFF}') => false,
        (Some(Fault::OghamSpaceInNames), '\u{1680}') => false,
        (Some(Fault::NonJoinerInNames), '\u{200C}') => false,
        (Some(Fault::FirstSpaceInNames), '\u{2000}') => false,
        (Some(Fault::ArabicMarkInNames), '\u{61C}') => false,
        (Some(Fault::HyphensAreInvisible), '\u{2010}') => true,
        _ => matches!(
            u32::from(c),
            0xA0 | 0xAD | 0x61C | 0x1680 | 0x180E | 0x2000..=0x200F | 0x202A..=0x202F | 0x205F..=0x206F | 0x3000 | 0xFEFF
        ),
    }
}

/// Rules that the specification does not have.
fn is_refused_by_whim(name: &str, behaviour: Behaviour) -> bool {
    match behaviour.fault {
        Some(Fault::AsciiNamesOnly) => !name.is_ascii(),
        Some(Fault::EmojiRefused) => name.contains(|c| c > '\u{FFFF}'),
        Some(Fault::QuitIsNoName) => name.eq_ignore_ascii_case("quit"),
        Some(Fault::NamesOfTwoBytes) => name.len() < 2,
        Some(Fault::ReservedNames) => {
            ["server", "system", "admin", "root", "everyone"].contains(&name)
        }
        Some(Fault::NumbersAreNoNames) => name.bytes().all(|byte| byte.is_ascii_digit()),
        Some(Fault::SlashesInNamesRefused) => name.contains('/'),
        Some(Fault::ProtoIsNoName) => name == "__proto__",
        _ => false,
    }
}

/// A small part of the Nickname profile (RFC 8266): some characters that it disallows, and names that it turns into bad ones.
fn is_refused_by_profile(name: &str, behaviour: Behaviour) -> bool {
    let disallowed = |c: char| matches!(u32::from(c), 0x34F | 0xE000..=0xF8FF | 0xF0000..);
    let prepared = prepared(name);
    let prepared = match behaviour.fault {
        Some(Fault::ProfileAppliedOnce) => &prepared,
        // The second time, the profile trims the spaces that compatibility characters have left.
        _ => prepared.trim(),
    };
    let becomes_bad = prepared.contains([' ', ':']) || prepared.starts_with(['*', '!', '<', '{']);
    name.contains(disallowed) || (prepared != name && becomes_bad)
}

/// Replaces compatibility characters as RFC 8266 does: only full-width characters, Roman numerals and the acute accent.
fn prepared(name: &str) -> String {
    const ROMAN: [&str; 12] = [
        "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII",
    ];
    let mut prepared = String::new();
    for c in name.chars() {
        match u32::from(c) {
            code @ 0xFF01..=0xFF5E => prepared.extend(char::from_u32(code - 0xFEE0)),
            code @ 0x2160..=0x217B => prepared.push_str(ROMAN[(code as usize - 0x2160) % 12]),
            0xB4 => prepared.push_str(" \u{301}"),
            _ => prepared.push(c),
        }
    }
    prepared
}
