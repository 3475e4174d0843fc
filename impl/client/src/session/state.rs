//! The states of a session, and the ways in which a connection can end.

use salotto_protocol::{ErrorCode, Nickname, NicknameError};
use std::time::Instant;

/// A server, and the nickname to use there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// A host name or an IP address.
    pub host: String,
    /// The TCP port.
    pub port: u16,
    /// The nickname to ask for.
    pub nick: String,
}

/// The state of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// No connection has been asked for yet.
    Idle,
    /// A connection is being opened.
    Connecting,
    /// The nickname has been sent, and the server has not answered.
    Naming,
    /// The server has refused the nickname; [`choose_nick`](super::Session::choose_nick) sends another one.
    Refused(Refusal),
    /// The user is in the room.
    Joined,
    /// `<quit>` has been sent. The session reads on until the server closes the connection (CLIENT-7).
    Leaving {
        /// When the session stops waiting for the server.
        until: Instant,
    },
    /// There is no connection, and none will be opened until the user asks for it.
    Over(End),
    /// There is no connection, and a reconnect attempt is scheduled.
    Waiting {
        /// How the last connection ended.
        end: End,
        /// When the attempt is due.
        until: Instant,
        /// The number of the attempt, counted from 1.
        attempt: u32,
    },
}

/// A nickname that the server has refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The nickname as the user typed it.
    pub nick: Box<str>,
    /// The error code as the server sent it.
    pub code: Box<str>,
    /// The server's explanation, possibly empty.
    pub explanation: Box<str>,
}

impl Refusal {
    /// The error code, if this version of the client knows it.
    pub(crate) fn known_code(&self) -> Option<ErrorCode> {
        ErrorCode::of(&self.code)
    }

    /// The rule that the nickname breaks, if the client can tell.
    pub(crate) fn broken_rule(&self) -> Option<NicknameError> {
        Nickname::parse(&self.nick).err()
    }

    pub(super) fn weight(&self) -> usize {
        self.nick.len() + self.code.len() + self.explanation.len()
    }
}

/// How a connection, or the attempt to open one, ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The user left.
    Left,
    /// The server sent `<quit>` to a member: it is shutting down.
    Goodbye,
    /// The server sent `<quit>` before it accepted a nickname: too many clients were naming, or naming took too long
    /// (NAME-5, NAME-6).
    Dropped,
    /// The room has no free seat (ROOM-2).
    RoomFull,
    /// The server closed the connection without sending `<quit>`.
    Closed,
    /// The connection broke.
    Broken(Failure),
    /// No connection could be opened.
    Unreachable(Failure),
}

/// Why there is no connection, as far as the operating system reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The host name could not be resolved.
    NoSuchHost,
    /// The host is up, but nothing listens on the port.
    Refused,
    /// The host or its network is unreachable.
    NoRoute,
    /// Nothing answered in time.
    TimedOut,
    /// The other side reset the connection.
    Reset,
    /// Any other error.
    Other(std::io::ErrorKind),
}
