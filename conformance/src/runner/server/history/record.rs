//! What is recorded of a scenario: the events that actors cause, and what each member receives.

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use driver::wire::{Event, Excerpt};

/// Index of a membership: from the welcome to the end of the connection.
pub(in crate::runner::server) type MembershipId = usize;

/// What was caused and received so far.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// Every event, in the order in which the suite caused them.
    pub(super) caused: Vec<Caused>,
    pub(super) memberships: Vec<Membership>,
    /// Counts what happens one after the other; what happens in one `together` block has the same number.
    pub(super) phase: usize,
}

/// An event that an actor has caused.
#[derive(Debug, Clone)]
pub(super) struct Caused {
    pub(super) event: EventKey,
    pub(super) membership: MembershipId,
    /// `None` when the moment is not known: the server dropped the member.
    pub(super) phase: Option<usize>,
}

/// One actor's time as a member.
#[derive(Debug)]
pub(super) struct Membership {
    pub(super) actor: String,
    pub(super) nickname: String,
    /// The phase in which it joined.
    pub(super) joined: usize,
    /// The members that the `* here` lines named.
    pub(super) here: BTreeSet<String>,
    /// The events that it received, in order.
    pub(super) received: Vec<EventKey>,
    pub(super) end: Option<Ending>,
    /// The phase whose last messages may be lost, because it broke off the connection behind them (LEAVE-4).
    pub(super) lossy: Option<usize>,
}

/// How a membership ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// In this phase, by a goodbye: everything before it has been delivered.
    Orderly(usize),
    /// By a reset, or because the server dropped it: the end may be missing.
    Cut,
}

/// What tells an event from others. A text counts by its hash, since texts can be long, and many.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct EventKey {
    pub(super) kind: Kind,
    pub(super) nickname: String,
    shown: String,
    text: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Joined,
    Left,
    Said,
}

impl EventKey {
    pub(super) fn of(event: Event<'_>) -> Self {
        let (kind, text, shown) = match event {
            Event::Joined(nickname) => (Kind::Joined, "", format!("* joined {nickname}")),
            Event::Left(nickname) => (Kind::Left, "", format!("* left {nickname}")),
            Event::Said(nickname, text) => {
                let start: String = text.chars().take(40).collect();
                (Kind::Said, text, format!("{nickname}: {start}"))
            }
        };
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        Self {
            kind,
            nickname: event.nickname().to_owned(),
            shown,
            text: hasher.finish(),
        }
    }

    /// The beginning of its line.
    pub(super) fn excerpt(&self) -> Excerpt {
        self.shown.as_str().into()
    }
}

impl Record {
    /// The index in `caused` of the event with which a membership began.
    pub(super) fn joining(&self, id: MembershipId) -> Option<usize> {
        self.caused.iter().position(|event| event.membership == id)
    }

    /// The messages that may be lost: those that nobody has received, nor any message behind them of the same member.
    pub(super) fn may_be_lost(&self) -> BTreeSet<usize> {
        let received: HashSet<_> = self
            .memberships
            .iter()
            .flat_map(|one| &one.received)
            .collect();
        let mut over = BTreeSet::new();
        let mut lost = BTreeSet::new();
        for (index, caused) in self.caused.iter().enumerate().rev() {
            let lossy = self
                .memberships
                .get(caused.membership)
                .and_then(|one| one.lossy);
            if caused.event.kind != Kind::Said || lossy.is_none() || caused.phase != lossy {
                continue;
            }
            if received.contains(&caused.event) {
                over.insert(caused.membership);
            }
            if !over.contains(&caused.membership) {
                lost.insert(index);
            }
        }
        lost
    }

    /// The events that another membership caused, with their indices.
    pub(super) fn caused_by_others(
        &self,
        id: MembershipId,
    ) -> impl Iterator<Item = (usize, &Caused)> {
        let all = self.caused.iter().enumerate();
        all.filter(move |(_, event)| event.membership != id)
    }
}
