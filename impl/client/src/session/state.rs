//! Where a session stands, and what it wants.

use salotto_protocol::{ErrorCode, Nickname, NicknameError};
use std::time::{Instant, SystemTime};

/// Now, by two clocks. The session has none of its own.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// For how long something takes: this clock never jumps.
    pub instant: Instant,
    /// For people: this clock tells the hour, and jumps.
    pub wall: SystemTime,
}

impl Now {
    /// Reads both clocks. For fronts; the session is always told.
    pub fn read() -> Self {
        Self {
            instant: Instant::now(),
            wall: SystemTime::now(),
        }
    }
}

/// Where to go, and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// A name or an address.
    pub host: String,
    /// The TCP port.
    pub port: u16,
    /// The nickname to ask for.
    pub nick: String,
}

/// Where a session stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nothing was asked for yet.
    Idle,
    /// A connection is being made.
    Connecting,
    /// The nickname is on its way; the server has not answered.
    Naming,
    /// The server refused the nickname, and waits for another
    /// ([`choose_nick`](super::Session::choose_nick)).
    Refused(Refusal),
    /// The user is in the room.
    Joined,
    /// `<quit>` is on its way; what still comes is read until the server ends the connection, or
    /// until this moment at most (CLIENT-7).
    Leaving {
        /// When patience ends.
        until: Instant,
    },
    /// There is no connection, and nothing will happen by itself.
    Over(End),
    /// There is no connection, and there will be an attempt to make one.
    Waiting {
        /// Why there is no connection.
        end: End,
        /// When the next attempt will be made.
        until: Instant,
        /// Its number, from 1 on.
        attempt: u32,
    },
}

/// A nickname that the server refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The nickname as it was typed.
    pub nick: Box<str>,
    /// The code as the server wrote it.
    pub code: Box<str>,
    /// What the server says about it; may be empty.
    pub explanation: Box<str>,
}

impl Refusal {
    /// The code, when this version knows it.
    pub fn known(&self) -> Option<ErrorCode> {
        ErrorCode::of(&self.code)
    }

    /// The rule that the nickname breaks, when it breaks one that this client knows.
    pub fn rule(&self) -> Option<NicknameError> {
        Nickname::parse(&self.nick).err()
    }

    pub(super) fn weight(&self) -> usize {
        self.nick.len() + self.code.len() + self.explanation.len()
    }
}

/// How a connection, or the attempt to make one, ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The user left.
    Left,
    /// The server said `<quit>` to a member: it shuts down.
    Goodbye,
    /// The server said `<quit>` before it had taken a nickname: too many are waiting, or naming
    /// took too long (NAME-5, NAME-6).
    SentAway,
    /// Every seat is taken (ROOM-2).
    RoomFull,
    /// The server ended the connection without a goodbye.
    Closed,
    /// The connection broke.
    Broken(Failure),
    /// No connection could be made.
    Unreachable(Failure),
}

/// Why there is no connection, as far as the system knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Nobody knows a host of that name.
    NoSuchHost,
    /// The host is there, and nobody listens on that port.
    Refused,
    /// There is no way to the host.
    NoRoute,
    /// No answer in time.
    TimedOut,
    /// The other side cut the connection off.
    Reset,
    /// Something else.
    Other(std::io::ErrorKind),
}

/// Tells connections apart, so that what is still under way from an old one is not taken for a
/// part of the new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ConnectionId(pub u64);

/// What the session wants to be done, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Make a connection. Answered by [`Event::Connected`] or [`Event::Failed`].
    Connect {
        /// What the events of this connection carry.
        id: ConnectionId,
        /// A name or an address.
        host: String,
        /// The TCP port.
        port: u16,
    },
    /// Send these bytes, which are whole lines. Answered by [`Event::Sent`].
    Send {
        /// On which connection.
        id: ConnectionId,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// End the connection, or give up making it. Nothing needs to be said about it.
    Close {
        /// Which one.
        id: ConnectionId,
    },
}

/// What happens to a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It is there.
    Connected,
    /// So many bytes more have been handed to the system.
    Sent(usize),
    /// These bytes came.
    Received(Vec<u8>),
    /// The server ended its side, in order.
    Ended,
    /// It could not be made, or broke.
    Failed(Failure),
}
