//! Who else is in the room.

use salotto_protocol::Nickname;
use std::collections::BTreeSet;

/// The most names that the list holds. A server that announces more is believed no further.
pub const MAX_MEMBERS: usize = 100_000;

/// The names of the others, as the server tells them (ORDER-4), in alphabetical order without
/// regard to case.
#[derive(Debug, Clone, Default)]
pub struct Members {
    names: BTreeSet<Name>,
    incomplete: bool,
    revision: u64,
}

/// A nickname, and before it what it is sorted and searched by.
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

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Done,
    /// It was so already.
    Nothing,
    /// The name cannot be one.
    LongNick,
}

impl Members {
    /// The names, in alphabetical order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.names.iter().map(|name| &*name.nick)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether nobody else is there.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Whether somebody with exactly this nickname is there.
    pub fn contains(&self, nick: &str) -> bool {
        self.names.contains(&Name::new(nick))
    }

    /// Whether there are others whom the list has no room for.
    pub const fn incomplete(&self) -> bool {
        self.incomplete
    }

    /// A number that is another one whenever the names are others.
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// The names that begin with `prefix`, without regard to case.
    pub fn starting_with(&self, prefix: &str) -> impl Iterator<Item = &str> {
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
        self.changed(|names| names.insert(name))
    }

    pub(super) fn remove(&mut self, nick: &str) -> Change {
        match self.changed(|names| names.remove(&Name::new(nick))) {
            // Perhaps one of those that the list has no room for.
            Change::Nothing if self.incomplete => Change::Done,
            change => change,
        }
    }

    pub(super) fn clear(&mut self) {
        self.incomplete = false;
        self.names.clear();
        self.revision += 1;
    }

    fn changed(&mut self, change: impl FnOnce(&mut BTreeSet<Name>) -> bool) -> Change {
        if change(&mut self.names) {
            self.revision += 1;
            Change::Done
        } else {
            Change::Nothing
        }
    }
}
