//! The `* here` lines after a welcome.

use super::entry::{EntryKind, MAX_PRESENT};

/// Collects the `* here` lines that a welcome announced (JOIN-2).
#[derive(Debug)]
pub(super) struct HereList {
    received: usize,
    missing: usize,
    /// The first [`MAX_PRESENT`] nicknames.
    nicks: Vec<Box<str>>,
}

impl HereList {
    /// A list of `count` announced lines, or `None` if there will be no line.
    pub(super) fn announced(count: usize) -> Option<Self> {
        (count > 0).then(|| Self {
            received: 0,
            missing: count,
            nicks: Vec::new(),
        })
    }

    /// Adds a line. The list must not be complete yet.
    pub(super) fn push(&mut self, nick: &str) {
        self.received += 1;
        self.missing -= 1;
        if self.nicks.len() < MAX_PRESENT {
            self.nicks.push(nick.into());
        }
    }

    pub(super) const fn is_complete(&self) -> bool {
        self.missing == 0
    }

    /// The transcript entry for the lines received so far, or `None` if there were none.
    pub(super) fn into_entry(self) -> Option<EntryKind> {
        let more = self.received - self.nicks.len();
        let nicks = self.nicks.into();
        (self.received > 0).then_some(EntryKind::Present { nicks, more })
    }
}
