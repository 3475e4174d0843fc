//! What the room does later.

use std::collections::BTreeMap;
use std::time::Instant;

use super::output::{Bytes, ConnId};

#[derive(Debug)]
pub(super) enum Action {
    /// Apply the naming timeout, unless it has been restarted meanwhile.
    ExpireNaming {
        id: ConnId,
        restarts: usize,
    },

    // Only faults need the rest.
    Send(ConnId, Bytes),
    /// Send a line to every member except this one.
    SendToOthers(ConnId, Bytes),
    /// Ask a naming connection for a nickname.
    AskName(ConnId),
    /// Send an empty line, again and again.
    Beat(ConnId),
    /// Announce a member that has said nothing.
    Idle(ConnId),
    /// Close a connection that should have been closed before.
    Close(ConnId),
    /// Welcome a newcomer with this nickname and this list.
    Join(ConnId, String, Vec<String>),
    /// Make a member of a naming connection, whatever has happened meanwhile.
    Enter(ConnId, String),
    FreeNickname(String),
    /// Treat a newcomer like the other members.
    Settle(ConnId),
}

/// Actions in the order in which they become due.
#[derive(Debug, Default)]
pub(super) struct Timers {
    queue: BTreeMap<(Instant, u64), Action>,
    added: u64,
}

impl Timers {
    pub(super) fn add(&mut self, deadline: Instant, action: Action) {
        self.added += 1;
        self.queue.insert((deadline, self.added), action);
    }

    /// When the next action becomes due.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.queue.keys().next().map(|(deadline, _)| *deadline)
    }

    /// Takes the next action if it is due.
    pub(super) fn take_due(&mut self, now: Instant) -> Option<Action> {
        let next = self.queue.first_entry()?;
        (next.key().0 <= now).then(|| next.remove())
    }
}
