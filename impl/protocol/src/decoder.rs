//! Cuts a stream of bytes into lines.

use crate::line::{self, LineError};

/// Cuts a stream into lines, however its bytes arrive (LINE-1), and drops one CR right before each LF (LINE-2).
///
/// A line that arrives in one piece is returned as a slice of that piece. Only the beginning of an incomplete line is copied, so
/// a decoder allocates nothing between lines, and never much more than one line (LINE-9).
#[derive(Debug)]
pub struct LineDecoder {
    limit: usize,
    /// The beginning of a line that started in an earlier piece.
    partial: Vec<u8>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    /// `partial` is the beginning of the next line.
    Collecting,
    /// `partial` is a complete line, which has been returned and can be dropped.
    Returned,
    /// The line was refused as too long, and the rest up to its LF is dropped.
    Discarding,
}

impl LineDecoder {
    /// Makes a decoder for lines of at most `limit` bytes without their terminator:
    /// [`MAX_CLIENT_LINE`](line::MAX_CLIENT_LINE) or [`MAX_SERVER_LINE`](line::MAX_SERVER_LINE).
    pub const fn new(limit: usize) -> Self {
        Self {
            limit,
            partial: Vec::new(),
            state: State::Collecting,
        }
    }

    /// Removes the next line from the front of `bytes`. If no line ends in them, keeps them for later and returns `None`.
    ///
    /// Call this until it returns `None`. Then `bytes` is empty. Bytes left over at the end of the stream are not a line (LINE-4).
    ///
    /// # Errors
    /// A refused line is an error, once. A line that is too long is refused as soon as that is certain (LINE-8). The decoder
    /// continues with the next line.
    pub fn next_line<'d, 'i: 'd>(
        &'d mut self,
        bytes: &mut &'i [u8],
    ) -> Option<Result<&'d str, LineError>> {
        if self.state == State::Returned {
            self.partial = Vec::new();
            self.state = State::Collecting;
        }
        while let Some(lf) = memchr::memchr(b'\n', bytes) {
            let (end, rest) = (&bytes[..lf], &bytes[lf + 1..]);
            *bytes = rest;
            if self.state == State::Discarding {
                self.state = State::Collecting;
                continue;
            }
            if self.partial.is_empty() {
                return Some(self.finish(end));
            }
            self.partial.extend_from_slice(end);
            self.state = State::Returned;
            return Some(self.finish(&self.partial));
        }
        let start = std::mem::take(bytes);
        if self.state == State::Collecting {
            self.partial.extend_from_slice(start);
            if self.certainly_too_long() {
                self.partial = Vec::new();
                self.state = State::Discarding;
                return Some(Err(LineError::TooLong { limit: self.limit }));
            }
        }
        None
    }

    /// Checks a line, given without its LF.
    fn finish<'a>(&self, line: &'a [u8]) -> Result<&'a str, LineError> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.len() > self.limit {
            return Err(LineError::TooLong { limit: self.limit });
        }
        line::text(line)
    }

    /// A CR right after the limit does not count yet, since an LF may follow.
    fn certainly_too_long(&self) -> bool {
        let line = self.partial.strip_suffix(b"\r").unwrap_or(&self.partial);
        line.len() > self.limit || self.partial.len() > self.limit + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    const LIMIT: usize = 8;
    const TOO_LONG: Result<&str, LineError> = Err(LineError::TooLong { limit: LIMIT });

    /// Feeds the pieces one by one. Returns the lines and errors.
    fn decode<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Result<String, LineError>> {
        let mut decoder = LineDecoder::new(LIMIT);
        let mut lines = Vec::new();
        for mut piece in pieces {
            while let Some(line) = decoder.next_line(&mut piece) {
                lines.push(line.map(str::to_owned));
            }
            assert!(piece.is_empty());
            assert!(decoder.partial.len() <= LIMIT + 1, "LINE-9");
        }
        lines
    }

    /// A bar separates two pieces.
    #[rstest]
    #[case::several_in_one(b"uno\ndue\n\ntre", &[Ok("uno"), Ok("due"), Ok("")])]
    #[case::one_in_several(b"u|n|o|\n", &[Ok("uno")])]
    #[case::character_cut_in_two(b"s\xC3|\xAC\n", &[Ok("sì")])]
    #[case::one_cr(b"uno\r\n", &[Ok("uno")])]
    #[case::cr_apart_from_lf(b"uno\r|\n", &[Ok("uno")])]
    #[case::two_crs(b"uno\r\r\n", &[Err(LineError::Control('\r'))])]
    #[case::cr_inside(b"u\rno\n", &[Err(LineError::Control('\r'))])]
    #[case::only_cr(b"\r\n", &[Ok("")])]
    #[case::just_fits(b"12345678\n", &[Ok("12345678")])]
    #[case::just_fits_with_cr(b"12345678\r\n", &[Ok("12345678")])]
    #[case::just_fits_with_cr_in_pieces(b"12345678|\r|\n", &[Ok("12345678")])]
    #[case::one_too_many(b"123456789\na\n", &[TOO_LONG, Ok("a")])]
    #[case::one_too_many_with_cr(b"123456789\r\na\n", &[TOO_LONG, Ok("a")])]
    #[case::cr_that_is_not_at_the_end(b"12345678\r|9\na\n", &[TOO_LONG, Ok("a")])]
    #[case::refused_before_its_end(b"123456789", &[TOO_LONG])]
    #[case::refused_once(b"123456789|0123456789|x\na\n", &[TOO_LONG, Ok("a")])]
    #[case::too_long_comes_first(b"\xFF23456789\n", &[TOO_LONG])]
    #[case::unterminated(b"uno\ndue", &[Ok("uno")])]
    fn cuts_pieces_into_lines(#[case] pieces: &[u8], #[case] lines: &[Result<&str, LineError>]) {
        let lines: Vec<_> = lines.iter().map(|line| line.map(str::to_owned)).collect();
        assert_eq!(decode(pieces.split(|&b| b == b'|')), lines);
    }

    #[test]
    fn a_decoder_between_lines_owns_no_memory() {
        let mut decoder = LineDecoder::new(LIMIT);
        for mut piece in [&b"un"[..], b"o\ndue\n"] {
            while decoder.next_line(&mut piece).is_some() {}
        }
        assert_eq!(decoder.partial.capacity(), 0);
    }

    proptest! {
        #[test]
        fn the_boundaries_of_pieces_do_not_matter(
            stream in proptest::collection::vec(
                prop_oneof![Just(b'\n'), Just(b'\r'), Just(b'a'), Just(0xC3), Just(0xA8), any::<u8>()],
                0..200,
            ),
            mut cuts in proptest::collection::vec(0..200usize, 0..20),
        ) {
            cuts.retain(|&cut| cut < stream.len());
            cuts.sort_unstable();
            let mut pieces = Vec::new();
            let mut from = 0;
            for cut in cuts {
                pieces.push(&stream[from..cut]);
                from = cut;
            }
            pieces.push(&stream[from..]);
            prop_assert_eq!(decode(pieces), decode([&stream[..]]));
        }
    }
}
