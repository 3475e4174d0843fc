//! The limits of a room.

use std::time::Duration;

/// How many connections a room takes, and how long they may be naming.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The largest number of members (ROOM-1, ROOM-2).
    pub capacity: usize,
    /// The largest number of naming connections (NAME-5).
    pub max_naming: usize,
    /// How long a connection may be naming (NAME-6).
    pub naming_timeout: Duration,
}
