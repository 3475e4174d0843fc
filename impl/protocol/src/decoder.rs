//! A stream of bytes, cut into lines.

use crate::line::{self, LineError};

/// Cuts a stream into lines, however its bytes arrive (LINE-1), and drops one CR right before the
/// LF (LINE-2).
///
/// A whole line is handed out as a part of the bytes that were fed in; only the beginning of a
/// line whose LF has not come yet is kept. So a decoder with nothing pending owns no memory at
/// all, and one with something pending owns a little more than one line (LINE-9).
#[derive(Debug)]
pub struct LineDecoder {
    limit: usize,
    /// The line so far, when it began in bytes that were fed in before.
    partial: Vec<u8>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    /// `partial` is the beginning of the next line.
    Collecting,
    /// `partial` is a line that was handed out: forget it.
    HandedOut,
    /// The line was refused as too long: drop everything up to its LF.
    Discarding,
}

impl LineDecoder {
    /// A decoder for lines of at most `limit` bytes, terminator excluded:
    /// [`MAX_CLIENT_LINE`](crate::MAX_CLIENT_LINE) or [`MAX_SERVER_LINE`](crate::MAX_SERVER_LINE).
    pub const fn new(limit: usize) -> Self {
        Self {
            limit,
            partial: Vec::new(),
            state: State::Collecting,
        }
    }

    /// Takes the next line off the front of `bytes`, or all of them when no line ends in them.
    ///
    /// Call it until it gives `None`; by then `bytes` is empty. Bytes left over at the end of the
    /// stream are not a line (LINE-4).
    ///
    /// # Errors
    /// The inner result tells that the line is refused, once for each line; for one that is too
    /// long as soon as that is certain. The decoder goes on with the line after it.
    pub fn next_line<'d, 'i: 'd>(
        &'d mut self,
        bytes: &mut &'i [u8],
    ) -> Option<Result<&'d str, LineError>> {
        if self.state == State::HandedOut {
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
                return Some(self.whole(end));
            }
            self.partial.extend_from_slice(end);
            self.state = State::HandedOut;
            return Some(self.whole(&self.partial));
        }
        let start = std::mem::take(bytes);
        if self.state == State::Collecting {
            self.partial.extend_from_slice(start);
            if self.surely_too_long() {
                self.partial = Vec::new();
                self.state = State::Discarding;
                return Some(Err(LineError::TooLong { limit: self.limit }));
            }
        }
        None
    }

    /// Judges a line, given without its LF.
    fn whole<'a>(&self, line: &'a [u8]) -> Result<&'a str, LineError> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.len() > self.limit {
            return Err(LineError::TooLong { limit: self.limit });
        }
        line::text(line)
    }

    /// One byte over the limit may be the CR of a line that is just short enough.
    fn surely_too_long(&self) -> bool {
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

    /// Feeds each piece in turn; what came out, as owned values.
    fn decode<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Result<String, LineError>> {
        let mut decoder = LineDecoder::new(LIMIT);
        let mut lines = Vec::new();
        for mut piece in pieces {
            while let Some(line) = decoder.next_line(&mut piece) {
                lines.push(line.map(str::to_owned));
            }
            assert!(piece.is_empty());
            assert!(decoder.partial.len() <= LIMIT + 1, "bounded memory");
        }
        lines
    }

    /// A bar in the bytes shows where one piece ends and the next begins.
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
    #[case::cr_was_not_the_end(b"12345678\r|9\na\n", &[TOO_LONG, Ok("a")])]
    #[case::told_before_its_end(b"123456789", &[TOO_LONG])]
    #[case::told_once(b"123456789|0123456789|x\na\n", &[TOO_LONG, Ok("a")])]
    #[case::too_long_comes_first(b"\xFF23456789\n", &[TOO_LONG])]
    #[case::unterminated(b"uno\ndue", &[Ok("uno")])]
    fn cuts(#[case] pieces: &[u8], #[case] lines: &[Result<&str, LineError>]) {
        let lines: Vec<_> = lines.iter().map(|line| line.map(str::to_owned)).collect();
        assert_eq!(decode(pieces.split(|&b| b == b'|')), lines);
    }

    #[test]
    fn nothing_pending_costs_nothing() {
        let mut decoder = LineDecoder::new(LIMIT);
        for mut piece in [&b"un"[..], b"o\ndue\n"] {
            while decoder.next_line(&mut piece).is_some() {}
        }
        assert_eq!(decoder.partial.capacity(), 0);
    }

    proptest! {
        #[test]
        fn where_the_stream_is_cut_does_not_matter(
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
