//! Why connections leave.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Departure {
    /// The client sent `<quit>`, or the server closes the connection in an orderly way.
    Quit,
    /// The client closed its side of the connection.
    HalfClosed,
    /// The client reset the connection, or sending failed.
    Reset,
    /// The client does not read (FLOW-3).
    NotReading,
}
