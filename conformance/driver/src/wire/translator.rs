//! What may stand between the lines of the protocol and the bytes on one connection.

use std::fmt;

use super::decoder::Received;

/// Where a translator puts the lines that it has decoded; `None` stands for an empty line.
pub type Sink<'a> = &'a mut dyn FnMut(Option<Received>);

/// Says the lines of a scenario as another protocol says them, and gives its words back as lines. One for each connection.
pub trait Translator: fmt::Debug {
    /// Takes the next bytes of the server.
    fn feed(&mut self, bytes: &[u8], out: Sink<'_>);

    /// Nothing has come for [`SETTLED`](super::connection::SETTLED): what may be incomplete is complete.
    fn settle(&mut self, out: Sink<'_>);

    /// Whether [`settle`](Self::settle) could decode something.
    fn is_unsettled(&self) -> bool;

    /// The server is at rest: it has done everything that it is going to do.
    fn rest(&mut self, out: Sink<'_>);

    /// The server has ended the connection.
    fn end(&mut self, out: Sink<'_>);

    /// Whether a write waits until the server has read the one before.
    fn is_paced(&self) -> bool;

    /// The bytes that are no line yet.
    fn partial(&self) -> &[u8];

    /// What a client writes instead of these bytes, one write after the other.
    fn encode(&mut self, bytes: &[u8]) -> Vec<Write>;

    /// The client has ended its side, or reset the connection, or the server has been told to end.
    fn leave(&mut self);
}

/// One thing that a client does on its connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// It sends these bytes.
    Bytes(Vec<u8>),
    /// It ends its side.
    Fin,
}
