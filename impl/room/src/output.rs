//! What comes out of the room.

use crate::connection::ConnId;
use crate::departure::Departure;
use salotto_protocol::ServerLine;

/// Something that the room asks its caller to do.
///
/// Outputs come in the order of the room's one sequence of events (ORDER-1). Whatever they send to one connection must be
/// sent in the order in which it came out (ORDER-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output<'a> {
    /// Send a line to one connection.
    Reply {
        /// The recipient.
        to: ConnId,
        /// The line.
        line: ServerLine<'a>,
    },
    /// From now on, send every event to this connection.
    Enter {
        /// The new member.
        id: ConnId,
    },
    /// Send a line to every member except the one that caused it (MSG-2, JOIN-4).
    Event {
        /// The member that caused the event. It may be about to leave.
        by: ConnId,
        /// The line.
        line: ServerLine<'a>,
    },
    /// End a connection, which has left the room. After an orderly departure the connection is closed as soon as everything
    /// queued for it is sent, with `<quit>` as the last line. Otherwise it is dropped at once.
    Close {
        /// The connection.
        id: ConnId,
        /// Why it left.
        reason: Departure,
        /// Its nickname, which is free now. `None` if it was naming.
        nick: Option<&'a str>,
    },
}
