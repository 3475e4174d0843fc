//! Message texts: a number that identifies the message, then a filling of everything that servers tend to alter.

use std::io::Write as _;

/// Digits in the number of a message.
const DIGITS: usize = 10;

/// The shortest text, in bytes: the number, a space, and a trailing space.
pub(super) const MIN_TEXT_BYTES: usize = DIGITS + 2;

/// Valid text that is often trimmed, escaped, normalised or taken for syntax.
const FILLING: &str = "perche\u{301}?  \t<b>&amp; %s \\n : * left {quit} \u{FEFF}\u{200B}è 😀 ";

/// Encodes and recognises the messages of one run.
#[derive(Debug)]
pub(crate) struct MessageFormat {
    nickname_prefix: String,
    /// Follows the number in every text.
    filling: Vec<u8>,
}

/// What a received line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parsed {
    /// Its author is not a member of this run.
    Foreign,
    /// Its author is a member of this run, but the text is not one of this format.
    Altered,
    Message {
        /// The member that sent it.
        from: usize,
        /// Its number among the messages of its sender, from 0.
        number: u32,
    },
}

impl MessageFormat {
    /// MessageFormat have `text_bytes` bytes, at least [`MIN_TEXT_BYTES`].
    pub(crate) fn new(nickname_prefix: &str, text_bytes: usize) -> Self {
        let mut filling = vec![b' '];
        let room = text_bytes - MIN_TEXT_BYTES;
        for c in FILLING.chars().cycle() {
            if filling.len() + c.len_utf8() > room + 1 {
                break;
            }
            filling.extend(c.encode_utf8(&mut [0; 4]).bytes());
        }
        filling.resize(room + 1, b'.');
        filling.push(b' ');
        Self {
            nickname_prefix: nickname_prefix.to_owned(),
            filling,
        }
    }

    pub(crate) fn nickname(&self, member: usize) -> String {
        format!("{}{member}", self.nickname_prefix)
    }

    /// Appends the text and its LF.
    pub(crate) fn write(&self, number: u32, out: &mut Vec<u8>) {
        // Writing to a `Vec` cannot fail.
        let _ = write!(out, "{number:0DIGITS$}");
        out.extend_from_slice(&self.filling);
        out.push(b'\n');
    }

    /// Parses `NICK: TEXT`.
    pub(crate) fn parse(&self, line: &[u8]) -> Parsed {
        let Some((from, rest)) = line
            .strip_prefix(self.nickname_prefix.as_bytes())
            .and_then(leading_number)
        else {
            return Parsed::Foreign;
        };
        let number = rest
            .strip_prefix(b": ")
            .and_then(|text| text.split_at_checked(DIGITS))
            .and_then(|(digits, filling)| {
                let (number, beyond) = leading_number(digits)?;
                (beyond.is_empty() && filling == self.filling).then_some(number)
            });
        number.map_or(Parsed::Altered, |number| Parsed::Message {
            from: from as usize,
            number,
        })
    }
}

/// Splits leading decimal digits, as a number, from the rest.
fn leading_number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let length = bytes.iter().take_while(|it| it.is_ascii_digit()).count();
    let (digits, rest) = bytes.split_at(length);
    // Twice for every delivery: parsing a `str` would take noticeably longer.
    let number = digits.iter().try_fold(0_u32, |number, digit| {
        number.checked_mul(10)?.checked_add(u32::from(digit - b'0'))
    })?;
    (length > 0).then_some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use driver::wire::ClientLine;
    use rstest::rstest;

    fn line(format: &MessageFormat, number: u32) -> Vec<u8> {
        let mut line = format!("{}: ", format.nickname(7)).into_bytes();
        format.write(number, &mut line);
        line.pop();
        line
    }

    #[rstest]
    fn written_messages_are_parsed(#[values(12, 13, 40, 64, 4096)] text_bytes: usize) {
        let format = MessageFormat::new("t-", text_bytes);
        let mut text = Vec::new();
        format.write(u32::MAX, &mut text);
        assert_eq!(text.pop(), Some(b'\n'));
        assert!(
            text.len() == text_bytes && ClientLine::parse(&text).is_message(),
            "{text:?}"
        );
        let parsed = Parsed::Message {
            from: 7,
            number: 90,
        };
        assert_eq!(format.parse(&line(&format, 90)), parsed);
    }

    #[test]
    fn altered_messages_are_recognised() {
        let format = MessageFormat::new("t-", 64);
        let line = line(&format, 90);
        for at in 0..line.len() {
            let mut altered = line.clone();
            altered[at] ^= 1;
            let parsed = format.parse(&altered);
            let intact = Parsed::Message {
                from: 7,
                number: 90,
            };
            assert_ne!(parsed, intact, "byte {at}");
        }
        assert_eq!(format.parse(line.trim_ascii_end()), Parsed::Altered);
        assert_eq!(format.parse(b"anna: ciao"), Parsed::Foreign);
        assert_eq!(format.parse(b"t-99999999999: ciao"), Parsed::Foreign);
    }
}
