//! The lines of the protocol in both directions, for people who study the protocol.

use super::fault::Fault;
use super::log::Weigh;
use salotto_protocol::{ErrorCode, ServerLine};
use std::time::SystemTime;

/// The maximum number of protocol lines that are kept.
pub const MAX_PROTOCOL_LINES: usize = 10_000;
/// The approximate maximum size of the protocol lines that are kept, in bytes.
pub const MAX_PROTOCOL_BYTES: usize = 8 * 1024 * 1024;

/// A line that was sent or received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtocolLine {
    /// The wall-clock time.
    pub(crate) at: SystemTime,
    pub(crate) direction: Direction,
    /// The line without its terminator, or nothing if the decoder rejected it; the fault says why.
    pub(crate) text: Box<str>,
    /// The id of the requirement that the line follows.
    pub(crate) requirement: &'static str,
    pub(crate) fault: Option<Fault>,
}

/// The direction of a line, seen from the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Sent,
    Received,
}

/// The id of the requirement that defines a line of the server.
pub(super) fn requirement(line: &ServerLine<'_>) -> &'static str {
    match line {
        ServerLine::Welcome { .. } => "JOIN-1",
        ServerLine::Here(_) => "JOIN-2",
        ServerLine::Joined(_) => "JOIN-3",
        ServerLine::Left(_) => "LEAVE-1",
        ServerLine::Message { .. } => "MSG-1",
        ServerLine::Error { code, .. } => match ErrorCode::of(code) {
            Some(ErrorCode::LineTooLong) => "LINE-8",
            Some(ErrorCode::NotUtf8) => "LINE-10",
            Some(ErrorCode::ControlCharacter) => "LINE-11",
            Some(ErrorCode::UnknownCommand) => "MSG-5",
            Some(ErrorCode::NicknameInvalid) => "NICK-1",
            Some(ErrorCode::NicknameTaken) => "NICK-6",
            Some(ErrorCode::RoomFull) => "ROOM-2",
            None => "CLIENT-9",
        },
        ServerLine::Quit => "LEAVE-3",
        ServerLine::Empty => "LINE-6",
        ServerLine::Unknown(_) => "CLIENT-9",
    }
}

impl Weigh for ProtocolLine {
    fn weight(&self) -> usize {
        size_of::<Self>() + self.text.len() + self.fault.as_ref().map_or(0, Fault::weight)
    }
}
