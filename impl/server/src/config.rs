//! What an operator decides.

use salotto_protocol::Nickname;
use salotto_room::Limits;
use std::ops::RangeInclusive;
use std::time::Duration;

/// The bounds of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// How many members the room has seats for (ROOM-1, ROOM-2).
    pub capacity: usize,
    /// How many connections without a nickname there may be at a time (NAME-5). One more is sent
    /// away at once, with a goodbye.
    pub max_naming: usize,
    /// How long a connection may be without a nickname (NAME-6).
    pub naming_timeout: Duration,
    /// How many bytes are kept for a member that does not read, before it is dropped (FLOW-2,
    /// FLOW-3). What the system keeps in its socket buffers comes on top.
    pub backlog: usize,
}

/// No turn is longer than this many bytes.
const MAX_TURN: usize = 64 * 1024;

impl Config {
    /// The capacities that make sense.
    pub const CAPACITIES: RangeInclusive<usize> = 5..=100_000;
    /// The possible limits for naming connections.
    pub const MAX_NAMINGS: RangeInclusive<usize> = 16..=100_000;
    /// The possible backlogs in bytes. With the longest list of members on top, and one turn of
    /// everybody, a member stays well below 16 MiB.
    pub const BACKLOGS: RangeInclusive<usize> = 256 * 1024..=8 * 1024 * 1024;

    /// The limits of the room.
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            capacity: self.capacity,
            max_naming: self.max_naming,
            naming_timeout: self.naming_timeout,
        }
    }

    /// How many bytes a connection may be owed: the backlog, and on top of it the list of members
    /// of a full room, so that nobody is dropped for the size of its own welcome.
    pub(crate) fn max_owed(&self) -> usize {
        self.backlog + self.capacity * ("* here ".len() + Nickname::MAX_BYTES + 1)
    }

    /// How many file descriptors a server with these bounds may need: one for each connection, and
    /// some for those who are saying goodbye and for the program itself.
    pub fn descriptors(&self) -> u64 {
        (self.capacity + self.max_naming + 512) as u64
    }

    /// How many bytes one connection gets processed before the others have their turn: a
    /// thirty-second of the backlog. At worst they are lines of one letter from a member with the
    /// longest name, which make 18 times as many bytes for everybody else; and even those fit
    /// into the backlog of somebody who is a quarter of it behind, which is when a flood is
    /// slowed down.
    pub(crate) fn turn(&self) -> usize {
        (self.backlog / 32).min(MAX_TURN)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            capacity: 4096,
            max_naming: 1024,
            naming_timeout: Duration::from_secs(60),
            backlog: 1024 * 1024,
        }
    }
}
