//! Bytes from a client -> lines. (Chapter 2)

use super::behaviour::Behaviour;
use super::fault::Fault;
use super::habit::Habit;
use crate::line::{MAX_LINE, RawLine, Splitter};

/// A length at which faults change their behaviour.
pub(super) const MEBIBYTE: usize = 1 << 20;

/// A line without its terminator. Of a line that is too long, only the beginning is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) bytes: Vec<u8>,
    pub(super) too_long: bool,
    /// It ended with CR LF.
    pub(super) crlf: bool,
    /// The length of the whole line, in bytes.
    pub(super) length: usize,
}

impl Line {
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty() && !self.too_long
    }
}

#[derive(Debug)]
pub(super) struct Decoder {
    behaviour: Behaviour,
    splitter: Splitter,
    /// The unfinished line has been refused already, for its length.
    refused: bool,
    /// The last line, which waits for the next one (only with a fault).
    held_back: Option<Line>,
    /// Something has arrived.
    begun: bool,
}

impl Decoder {
    pub(super) fn new(behaviour: Behaviour) -> Self {
        Self {
            behaviour,
            splitter: Splitter::default(),
            refused: false,
            held_back: None,
            begun: false,
        }
    }

    /// Exchanges the unfinished line for another one (only with a fault).
    pub(super) fn exchange_partial(&mut self, other: &mut RawLine) {
        self.splitter.exchange_partial(other);
    }

    /// Takes what one read has returned. Returns the lines that end in it.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<Line> {
        let altered = self.alter(bytes);
        self.begun = true;
        let mut rest = altered.as_deref().unwrap_or(bytes);
        if self.behaviour.has(Fault::ReadIsALine) {
            let mut raw = RawLine::default();
            raw.extend(rest.strip_suffix(b"\n").unwrap_or(rest));
            return self.finish(raw).into_iter().collect();
        }
        if self.behaviour.has(Fault::SplitLineLosesItsStart) {
            self.splitter.take_partial();
        }
        let mut lines = Vec::new();
        while let Some(raw) = self.splitter.next_line(&mut rest) {
            lines.extend(self.finish(raw));
        }
        let loses_rest = match self.behaviour.fault {
            Some(Fault::RestAfterALineLost) => true,
            Some(Fault::LongReadsLoseTheirEnd) => bytes.len() > 2048,
            _ => false,
        };
        if loses_rest && !lines.is_empty() {
            self.splitter.take_partial();
        }
        lines.extend(self.refuse_early());
        self.lose_some(&mut lines);
        lines
    }

    /// Finishes the line without its LF, as only a faulty server does (LINE-4).
    pub(super) fn finish_partial(&mut self) -> Option<Line> {
        let raw = self.splitter.take_partial();
        (raw.length > 0).then(|| self.finish(raw)).flatten()
    }

    /// What has arrived since the last LF.
    pub(super) fn partial(&self) -> &[u8] {
        &self.splitter.partial().bytes
    }

    /// The bytes as a faulty server sees them. `None` if it sees them as they are.
    fn alter(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        match self.behaviour.fault {
            Some(Fault::SplitCharacterMangled) => mangle(bytes),
            Some(Fault::TailIsALine) => Some(self.break_lines(bytes, MAX_LINE)),
            Some(Fault::DiscardsAMebibyte) => Some(self.break_lines(bytes, MEBIBYTE)),
            Some(Fault::PiecesBeyondAKibLost) => Some(bytes[..bytes.len().min(1024)].to_vec()),
            Some(Fault::CrOfAPieceDropped) => bytes.strip_suffix(b"\r").map(<[u8]>::to_vec),
            Some(Fault::FirstBomStripped) if !self.begun => {
                bytes.strip_prefix(b"\xEF\xBB\xBF").map(<[u8]>::to_vec)
            }
            _ => None,
        }
    }

    fn break_lines(&self, bytes: &[u8], limit: usize) -> Vec<u8> {
        break_lines(bytes, self.splitter.partial().length, limit)
    }

    fn finish(&mut self, raw: RawLine) -> Option<Line> {
        let fault = self.behaviour.fault;
        let late = raw.lf_is_late;
        let counts_cr = fault == Some(Fault::CrCountsAsText)
            || (fault == Some(Fault::CrCountsWhenLfIsLate) && late);
        let keeps_cr =
            fault == Some(Fault::CrKept) || (fault == Some(Fault::CrKeptWhenLfIsLate) && late);
        let crlf = raw.ends_with_cr;
        let is_whole = raw.bytes.len() == raw.length;
        let measured = raw.length - usize::from(crlf && !counts_cr);
        let mut bytes = raw.bytes;
        if is_whole && crlf && !keeps_cr {
            bytes.pop();
        }
        while fault == Some(Fault::EveryCrDropped) && bytes.ends_with(b"\r") {
            bytes.pop();
        }
        let refused = std::mem::take(&mut self.refused);
        if refused || (fault == Some(Fault::CrLateLfLosesTheLine) && crlf && late) {
            return None;
        }
        let mut too_long = self.is_too_long(measured, &bytes, is_whole);
        match fault {
            Some(Fault::TooLongIsSilent) if too_long => return None,
            Some(Fault::TooLongIsCut) if too_long => {
                bytes.truncate(MAX_LINE);
                too_long = false;
            }
            Some(Fault::LongTextsCut) => bytes.truncate(1024),
            _ => {}
        }
        let line = Line {
            bytes,
            too_long,
            crlf,
            length: raw.length,
        };
        if fault == Some(Fault::OneLineBehind) {
            return self.held_back.replace(line);
        }
        Some(line)
    }

    fn is_too_long(&self, measured: usize, kept: &[u8], is_whole: bool) -> bool {
        match self.behaviour.fault {
            Some(Fault::LimitOfOneByteLess) => measured >= MAX_LINE,
            Some(Fault::LimitOfOneByteMore) => measured > MAX_LINE + 1,
            Some(Fault::LimitInCharacters) => {
                !is_whole || String::from_utf8_lossy(kept).chars().count() > MAX_LINE
            }
            _ => measured > MAX_LINE,
        }
    }

    /// Refuses the unfinished line as soon as it is certain to be too long, if this server has that habit.
    fn refuse_early(&mut self) -> Option<Line> {
        let partial = self.splitter.partial();
        let certain = partial.length > MAX_LINE + usize::from(partial.ends_with_cr);
        if self.refused || !certain || !self.behaviour.keeps(Habit::RefusesEarly) {
            return None;
        }
        self.refused = true;
        Some(Line {
            bytes: partial.bytes.clone(),
            too_long: true,
            crlf: false,
            length: partial.length,
        })
    }

    /// Loses lines for no other reason than that they have arrived together.
    fn lose_some(&self, lines: &mut Vec<Line>) {
        match self.behaviour.fault {
            Some(Fault::OneLinePerRead) => lines.truncate(1),
            Some(Fault::SecondOfTwoLost) if lines.len() == 2 => lines.truncate(1),
            Some(Fault::LinesBeyondManyLost) => lines.truncate(64),
            Some(Fault::EighthOfABurstLost) if lines.len() >= 8 => drop(lines.remove(7)),
            _ => {}
        }
    }
}

/// Decodes a read by itself if exactly one character is cut in two at its start or end.
fn mangle(bytes: &[u8]) -> Option<Vec<u8>> {
    let cut_at_the_end = std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none());
    let cut_at_the_start = matches!(bytes.first(), Some(0x80..0xC0));
    let invalid = bytes
        .utf8_chunks()
        .filter(|chunk| !chunk.invalid().is_empty());
    let is_cut = (cut_at_the_end || cut_at_the_start) && invalid.count() == 1;
    is_cut.then(|| String::from_utf8_lossy(bytes).into_owned().into_bytes())
}

/// Inserts an LF wherever a line exceeds the limit. `length` is that of the line so far.
fn break_lines(bytes: &[u8], mut length: usize, limit: usize) -> Vec<u8> {
    let mut broken = Vec::with_capacity(bytes.len() + 1);
    for byte in bytes {
        if *byte == b'\n' {
            length = 0;
        } else if length > limit {
            broken.push(b'\n');
            length = 1;
        } else {
            length += 1;
        }
        broken.push(*byte);
    }
    broken
}
