//! Bytes to lines, without an allocation for a line.

use driver::wire::line::LONGEST_SERVER_LINE;

/// The bytes that have come since the last LF.
#[derive(Debug, Default)]
pub(super) struct Lines(Vec<u8>);

impl Lines {
    /// Takes bytes in and gives out each line that they end, without its LF. Of a line that is too long (LINE-12) only so
    /// much is kept that this shows.
    pub(super) fn feed(&mut self, mut bytes: &[u8], mut out: impl FnMut(&[u8])) {
        while let Some(end) = memchr::memchr(b'\n', bytes) {
            let line = &bytes[..end];
            bytes = &bytes[end + 1..];
            if self.0.is_empty() {
                out(line);
            } else {
                self.hold(line);
                out(&self.0);
                self.0.clear();
            }
        }
        self.hold(bytes);
    }

    fn hold(&mut self, bytes: &[u8]) {
        let room = LONGEST_SERVER_LINE + 1 - self.0.len();
        self.0.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_lf_whatever_the_pieces() {
        let mut lines = Lines::default();
        let mut all = Vec::new();
        for piece in [&b"a"[..], b"b\nc\n\n", b"d", &[b'x'; 9000], b"\ne\n"] {
            lines.feed(piece, |line| all.push(line.to_vec()));
        }
        assert_eq!(all[..3], [b"ab".to_vec(), b"c".to_vec(), Vec::new()]);
        assert_eq!(all[3].len(), LONGEST_SERVER_LINE + 1);
        assert_eq!(all[4], b"e");
    }
}
