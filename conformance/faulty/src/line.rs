//! The rules for lines as the specification states them. Faults deviate from them where they are applied.

/// The longest line that a client may send, in bytes and without its terminator (LINE-7).
pub(crate) const MAX_LINE: usize = 4096;

/// How much of a line is kept: more than any fault accepts.
const KEPT: usize = 2 * MAX_LINE;

/// A line without its LF, as it arrived.
#[derive(Debug, Default)]
pub(crate) struct RawLine {
    /// The whole line, or the beginning of one that is far too long.
    pub(crate) bytes: Vec<u8>,
    /// The length of the whole line, in bytes.
    pub(crate) length: usize,
    pub(crate) ends_with_cr: bool,
    /// The LF arrived later than the bytes before it.
    pub(crate) lf_is_late: bool,
}

impl RawLine {
    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        let kept = bytes.len().min(KEPT - self.bytes.len());
        self.bytes.extend_from_slice(&bytes[..kept]);
        self.length += bytes.len();
        if let Some(last) = bytes.last() {
            self.ends_with_cr = *last == b'\r';
        }
    }
}

/// Splits a stream of bytes into lines, in bounded memory and however the bytes arrive (LINE-1, LINE-9).
#[derive(Debug, Default)]
pub(crate) struct Splitter {
    partial: RawLine,
}

impl Splitter {
    /// Takes the next line off the front of `bytes`. If they hold no LF, takes them all and returns `None`.
    pub(crate) fn next_line(&mut self, bytes: &mut &[u8]) -> Option<RawLine> {
        let Some(end) = memchr::memchr(b'\n', bytes) else {
            self.partial.extend(std::mem::take(bytes));
            return None;
        };
        self.partial.extend(&bytes[..end]);
        self.partial.lf_is_late = end == 0;
        *bytes = &bytes[end + 1..];
        Some(self.take_partial())
    }

    /// What has arrived since the last LF.
    pub(crate) fn partial(&self) -> &RawLine {
        &self.partial
    }

    /// Exchanges the unfinished line for another one.
    pub(crate) fn exchange_partial(&mut self, other: &mut RawLine) {
        std::mem::swap(&mut self.partial, other);
    }

    pub(crate) fn take_partial(&mut self) -> RawLine {
        std::mem::take(&mut self.partial)
    }
}

/// Whether a character must not occur in a line (LINE-11).
pub(crate) fn is_control(c: char) -> bool {
    (c.is_control() && c != '\t') || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether a line is the command to leave, in either spelling (LEAVE-2).
pub(crate) fn is_quit(line: &str) -> bool {
    matches!(line, "<quit>" | "{quit}")
}

/// Whether a line has the form of a command, `<name>` or `<name arguments>` (MSG-4).
pub(crate) fn is_command(line: &str) -> bool {
    let Some(inside) = line
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
    else {
        return false;
    };
    let (name, arguments) = inside
        .split_once(' ')
        .map_or((inside, None), |(name, rest)| (name, Some(rest)));
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-'))
        && arguments.is_none_or(|rest| !rest.is_empty() && !rest.contains(['<', '>']))
}
