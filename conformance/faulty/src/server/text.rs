//! Bytes -> text, and the characters that must not occur in it. (Chapter 2)

use super::behaviour::Behaviour;
use super::fault::Fault;
use crate::line;

/// Decodes UTF-8. `None` if the bytes are not UTF-8 (LINE-10), unless a fault accepts them all the same.
pub(super) fn decode(bytes: &[u8], naming: bool, behaviour: Behaviour) -> Option<String> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Some(text.to_owned()),
        Err(error) => error,
    };
    let lossy = |bytes| Some(String::from_utf8_lossy(bytes).into_owned());
    match behaviour.fault {
        Some(Fault::LossyUtf8) => lossy(bytes),
        Some(Fault::LossyUtf8WhileNaming) if naming => lossy(bytes),
        Some(Fault::Latin1Guessed) => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
        Some(Fault::Utf8CheckedUpToAKib) if error.valid_up_to() >= 1024 => lossy(bytes),
        Some(Fault::ContinuationIgnored) => without_continuations(bytes),
        Some(Fault::TruncatedEndForgiven) if error.error_len().is_none() => {
            lossy(&bytes[..error.valid_up_to()])
        }
        Some(
            Fault::OverlongAccepted
            | Fault::OverlongNulAccepted
            | Fault::SurrogatesAccepted
            | Fault::OverlongOfFourAccepted
            | Fault::OverlongOfThreeAccepted
            | Fault::LastSurrogatesAccepted
            | Fault::FifthLeadAccepted
            | Fault::TooLargeAccepted,
        ) => decode_leniently(bytes, behaviour),
        _ => None,
    }
}

/// Decodes sequences of up to four bytes, and checks the results less strictly than UTF-8 demands.
fn decode_leniently(bytes: &[u8], behaviour: Behaviour) -> Option<String> {
    let mut text = String::new();
    let mut rest = bytes;
    while let [lead, after @ ..] = rest {
        let length = match lead.leading_ones() {
            0 => 0,
            ones @ 2..=4 => ones as usize - 1,
            _ => return None,
        };
        let (tail, next) = after.split_at_checked(length)?;
        let mask = if length == 0 { 0x7F } else { 0x3F >> length };
        let mut value = u32::from(lead & mask);
        for byte in tail {
            if byte & 0xC0 != 0x80 {
                return None;
            }
            value = value << 6 | u32::from(byte & 0x3F);
        }
        let shortest = match value {
            0..=0x7F => 0,
            0x80..=0x7FF => 1,
            0x800..=0xFFFF => 2,
            _ => 3,
        };
        let accepted = match value {
            _ if length > shortest => {
                behaviour.has(Fault::OverlongAccepted)
                    || (behaviour.has(Fault::OverlongNulAccepted) && length == 1)
                    || (behaviour.has(Fault::OverlongOfFourAccepted) && tail.starts_with(b"\x8F"))
                    || (behaviour.has(Fault::OverlongOfThreeAccepted) && tail.starts_with(b"\x9F"))
            }
            0xDC00..=0xDFFF if behaviour.has(Fault::LastSurrogatesAccepted) => true,
            0xD800..=0xDFFF => behaviour.has(Fault::SurrogatesAccepted),
            0x11_0000.. if behaviour.has(Fault::FifthLeadAccepted) => *lead > 0xF4,
            0x11_0000.. => behaviour.has(Fault::TooLargeAccepted),
            _ => true,
        };
        if !accepted {
            return None;
        }
        text.push(char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER));
        rest = next;
    }
    Some(text)
}

/// Leaves out continuation bytes that nothing begins. `None` if anything else is wrong.
fn without_continuations(bytes: &[u8]) -> Option<String> {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        if !chunk
            .invalid()
            .iter()
            .all(|byte| (0x80..0xC0).contains(byte))
        {
            return None;
        }
        text.push_str(chunk.valid());
    }
    (!text.is_empty()).then_some(text)
}

/// Whether a line is to be refused for a control character (LINE-11).
pub(super) fn has_control(text: &str, behaviour: Behaviour) -> bool {
    let checked = match behaviour.fault {
        Some(Fault::ControlsCheckedUpToAKib) => 1024,
        _ => usize::MAX,
    };
    text.chars()
        .take(checked)
        .any(|c| match (behaviour.fault, c) {
            (Some(Fault::FirstControlAccepted), '\x01') => false,
            (Some(Fault::LastControlAccepted), '\u{9F}') => false,
            (Some(Fault::UnitSeparatorAccepted), '\x1C'..='\x1F') => false,
            (Some(Fault::C0Accepted), '\x0B' | '\x0C') => false,
            (Some(Fault::EscapesAccepted), '\x1B') => false,
            (Some(Fault::DeleteAccepted), '\x7F') => false,
            (Some(Fault::C1Accepted), '\u{80}'..='\u{9F}') => false,
            (Some(Fault::NextLineAccepted), '\u{85}') => false,
            (Some(Fault::SeparatorsAccepted), '\u{2028}' | '\u{2029}') => false,
            (Some(Fault::ParagraphSeparatorAccepted), '\u{2029}') => false,
            (Some(Fault::TabRefused), '\t') => true,
            (Some(Fault::NoBreakSpaceRefused), '\u{A0}') => true,
            _ => line::is_control(c),
        })
}

/// Removes the control characters.
pub(super) fn without_controls(text: &str) -> String {
    text.replace(line::is_control, "")
}
