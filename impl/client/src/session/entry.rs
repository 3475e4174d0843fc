//! The transcript, as facts. [`i18n`](crate::i18n) turns them into sentences.

use super::fault::Fault;
use super::log::Weigh;
use super::state::{End, Refusal, Target};
use std::time::{Duration, SystemTime};

/// The maximum number of entries that the transcript keeps.
pub const MAX_ENTRIES: usize = 100_000;
/// The approximate maximum size of the transcript, in bytes.
pub const MAX_ENTRY_BYTES: usize = 64 * 1024 * 1024;
/// The maximum number of members that an [`EntryKind::Present`] names.
pub(crate) const MAX_PRESENT: usize = 20;

/// An entry of the transcript. It holds the text of others as received, so a front end has to sanitize it before showing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The wall-clock time.
    pub(crate) at: SystemTime,
    pub(crate) kind: EntryKind,
}

/// What an entry is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EntryKind {
    /// A message from another member.
    Message {
        /// The sender's nickname as the server wrote it.
        nick: Box<str>,
        /// The text as received.
        text: Box<str>,
        /// Whether the text mentions the user.
        mention: bool,
    },
    /// A message from the user. It is recorded when it is sent, because the server does not echo it (MSG-2).
    Own {
        /// The user's nickname at that time.
        nick: Box<str>,
        text: Box<str>,
    },
    Connecting(Target),
    /// The server accepted the nickname.
    Welcome {
        nick: Box<str>,
        /// The number of other members.
        others: usize,
    },
    /// The members who were in the room already. Recorded after the last `* here` line.
    Present {
        /// The first [`MAX_PRESENT`] nicknames.
        nicks: Box<[Box<str>]>,
        /// The number of other members present.
        more: usize,
    },
    Joined(Box<str>),
    Left(Box<str>),
    /// The server refused the nickname; the user has to choose another one.
    Refused(Refusal),
    /// The server refused a line of a member, or sent an error that this version does not know (CLIENT-9).
    Error {
        /// The error code as the server sent it.
        code: Box<str>,
        /// The server's explanation, possibly empty.
        explanation: Box<str>,
    },
    /// The server sent a line that cannot be shown as anything else.
    Fault(Fault),
    /// The connection ended (CLIENT-8).
    Ended(End),
    /// A reconnect attempt follows after this wait.
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
