//! Splits received bytes into lines without allocating. The driver's splitter returns each line as a new `Vec`, which takes three
//! times as long; a load test receives millions of lines.

use driver::wire::line::LONGEST_SERVER_LINE;

/// Splits a byte stream at LF. Holds the bytes received since the last LF.
#[derive(Debug, Default)]
pub(crate) struct LineSplitter(Vec<u8>);

impl LineSplitter {
    /// Passes each completed line, without its LF, to `on_line`. The held part of an overlong line (LINE-12) is cut one byte
    /// past the limit, so that it is still recognised as overlong.
    pub(crate) fn feed(&mut self, mut bytes: &[u8], mut on_line: impl FnMut(&[u8])) {
        while let Some(end) = memchr::memchr(b'\n', bytes) {
            let line = &bytes[..end];
            bytes = &bytes[end + 1..];
            if self.0.is_empty() {
                on_line(line);
            } else {
                self.hold(line);
                on_line(&self.0);
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
    fn splits_at_lf_however_the_bytes_arrive() {
        let mut splitter = LineSplitter::default();
        let mut lines = Vec::new();
        for piece in [&b"a"[..], b"b\nc\n\n", b"d", &[b'x'; 9000], b"\ne\n"] {
            splitter.feed(piece, |line| lines.push(line.to_vec()));
        }
        assert_eq!(lines[..3], [b"ab".to_vec(), b"c".to_vec(), Vec::new()]);
        assert_eq!(lines[3].len(), LONGEST_SERVER_LINE + 1);
        assert_eq!(lines[4], b"e");
    }
}
