//! Nicknames on a server that was running before: a suffix keeps them apart from those of earlier runs, and members that do
//! not belong to the scenario are not counted.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use driver::wire::{ClientLine, ServerLine};

/// How a scenario's nicknames are sent, and which strangers are in the room.
#[derive(Debug, Default)]
pub(super) struct Alias {
    /// Empty for a server that the suite has started.
    suffix: String,
    /// From a nickname in the scenario to the one that was sent.
    sent: RefCell<BTreeMap<String, String>>,
    strangers: RefCell<BTreeSet<String>>,
    /// Somebody who came in or left during the scenario, and does not belong to it.
    intruder: RefCell<Option<String>>,
}

/// The longest nickname, in bytes (NICK-2).
const LONGEST_NICKNAME: usize = 32;

impl Alias {
    /// A suffix that no other run has, behind this mark.
    pub(super) fn for_this_run(mark: &str) -> Self {
        let since_epoch = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        // One number every two seconds: three digits of base 36 repeat after a day.
        let mut rest = since_epoch.as_secs() / 2 + u64::from(std::process::id());
        let mut suffix = String::from(mark);
        for _ in 0..3 {
            suffix.extend(char::from_digit((rest % 36) as u32, 36));
            rest /= 36;
        }
        Self {
            suffix,
            ..Self::default()
        }
    }

    /// Whether nicknames are sent as they are written.
    pub(super) fn is_plain(&self) -> bool {
        self.suffix.is_empty()
    }

    /// The nickname with the suffix. A nickname that is too long for it stays as it is.
    pub(super) fn with_suffix(&self, written: &str) -> String {
        let fits = written.len() + self.suffix.len() <= LONGEST_NICKNAME;
        let suffix = if fits { self.suffix.as_str() } else { "" };
        format!("{written}{suffix}")
    }

    /// The nickname as it is sent now. From then on lines list it in this way.
    pub(super) fn nickname(&self, written: &str) -> String {
        let sent = self.with_suffix(written);
        self.sent
            .borrow_mut()
            .insert(written.to_owned(), sent.clone());
        sent
    }

    /// Bytes as they are sent while naming: the suffix is added to the first line that may be a nickname.
    pub(super) fn while_naming(&self, bytes: Vec<u8>) -> Vec<u8> {
        if self.is_plain() {
            return bytes;
        }
        let mut out = Vec::new();
        let mut named = false;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let end = line.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            let (text, end) = line.split_at(end.unwrap_or(0));
            match std::str::from_utf8(text) {
                Ok(nickname) if !named && ClientLine::parse(text).is_message() => {
                    named = true;
                    out.extend_from_slice(self.nickname(nickname).as_bytes());
                }
                _ => out.extend_from_slice(text),
            }
            out.extend_from_slice(end);
        }
        out
    }

    /// A listed line as it must arrive: with the nicknames that were sent, and with strangers in the count.
    pub(super) fn listed(&self, line: &str) -> String {
        if self.is_plain() {
            return line.to_owned();
        }
        let sent = self.sent.borrow();
        let as_sent = |nickname| sent.get(nickname).map_or(nickname, String::as_str);
        let mut parsed = ServerLine::parse(line);
        if let ServerLine::Welcome {
            count: Some(count), ..
        } = &mut parsed
        {
            *count += self.strangers();
        }
        match parsed.nickname() {
            Some(nickname) => parsed.with_nickname(as_sent(nickname)).to_string(),
            None => line.to_owned(),
        }
    }

    /// Notes a member that does not belong to the scenario.
    pub(super) fn meet(&self, stranger: &str) {
        self.strangers.borrow_mut().insert(stranger.to_owned());
    }

    /// Notes that somebody who does not belong to the scenario has come in or left, if the line says so.
    pub(super) fn notice(&self, line: &str) {
        let (nickname, has_left) = match ServerLine::parse(line) {
            ServerLine::Joined { nickname, .. } | ServerLine::Here { nickname, .. } => {
                (nickname, false)
            }
            ServerLine::Left { nickname, .. } => (nickname, true),
            _ => return,
        };
        let is_met = self.strangers.borrow().contains(nickname);
        if !self.is_plain() && !self.may_be_own(nickname) && (has_left || !is_met) {
            let mut intruder = self.intruder.borrow_mut();
            intruder.get_or_insert_with(|| nickname.to_owned());
        }
    }

    /// Whether a nickname may be one of the scenario's, even if the server has altered it.
    fn may_be_own(&self, nickname: &str) -> bool {
        let nickname = nickname.to_lowercase();
        let is_like = |sent: &String| {
            let sent = sent.to_lowercase();
            sent.starts_with(&nickname) || nickname.starts_with(&sent)
        };
        nickname.contains(&self.suffix) || self.sent.borrow().values().any(is_like)
    }

    /// Somebody who has come in or left.
    pub(super) fn intruder(&self) -> Option<String> {
        self.intruder.borrow().clone()
    }

    /// Forgets who came in or left before the scenario began.
    pub(super) fn begin(&self) {
        self.intruder.take();
    }

    /// Forgets the strangers, to meet those who are there now. Returns those who were.
    pub(super) fn forget_strangers(&self) -> BTreeSet<String> {
        self.strangers.take()
    }

    /// Somebody who is a stranger now and was not before, or the other way round.
    pub(super) fn changed_since(&self, before: &BTreeSet<String>) -> Option<String> {
        let now = self.strangers.borrow();
        let mut changed = now.symmetric_difference(before);
        changed.find(|nickname| !self.may_be_own(nickname)).cloned()
    }

    /// The number of strangers.
    pub(super) fn strangers(&self) -> usize {
        self.strangers.borrow().len()
    }

    /// Whether a line is about a stranger.
    pub(super) fn concerns_stranger(&self, line: &str) -> bool {
        if self.is_plain() {
            return false;
        }
        let nickname = match ServerLine::parse(line) {
            ServerLine::Welcome { .. } => None,
            other => other.nickname(),
        };
        nickname.is_some_and(|nickname| self.strangers.borrow().contains(nickname))
    }
}
