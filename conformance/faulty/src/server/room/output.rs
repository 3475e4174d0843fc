//! What the room asks its caller to do.

use std::rc::Rc;

/// A connection, numbered from 1 in the order in which connections are accepted.
pub(crate) type ConnId = u64;

/// A line to send, terminator included. It is encoded once, however many connections receive it.
pub(crate) type Bytes = Rc<[u8]>;

#[derive(Debug, Clone)]
pub(crate) enum Output {
    /// Send a line.
    Send { to: ConnId, line: Bytes, kind: Kind },
    /// Send the goodbye, and end the connection once everything has been sent.
    Goodbye { to: ConnId, naming: bool },
    /// End the connection without a goodbye, once everything has been sent.
    Close(ConnId),
    /// End the connection at once.
    Drop(ConnId),
    /// Discard what has not been sent (only with a fault).
    Discard(ConnId),
    /// Accept no more connections (only with a fault).
    StopAccepting,
    /// End the process (only with a fault).
    Crash,
}

/// What a line to send is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An answer to a line of the same connection, or whatever else is meant for this connection alone.
    Reply,
    /// The news that somebody has joined or left.
    Notice,
    /// A message of this member.
    Message(ConnId),
}

impl Kind {
    pub(crate) fn is_message(self) -> bool {
        matches!(self, Self::Message(_))
    }
}
