//! Connections, as the room sees them.

/// The number of a connection, chosen by the caller.
///
/// It is used as an index, so numbers should be small. A number can be used again once its connection has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnId(pub u32);

impl ConnId {
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The state of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The connection has no nickname yet. It hears nothing of the room (NAME-2), and the room nothing of it (NAME-3).
    Naming,
    /// The connection is a member.
    Member,
    /// The connection has left or was never there. Its lines are ignored.
    Absent,
}
