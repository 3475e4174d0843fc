//! The lines of the protocol, as they go by.

use super::fault::Fault;
use super::log::Weigh;
use salotto_protocol::{ErrorCode, ServerLine};
use std::time::SystemTime;

/// The most lines that are kept.
pub const MAX_RAW_LINES: usize = 10_000;
/// The most bytes that are kept, roughly.
pub const MAX_RAW_BYTES: usize = 8 * 1024 * 1024;

/// A line of the protocol, for people who look at the protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawLine {
    /// When, by the clock on the wall.
    pub at: SystemTime,
    /// Which way.
    pub direction: Direction,
    /// The line without its terminator. Empty when the decoder refused it: see the fault.
    pub text: Box<str>,
    /// The requirement that says what this line is.
    pub requirement: &'static str,
    /// What is wrong with it.
    pub fault: Option<Fault>,
}

/// Which way a line goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From this client to the server.
    Sent,
    /// From the server.
    Received,
}

/// The requirement that a line of a server belongs to.
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

impl Weigh for RawLine {
    fn weight(&self) -> usize {
        size_of::<Self>() + self.text.len() + self.fault.as_ref().map_or(0, Fault::weight)
    }
}
