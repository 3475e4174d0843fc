//! Splits a stream of bytes into lines.

use super::line::LONGEST_CLIENT_LINE;

/// Splits a stream at every LF, however it arrives, and keeps the bytes of the unfinished line.
#[derive(Debug)]
pub struct Lines {
    partial: Vec<u8>,
    /// At most this many bytes of a line are kept; the rest of it is dropped.
    most: usize,
}

impl Lines {
    /// A splitter that keeps at most `most` bytes of each line: one more than the longest line that is allowed shows that
    /// a line is too long.
    pub fn keeping(most: usize) -> Self {
        Self {
            partial: Vec::new(),
            most,
        }
    }

    /// Takes the next bytes, and passes on each line that they end, without its LF.
    pub fn feed(&mut self, mut bytes: &[u8], mut out: impl FnMut(&[u8])) {
        while let Some(end) = memchr::memchr(b'\n', bytes) {
            let line = &bytes[..end];
            bytes = &bytes[end + 1..];
            if self.partial.is_empty() {
                out(&line[..line.len().min(self.most)]);
            } else {
                self.keep(line);
                out(&self.partial);
                self.partial.clear();
            }
        }
        self.keep(bytes);
    }

    /// The bytes since the last LF.
    pub fn partial(&self) -> &[u8] {
        &self.partial
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = self.most - self.partial.len();
        self.partial
            .extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
}

/// What an actor has sent, split as a server splits it: a CR before the LF is dropped (LINE-2).
#[derive(Debug)]
pub struct SentLines(Lines);

impl Default for SentLines {
    fn default() -> Self {
        // Room for a CR behind the longest line, and for one byte too many.
        Self(Lines::keeping(LONGEST_CLIENT_LINE + 2))
    }
}

impl SentLines {
    /// Takes the next bytes, and returns the lines that they end.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut lines = Vec::new();
        self.0.feed(bytes, |line| {
            lines.push(line.strip_suffix(b"\r").unwrap_or(line).to_vec());
        });
        lines
    }

    /// Whether the last line is finished.
    pub fn is_complete(&self) -> bool {
        self.0.partial.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_lf_whatever_the_pieces() {
        const STREAM: &[u8] = b"ab\n\nlonger\nc\r\nd";
        for size in 1..=STREAM.len() {
            let mut lines = Lines::keeping(4);
            let mut all = Vec::new();
            for piece in STREAM.chunks(size) {
                lines.feed(piece, |line| all.push(line.to_vec()));
            }
            assert_eq!(all, [&b"ab"[..], b"", b"long", b"c\r"]);
            assert_eq!(lines.partial(), b"d");
        }
    }

    #[test]
    fn what_is_sent_may_end_with_cr_lf() {
        let longest = [b'x'; LONGEST_CLIENT_LINE];
        let mut sent = SentLines::default();
        assert_eq!(sent.feed(&longest), Vec::<Vec<u8>>::new());
        assert!(!sent.is_complete());
        assert_eq!(sent.feed(b"\r\na\n"), [&longest[..], b"a"]);
        assert!(sent.is_complete());
        let too_long = [&longest[..], b"x\r\n"].concat();
        assert_eq!(sent.feed(&too_long)[0].len(), LONGEST_CLIENT_LINE + 1);
    }
}
