//! Bytes -> text, and the characters that no text may hold.

use super::{Fault, Ways};

/// The text, if the bytes are UTF-8, or if this server errs about it.
pub(super) fn decode(ways: Ways, bytes: &[u8], naming: bool) -> Option<String> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(text.to_owned());
    }
    match ways.fault {
        Some(Fault::LossyUtf8) => Some(String::from_utf8_lossy(bytes).into_owned()),
        Some(Fault::LossyUtf8WhileNaming) if naming => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
        Some(Fault::Latin1Guessed) => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
        Some(Fault::TruncatedEndForgiven) => {
            let error = std::str::from_utf8(bytes).err()?;
            let text = &bytes[..error.valid_up_to()];
            error
                .error_len()
                .is_none()
                .then(|| String::from_utf8_lossy(text).into_owned())
        }
        Some(
            Fault::OverlongAccepted
            | Fault::OverlongNulAccepted
            | Fault::SurrogatesAccepted
            | Fault::TooLargeAccepted,
        ) => lenient(ways, bytes),
        _ => None,
    }
}

/// A decoder that computes first and does not ask enough afterwards.
fn lenient(ways: Ways, bytes: &[u8]) -> Option<String> {
    let mut text = String::new();
    let mut rest = bytes;
    while let [lead, after @ ..] = rest {
        let length = match lead.leading_ones() {
            0 => 0,
            ones @ 2..=4 => ones as usize - 1,
            _ => return None,
        };
        let (tail, next) = after.split_at_checked(length)?;
        let mut value = if length == 0 {
            u32::from(*lead)
        } else {
            u32::from(lead & (0x3F >> length))
        };
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
                ways.has(Fault::OverlongAccepted)
                    || (ways.has(Fault::OverlongNulAccepted) && length == 1)
            }
            0xD800..=0xDFFF => ways.has(Fault::SurrogatesAccepted),
            0x11_0000.. => ways.has(Fault::TooLargeAccepted),
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

/// Whether the text holds a control character.
pub(super) fn has_control(ways: Ways, text: &str) -> bool {
    text.chars().any(|c| is_control(ways, c))
}

/// What is left of a text without its control characters.
pub(super) fn without_controls(text: &str) -> String {
    text.chars()
        .filter(|c| !is_control(Ways::default(), *c))
        .collect()
}

fn is_control(ways: Ways, c: char) -> bool {
    match (ways.fault, c) {
        (Some(Fault::C0Accepted), '\x0B' | '\x0C') => false,
        (Some(Fault::EscapesAccepted), '\x1B') => false,
        (Some(Fault::DeleteAccepted), '\x7F') => false,
        (Some(Fault::C1Accepted), '\u{80}'..='\u{9F}') => false,
        (Some(Fault::NextLineAccepted), '\u{85}') => false,
        (Some(Fault::SeparatorsAccepted), '\u{2028}' | '\u{2029}') => false,
        (Some(Fault::ParagraphSeparatorAccepted), '\u{2029}') => false,
        (Some(Fault::TabRefused), '\t') => true,
        (Some(Fault::NoBreakSpaceRefused), '\u{A0}') => true,
        (_, '\t') => false,
        (_, '\0'..='\x1F' | '\x7F'..='\u{9F}' | '\u{2028}' | '\u{2029}') => true,
        _ => false,
    }
}
