//! Which nicknames are possible, and which are equal. (Chapter 4)

use super::{Fault, Ways};

/// The longest nickname, in bytes.
const LONGEST: usize = 32;

/// Whether a nickname breaks a rule.
pub(super) fn is_invalid(ways: Ways, name: &str) -> bool {
    let name = if ways.has(Fault::NamesTrimmed) {
        name.trim_matches([' ', '\t'])
    } else {
        name
    };
    is_too_long(ways, name)
        || name.is_empty()
        || name.contains(|c| is_separator(ways, name, c))
        || begins_badly(ways, name)
        || name.contains(|c| is_invisible(ways, c))
        || is_refused_by_whim(ways, name)
        || (!ways.has(Fault::NoProfile) && is_refused_by_profile(name))
}

/// The nickname as it is shown.
pub(super) fn shown(ways: Ways, name: &str) -> String {
    match ways.fault {
        Some(Fault::NamesTrimmed) => name.trim_matches([' ', '\t']).to_owned(),
        Some(Fault::NamesInLowerCase) => name.to_lowercase(),
        Some(Fault::NamesComposed) => name.replace('®', "R"),
        Some(Fault::LongNamesCut) => name
            .chars()
            .scan(0, |bytes, c| {
                *bytes += c.len_utf8();
                (*bytes <= LONGEST).then_some(c)
            })
            .collect(),
        _ => name.to_owned(),
    }
}

/// Whether two nicknames are equal.
pub(super) fn are_equal(ways: Ways, one: &str, other: &str) -> bool {
    match ways.fault {
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
        Some(Fault::NoProfileOfEquality) => one.eq_ignore_ascii_case(other),
        _ => prepared(one).to_lowercase() == prepared(other).to_lowercase(),
    }
}

fn is_too_long(ways: Ways, name: &str) -> bool {
    match ways.fault {
        Some(Fault::NameLimitOfOneByteLess) => name.len() >= LONGEST,
        Some(Fault::NameLimitOfOneByteMore) => name.len() > LONGEST + 1,
        Some(Fault::NameLimitInCharacters) => name.chars().count() > LONGEST,
        Some(Fault::NameLimitInUtf16) => name.encode_utf16().count() > LONGEST,
        Some(Fault::LongNamesCut) => false,
        _ => name.len() > LONGEST,
    }
}

fn is_separator(ways: Ways, name: &str, c: char) -> bool {
    match (ways.fault, c) {
        (Some(Fault::SpacesInNames), ' ') => false,
        (Some(Fault::TabsInNames), '\t') => false,
        (Some(Fault::ColonsInNames), ':') => false,
        (Some(Fault::ColonAtTheEnd), ':') => name.find(':') != Some(name.len() - 1) || name == ":",
        (Some(Fault::MarksInsideRefused), '*' | '!' | '<' | '{') => true,
        (_, c) => matches!(c, ' ' | '\t' | ':'),
    }
}

fn begins_badly(ways: Ways, name: &str) -> bool {
    match (ways.fault, name.chars().next()) {
        (Some(Fault::StarsBegin), Some('*')) => false,
        (Some(Fault::ExclamationsBegin), Some('!')) => false,
        (Some(Fault::AnglesBegin), Some('<')) => false,
        (Some(Fault::BracesBegin), Some('{')) => false,
        (Some(Fault::BraceAlone), Some('{')) => name.len() > 1,
        (_, first) => matches!(first, Some('*' | '!' | '<' | '{')),
    }
}

fn is_invisible(ways: Ways, c: char) -> bool {
    match (ways.fault, c) {
        (Some(Fault::InvisibleAccepted), _) => false,
        (Some(Fault::NoBreakSpaceInNames), '\u{A0}') => false,
        (Some(Fault::SoftHyphenInNames), '\u{AD}') => false,
        (Some(Fault::JoinersInNames), '\u{200D}') => false,
        (Some(Fault::DirectionInNames), '\u{202A}'..='\u{202F}') => false,
        (Some(Fault::LastInvisibleInNames), '\u{206F}') => false,
        (Some(Fault::BomInNames), '\u{FEFF}') => false,
        (Some(Fault::OghamSpaceInNames), '\u{1680}') => false,
        (Some(Fault::HyphensAreInvisible), '\u{2010}') => true,
        _ => matches!(
            u32::from(c),
            0xA0 | 0xAD | 0x61C | 0x1680 | 0x180E | 0x2000..=0x200F | 0x202A..=0x202F | 0x205F..=0x206F | 0x3000 | 0xFEFF
        ),
    }
}

/// Rules that are not in the specification.
fn is_refused_by_whim(ways: Ways, name: &str) -> bool {
    match ways.fault {
        Some(Fault::AsciiNamesOnly) => !name.is_ascii(),
        Some(Fault::EmojiRefused) => name.contains(|c| c > '\u{FFFF}'),
        Some(Fault::QuitIsNoName) => name.eq_ignore_ascii_case("quit"),
        Some(Fault::NamesOfTwoBytes) => name.len() < 2,
        _ => false,
    }
}

/// A little of RFC 8266: a few characters that it disallows, and what a name becomes.
fn is_refused_by_profile(name: &str) -> bool {
    let disallowed = |c: char| matches!(u32::from(c), 0x34F | 0xE000..=0xF8FF | 0xF0000..);
    let prepared = prepared(name);
    let becomes_bad = prepared.contains(':') || prepared.starts_with(['*', '!', '<', '{']);
    name.contains(disallowed) || (prepared != name && becomes_bad)
}

/// Compatibility characters become what they stand for: full-width ones and Roman numerals.
fn prepared(name: &str) -> String {
    const ROMAN: [&str; 12] = [
        "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII",
    ];
    let mut prepared = String::new();
    for c in name.chars() {
        match u32::from(c) {
            code @ 0xFF01..=0xFF5E => prepared.extend(char::from_u32(code - 0xFEE0)),
            code @ 0x2160..=0x217B => prepared.push_str(ROMAN[(code as usize - 0x2160) % 12]),
            _ => prepared.push(c),
        }
    }
    prepared
}
