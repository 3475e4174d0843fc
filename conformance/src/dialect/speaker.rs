//! What the translator on one connection remembers.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use driver::wire::line::LONGEST_SERVER_LINE;
use driver::wire::{ErrorCode, Lines, SentLines};

use super::known::Known;
use super::words::{Dialect, Framing, Word};

/// The translator on one connection.
#[derive(Debug)]
pub(crate) struct Speaker {
    pub(super) dialect: Arc<Dialect>,
    /// Shared by all connections of a scenario.
    pub(super) known: Rc<RefCell<Known>>,
    /// The nickname that was asked for and has not been refused.
    pub(super) nick: Option<String>,
    /// Lines that are nicknames if the one before is refused, and texts otherwise.
    pub(super) maybe_nicks: Vec<String>,
    pub(super) is_welcomed: bool,
    pub(super) is_leaving: bool,
    /// What was sent, split into lines.
    pub(super) sent: SentLines,
    /// Who is there, as far as this connection has been told.
    pub(super) there: BTreeSet<String>,
    /// How many joinings of each nickname are known here.
    pub(super) joinings: BTreeMap<String, usize>,
    pub(super) heard: BTreeMap<String, Heard>,
    /// How many texts each speaker had said when this connection asked for a nickname.
    pub(super) before: BTreeMap<String, usize>,
    pub(super) awaits_own_notice: bool,
    /// A refusal that counts once the connection has ended.
    pub(super) refusal: Option<ErrorCode>,
    pub(super) lines: Lines,
    /// Bytes that are no unit yet, where units are not lines.
    pub(super) bytes: Vec<u8>,
}

/// Which texts of one speaker have come.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// By their place among all texts of the speaker.
    pub(super) come: BTreeSet<usize>,
}

impl Speaker {
    pub(crate) fn new(dialect: Arc<Dialect>, known: Rc<RefCell<Known>>) -> Self {
        Self {
            dialect,
            known,
            nick: None,
            maybe_nicks: Vec::new(),
            is_welcomed: false,
            is_leaving: false,
            sent: SentLines::default(),
            there: BTreeSet::new(),
            joinings: BTreeMap::new(),
            heard: BTreeMap::new(),
            before: BTreeMap::new(),
            awaits_own_notice: false,
            refusal: None,
            lines: Lines::keeping(LONGEST_SERVER_LINE + 1),
            bytes: Vec::new(),
        }
    }

    /// Asks for a nickname. What has come without an end was the prompt.
    pub(super) fn ask(&mut self, nickname: &str) {
        let mut known = self.known.borrow_mut();
        known.ask(nickname);
        self.before = known.counts();
        drop(known);
        self.nick = Some(nickname.to_owned());
        if self.dialect.has(Word::Prompt) {
            self.bytes.clear();
            self.lines = Lines::keeping(LONGEST_SERVER_LINE + 1);
        }
    }

    /// The texts of a speaker that have not come here, each with its place among all texts of the speaker.
    pub(super) fn owed<'a>(&self, known: &'a Known, speaker: &str) -> Vec<(usize, &'a str)> {
        let heard = self.heard.get(speaker);
        let has_come = |at: &usize| heard.is_some_and(|heard| heard.come.contains(at));
        let texts = known.texts(speaker).iter().enumerate();
        let owed = texts.filter(|(at, _)| !has_come(at));
        owed.map(|(at, text)| (at, text.as_str())).collect()
    }

    /// The next text of a speaker in turn: the first one behind all that have come, or that was said when this connection had asked
    /// for a nickname.
    pub(super) fn next_in_turn(&self, speaker: &str) -> usize {
        let last = self.heard.get(speaker).and_then(|heard| heard.come.last());
        last.map_or_else(|| self.said_before(speaker), |last| last + 1)
    }

    /// How many texts a speaker had said when this connection asked for a nickname.
    pub(super) fn said_before(&self, speaker: &str) -> usize {
        self.before.get(speaker).copied().unwrap_or_default()
    }

    /// Takes the next message of a server that is no line off what has come.
    pub(super) fn unit(&mut self) -> Option<Vec<u8>> {
        let header = match self.dialect.framing_out {
            Framing::Be32 => 4,
            _ => 10,
        };
        let written = self.bytes.get(..header)?;
        let length = match self.dialect.framing_out {
            Framing::Be32 => u32::from_be_bytes(written.try_into().ok()?) as usize,
            _ => std::str::from_utf8(written).ok()?.trim().parse().ok()?,
        };
        self.bytes.get(header..header + length)?;
        let unit = self.bytes[header..header + length].to_vec();
        self.bytes.drain(..header + length);
        Some(unit)
    }

    /// From now on the server is to end the connection.
    pub(super) fn begin_leaving(&mut self) {
        if !self.is_leaving
            && let Some(nick) = &self.nick
        {
            self.known.borrow_mut().leave(nick);
        }
        self.is_leaving = true;
    }
}
