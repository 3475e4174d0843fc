//! Bytes from a client -> lines.

use super::{Fault, Habit, Ways};

/// The longest line, in bytes, without its end.
pub(super) const LONGEST: usize = 4096;

/// No more than this is kept of a line: enough for every fault to be wrong about it.
const KEPT: usize = 2 * LONGEST;

/// A line without its end; of one that is too long, how it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) bytes: Vec<u8>,
    pub(super) too_long: bool,
    /// It ended with CR LF.
    pub(super) crlf: bool,
}

#[derive(Debug)]
pub(super) struct Decoder {
    ways: Ways,
    /// The unfinished line: how it begins, how long it is, and its last byte.
    partial: Vec<u8>,
    length: usize,
    last: u8,
    /// Its error has been sent already.
    refused: bool,
    held_back: Option<Line>,
}

impl Decoder {
    pub(super) fn new(ways: Ways) -> Self {
        Self {
            ways,
            partial: Vec::new(),
            length: 0,
            last: 0,
            refused: false,
            held_back: None,
        }
    }

    /// The lines that these bytes end.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<Line> {
        let mut lines = Vec::new();
        let mended = self
            .ways
            .has(Fault::SplitCharacterMangled)
            .then(|| mangle(bytes));
        let mut rest = mended.as_deref().unwrap_or(bytes);
        if self.ways.has(Fault::ReadIsALine) {
            rest = rest.strip_suffix(b"\n").unwrap_or(rest);
            self.hold(rest, &mut lines);
            return self.finish(true).into_iter().collect();
        }
        if self.ways.has(Fault::SplitLineLosesItsStart) {
            self.forget();
        }
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let head = &rest[..end];
            rest = &rest[end + 1..];
            self.hold(head, &mut lines);
            lines.extend(self.finish(head.is_empty()));
        }
        if !self.ways.has(Fault::RestAfterALineLost) || lines.is_empty() {
            self.hold(rest, &mut lines);
        }
        self.lose_some(&mut lines);
        lines
    }

    /// What has come since the last LF. It is a line only to a server that errs.
    pub(super) fn unfinished(&mut self) -> Option<Line> {
        (self.length > 0).then(|| self.finish(false)).flatten()
    }

    /// Whether something has come since the last LF.
    pub(super) fn is_mid_line(&self) -> bool {
        self.length > 0
    }

    /// The bytes since the last LF.
    pub(super) fn partial(&self) -> &[u8] {
        &self.partial
    }

    fn hold(&mut self, bytes: &[u8], lines: &mut Vec<Line>) {
        for piece in bytes.chunks(LONGEST) {
            let kept = piece.len().min(KEPT - self.partial.len());
            self.partial.extend_from_slice(&piece[..kept]);
            self.length += piece.len();
            self.last = piece[piece.len() - 1];
            if self.ways.has(Fault::TailIsALine) && self.length > LONGEST + 1 {
                let tail = self.partial.split_off(LONGEST + 1);
                lines.push(line(std::mem::replace(&mut self.partial, tail), true));
                self.length = self.partial.len();
            }
            let certain = self.length > LONGEST + usize::from(self.last == b'\r');
            if self.ways.keeps(Habit::RefusesEarly) && certain && !self.refused {
                self.refused = true;
                lines.push(line(self.partial.clone(), true));
            }
        }
    }

    /// An LF has come; `late` says that it came apart from what stands before it.
    fn finish(&mut self, late: bool) -> Option<Line> {
        let crlf = self.length > 0 && self.last == b'\r';
        let measured = if self.counts_cr(late) {
            self.length
        } else {
            self.length - usize::from(crlf)
        };
        let complete = self.partial.len() == self.length;
        let mut bytes = std::mem::take(&mut self.partial);
        let refused = std::mem::take(&mut self.refused);
        self.length = 0;
        if complete && crlf && !self.keeps_cr(late) {
            bytes.pop();
        }
        while self.ways.has(Fault::EveryCrDropped) && bytes.ends_with(b"\r") {
            bytes.pop();
        }
        if refused || (self.ways.has(Fault::CrLateLfLosesTheLine) && crlf && late) {
            return None;
        }
        let mut line = Line {
            crlf,
            ..line(bytes, false)
        };
        line.too_long = self.is_too_long(measured, &line.bytes, complete);
        if line.too_long && self.ways.has(Fault::TooLongIsCut) {
            line.bytes.truncate(LONGEST);
            line.too_long = false;
        }
        if self.ways.has(Fault::LongTextsCut) {
            line.bytes.truncate(1024);
        }
        if self.ways.has(Fault::OneLineBehind) {
            return self.held_back.replace(line);
        }
        if line.too_long && self.ways.has(Fault::TooLongIsSilent) {
            return None;
        }
        Some(line)
    }

    fn is_too_long(&self, measured: usize, kept: &[u8], complete: bool) -> bool {
        match self.ways.fault {
            Some(Fault::LimitOfOneByteLess) => measured >= LONGEST,
            Some(Fault::LimitOfOneByteMore) => measured > LONGEST + 1,
            Some(Fault::LimitInCharacters) => {
                !complete || String::from_utf8_lossy(kept).chars().count() > LONGEST
            }
            _ => measured > LONGEST,
        }
    }

    fn counts_cr(&self, late: bool) -> bool {
        self.ways.has(Fault::CrCountsAsText) || (self.ways.has(Fault::CrCountsWhenLfIsLate) && late)
    }

    fn keeps_cr(&self, late: bool) -> bool {
        self.ways.has(Fault::CrKept) || (self.ways.has(Fault::CrKeptWhenLfIsLate) && late)
    }

    /// Faults about lines that arrive together.
    fn lose_some(&self, lines: &mut Vec<Line>) {
        match self.ways.fault {
            Some(Fault::OneLinePerRead) => lines.truncate(1),
            Some(Fault::SecondOfTwoLost) if lines.len() == 2 => lines.truncate(1),
            Some(Fault::LinesBeyondManyLost) => lines.truncate(64),
            Some(Fault::EighthOfABurstLost) if lines.len() >= 8 => drop(lines.remove(7)),
            _ => {}
        }
    }

    fn forget(&mut self) {
        self.partial.clear();
        self.length = 0;
    }
}

fn line(bytes: Vec<u8>, too_long: bool) -> Line {
    Line {
        bytes,
        too_long,
        crlf: false,
    }
}

/// Decodes a piece by itself: what is cut in two becomes two replacement characters.
fn mangle(bytes: &[u8]) -> Vec<u8> {
    let is_cut = |chunk: std::str::Utf8Chunk<'_>| !chunk.invalid().is_empty();
    let cut_at_the_end = std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none());
    let cut_at_the_start = bytes
        .first()
        .is_some_and(|byte| (0x80..0xC0).contains(byte));
    if (cut_at_the_end || cut_at_the_start)
        && bytes
            .utf8_chunks()
            .filter(|chunk| is_cut(chunk.clone()))
            .count()
            == 1
    {
        String::from_utf8_lossy(bytes).into_owned().into_bytes()
    } else {
        bytes.to_vec()
    }
}
