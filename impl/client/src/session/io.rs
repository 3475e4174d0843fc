//! What passes between a session and the network: actions out, events in.

use super::state::Failure;

/// Identifies a connection, so that late events of an old one are not taken for events of the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ConnectionId(pub u64);

/// An output for the network. Actions are performed in the order in which they are polled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Open a connection. The answer is [`Event::Connected`] or [`Event::Failed`].
    Connect {
        /// The id that every event of this connection carries.
        id: ConnectionId,
        /// A host name or an IP address.
        host: String,
        /// The TCP port.
        port: u16,
    },
    /// Send bytes, always whole lines. The answer is one [`Event::Sent`] or several.
    Send {
        /// The connection to send on.
        id: ConnectionId,
        /// Complete lines, each with its LF.
        bytes: Vec<u8>,
    },
    /// Close the connection, or abandon the attempt to open it. There is no answer.
    Close {
        /// The connection to close.
        id: ConnectionId,
    },
}

/// An input from the network, about one connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The connection is open.
    Connected,
    /// The operating system has taken this many more bytes.
    Sent(usize),
    /// These bytes have arrived, cut at arbitrary places.
    Received(Vec<u8>),
    /// The server has closed its side.
    Ended,
    /// The connection could not be opened, or it broke.
    Failed(Failure),
}
