//! The limits that an operator can set.

use salotto_protocol::Nickname;
use salotto_room::Limits;
use std::ops::RangeInclusive;
use std::time::Duration;

/// The longest turn, in bytes.
const MAX_TURN: usize = 64 * 1024;

/// The limits of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The largest number of members (ROOM-1, ROOM-2).
    pub capacity: usize,
    /// The largest number of connections without a nickname (NAME-5). One more is closed at once, with a goodbye.
    pub max_naming: usize,
    /// How long a connection may be without a nickname (NAME-6).
    pub naming_timeout: Duration,
    /// How many bytes are kept for a member that does not read, before it is dropped (FLOW-2, FLOW-3). The socket buffers of the
    /// system do not count.
    pub backlog: usize,
}

impl Config {
    /// The possible values of [`capacity`](Self::capacity).
    pub const CAPACITIES: RangeInclusive<usize> = 5..=100_000;
    /// The possible values of [`max_naming`](Self::max_naming).
    pub const MAX_NAMINGS: RangeInclusive<usize> = 16..=100_000;
    /// The possible values of [`backlog`](Self::backlog), in bytes. Even with the longest list of members and one turn of everybody on
    /// top, less than 16 MiB are queued for a member (FLOW-3).
    pub const BACKLOGS: RangeInclusive<usize> = 256 * 1024..=8 * 1024 * 1024;

    /// How many file descriptors a server with these limits may need: one for each connection, and 512 for connections that are
    /// being closed and for the program itself.
    pub fn descriptors(&self) -> u64 {
        (self.capacity + self.max_naming + 512) as u64
    }

    /// The limits of the room.
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            capacity: self.capacity,
            max_naming: self.max_naming,
            naming_timeout: self.naming_timeout,
        }
    }

    /// How many bytes may be queued for a connection: the backlog and the list of members of a full room, so that nobody is dropped
    /// for the size of the welcome.
    pub(crate) fn max_backlog(&self) -> usize {
        self.backlog + self.capacity * ("* here ".len() + Nickname::MAX_BYTES + 1)
    }

    /// How many bytes are read from one connection before the others have their turn: a thirty-second of the backlog.
    ///
    /// In the worst case these are lines of one letter from a member with the longest nickname, which become 18 times as many bytes
    /// for everybody else. Even those fit into the backlog of a member that has used a quarter of it, which is when busy members are
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
