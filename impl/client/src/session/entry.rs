//! What a person gets to read, as facts. The words are in [`words`](crate::words).

use super::log::Weigh;
use super::{End, Fault, Refusal, Target};
use std::time::{Duration, SystemTime};

/// The most entries that a transcript keeps.
pub const MAX_ENTRIES: usize = 100_000;
/// The most bytes that a transcript keeps, roughly.
pub const MAX_ENTRY_BYTES: usize = 64 * 1024 * 1024;
/// How many of those who are present are named when somebody comes in.
pub const MAX_PRESENT: usize = 20;

/// One thing that happened. What others wrote is kept as it came; make it
/// [`harmless`](crate::text::harmless) before it reaches a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When, by the clock on the wall.
    pub at: SystemTime,
    /// What.
    pub kind: EntryKind,
}

/// The things that happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryKind {
    /// Somebody else said something.
    Message {
        /// Who, as the server has it.
        nick: Box<str>,
        /// What, byte for byte.
        text: Box<str>,
        /// Whether the text names the user.
        mention: bool,
    },
    /// The user said something. It is here as soon as it is on its way: nobody echoes it (MSG-2).
    Own {
        /// The user's nickname at that time.
        nick: Box<str>,
        /// What, byte for byte.
        text: Box<str>,
    },
    /// A connection is being made.
    Connecting(Target),
    /// The server took the nickname.
    Welcome {
        /// The nickname.
        nick: Box<str>,
        /// How many others there are.
        others: usize,
    },
    /// The others who were there already, after the last of their names has come.
    Present {
        /// At most [`MAX_PRESENT`] names.
        nicks: Box<[Box<str>]>,
        /// How many more there are.
        more: usize,
    },
    /// Somebody came in.
    Joined(Box<str>),
    /// Somebody is gone.
    Left(Box<str>),
    /// The nickname was refused, and another one is needed.
    Refused(Refusal),
    /// The server refused a line of a member, or said an error that this version does not know
    /// (CLIENT-9).
    Error {
        /// The code as the server wrote it.
        code: Box<str>,
        /// What the server says about it; may be empty.
        explanation: Box<str>,
    },
    /// The server broke the rules so that there is nothing else to show.
    Fault(Fault),
    /// The connection is over (CLIENT-8).
    Ended(End),
    /// A new connection will be made after this long.
    Waiting(Duration),
    /// The user asked for help.
    Help,
}

impl Weigh for Entry {
    fn weight(&self) -> usize {
        size_of::<Self>()
            + match &self.kind {
                EntryKind::Message { nick, text, .. } | EntryKind::Own { nick, text } => {
                    nick.len() + text.len()
                }
                EntryKind::Connecting(target) => target.host.len() + target.nick.len(),
                EntryKind::Welcome { nick, .. } => nick.len(),
                EntryKind::Present { nicks, .. } => nicks
                    .iter()
                    .map(|nick| size_of_val(nick) + nick.len())
                    .sum(),
                EntryKind::Joined(nick) | EntryKind::Left(nick) => nick.len(),
                EntryKind::Refused(refusal) => refusal.weight(),
                EntryKind::Error { code, explanation } => code.len() + explanation.len(),
                EntryKind::Fault(fault) => fault.weight(),
                EntryKind::Ended(_) | EntryKind::Waiting(_) | EntryKind::Help => 0,
            }
    }
}
