//! The other members of the room.

use salotto_protocol::Nickname;
use std::collections::BTreeSet;

/// The maximum number of nicknames in the list. Members beyond it are not listed.
pub const MAX_MEMBERS: usize = 100_000;

/// The nicknames of the other members, as the server announces them (ORDER-4), in alphabetical order ignoring case.
#[derive(Debug, Clone, Default)]
pub(crate) struct Members {
    names: BTreeSet<Name>,
    incomplete: bool,
    revision: u64,
}

/// A nickname, ordered by its lower-case form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    folded: Box<str>,
    nick: Box<str>,
}

impl Name {
    fn new(nick: &str) -> Self {
        Self {
            folded: nick.to_lowercase().into(),
            nick: nick.into(),
        }
    }
}

/// The result of an insertion or a removal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Done,
    /// The list was in that state already.
    Unchanged,
    /// The nickname exceeds the maximum length.
    LongNick,
}

impl Members {
    /// The nicknames, in alphabetical order.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.names.iter().map(|name| &*name.nick)
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether the list contains exactly this nickname.
    pub(crate) fn contains(&self, nick: &str) -> bool {
        self.names.contains(&Name::new(nick))
    }

    /// Whether there may be members beyond [`MAX_MEMBERS`].
    pub(crate) const fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    /// A number that increases with every change.
    pub(crate) const fn revision(&self) -> u64 {
        self.revision
    }

    /// The nicknames that start with `prefix`, ignoring case.
    pub(crate) fn starting_with(&self, prefix: &str) -> impl Iterator<Item = &str> {
        let from = Name::new(prefix);
        let prefix = from.folded.clone();
        let from = Name {
            nick: Box::default(),
            ..from
        };
        self.names
            .range(from..)
            .take_while(move |name| name.folded.starts_with(&*prefix))
            .map(|name| &*name.nick)
    }

    pub(super) fn insert(&mut self, nick: &str) -> Change {
        if nick.len() > Nickname::MAX_BYTES {
            return Change::LongNick;
        }
        let name = Name::new(nick);
        if self.names.len() >= MAX_MEMBERS && !self.names.contains(&name) {
            self.incomplete = true;
            return Change::Done;
        }
        self.change(|names| names.insert(name))
    }

    pub(super) fn remove(&mut self, nick: &str) -> Change {
        match self.change(|names| names.remove(&Name::new(nick))) {
            // This may be one of the members beyond the limit.
            Change::Unchanged if self.incomplete => Change::Done,
            change => change,
        }
    }

    pub(super) fn clear(&mut self) {
        self.incomplete = false;
        self.names.clear();
        self.revision += 1;
    }

    fn change(&mut self, change: impl FnOnce(&mut BTreeSet<Name>) -> bool) -> Change {
        if change(&mut self.names) {
            self.revision += 1;
            Change::Done
        } else {
            Change::Unchanged
        }
    }
}
