//! What senders say: a number, and a filling of everything that servers like to alter.

/// Digits of the number of a message.
const DIGITS: usize = 10;

/// The shortest text, in bytes: the number, a blank, and a blank at the end.
pub(super) const SHORTEST: usize = DIGITS + 2;

/// Lawful text with what is often trimmed, escaped, normalised or taken for syntax.
const FILLING: &str = "perche\u{301}?  \t<b>&amp; %s \\n : * left {quit} \u{FEFF}\u{200B}è 😀 ";

/// The messages of one run.
#[derive(Debug)]
pub(super) struct Texts {
    tag: String,
    /// What follows the number in every text.
    filling: Vec<u8>,
}

/// A line as one of these messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// Somebody says something who is none of the senders.
    Foreign,
    /// A sender says something that it has not said.
    Altered,
    /// This message.
    Message {
        /// The member that has sent it.
        from: usize,
        /// Its number among those of its sender.
        number: u32,
    },
}

impl Texts {
    /// Texts of `size` bytes, at least [`SHORTEST`].
    pub(super) fn new(tag: &str, size: usize) -> Self {
        let mut filling = vec![b' '];
        let room = size - DIGITS - 2;
        for c in FILLING.chars().cycle() {
            if filling.len() + c.len_utf8() > room + 1 {
                break;
            }
            filling.extend(c.encode_utf8(&mut [0; 4]).bytes());
        }
        filling.resize(room + 1, b'.');
        filling.push(b' ');
        Self {
            tag: tag.to_owned(),
            filling,
        }
    }

    pub(super) fn nickname(&self, member: usize) -> String {
        format!("{}{member}", self.tag)
    }

    /// Appends the line of a message.
    pub(super) fn write(&self, number: u32, out: &mut Vec<u8>) {
        let mut digits = [b'0'; DIGITS];
        let mut rest = number;
        for digit in digits.iter_mut().rev() {
            *digit += (rest % 10) as u8;
            rest /= 10;
        }
        out.extend_from_slice(&digits);
        out.extend_from_slice(&self.filling);
        out.push(b'\n');
    }

    /// Reads `NICK: TEXT`.
    pub(super) fn read(&self, line: &[u8]) -> Heard {
        let Some((from, rest)) = line
            .strip_prefix(self.tag.as_bytes())
            .and_then(leading_number)
        else {
            return Heard::Foreign;
        };
        let number = rest
            .strip_prefix(b": ")
            .and_then(|text| text.split_at_checked(DIGITS))
            .and_then(|(digits, filling)| {
                let (number, beyond) = leading_number(digits)?;
                (beyond.is_empty() && filling == self.filling).then_some(number)
            });
        number.map_or(Heard::Altered, |number| Heard::Message {
            from: from as usize,
            number,
        })
    }
}

/// The number in decimal digits that the bytes begin with, and what follows it.
fn leading_number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let length = bytes
        .iter()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(bytes.len());
    let (digits, rest) = bytes.split_at(length);
    if digits.is_empty() {
        return None;
    }
    let number = digits.iter().try_fold(0_u32, |sum, digit| {
        sum.checked_mul(10)?.checked_add(u32::from(digit - b'0'))
    })?;
    Some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use driver::wire::ClientLine;
    use rstest::rstest;

    fn line(texts: &Texts, number: u32) -> Vec<u8> {
        let mut line = format!("{}: ", texts.nickname(7)).into_bytes();
        texts.write(number, &mut line);
        line.pop();
        line
    }

    #[rstest]
    fn what_is_written_is_read(#[values(12, 13, 40, 64, 4096)] size: usize) {
        let texts = Texts::new("t-", size);
        let mut text = Vec::new();
        texts.write(u32::MAX, &mut text);
        assert_eq!(text.pop(), Some(b'\n'));
        assert!(
            text.len() == size && ClientLine::parse(&text).is_message(),
            "{text:?}"
        );
        let heard = Heard::Message {
            from: 7,
            number: 90,
        };
        assert_eq!(texts.read(&line(&texts, 90)), heard);
    }

    #[test]
    fn what_is_altered_is_noticed() {
        let texts = Texts::new("t-", 64);
        let line = line(&texts, 90);
        for at in 0..line.len() {
            let mut altered = line.clone();
            altered[at] ^= 1;
            let heard = texts.read(&altered);
            let intact = Heard::Message {
                from: 7,
                number: 90,
            };
            assert_ne!(heard, intact, "byte {at}");
        }
        assert_eq!(texts.read(line.trim_ascii_end()), Heard::Altered);
        assert_eq!(texts.read(b"anna: ciao"), Heard::Foreign);
        assert_eq!(texts.read(b"t-99999999999: ciao"), Heard::Foreign);
    }
}
