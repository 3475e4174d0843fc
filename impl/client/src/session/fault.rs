//! What a server can do wrong.

use salotto_protocol::LineError;

/// A rule that the server broke. Every fault is survived: the line is dropped, or taken for what
/// it is worth, and the session goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A line that is too long, not UTF-8, or holds a control character. It was dropped.
    Line(LineError),
    /// A line that is none of those that the protocol has.
    NotALine(Box<str>),
    /// Something about the room, before the welcome.
    Early,
    /// A second welcome on one connection.
    WelcomedTwice,
    /// A welcome for another nickname than the one that was asked for. The session takes it.
    WelcomedAs(Box<str>),
    /// A `* here` that the welcome did not announce.
    HereTooLate,
    /// Something else before all `* here` lines had come.
    HereMissing,
    /// A nickname that is longer than nicknames are. The list of members does without it.
    LongNick,
    /// A member that is there comes in, or one that is not there goes or speaks.
    Contradiction,
}

impl Fault {
    /// The requirement that was broken.
    pub const fn requirement(&self) -> &'static str {
        match self {
            Self::Line(_) => "LINE-12",
            Self::NotALine(_) => "MSG-1",
            Self::Early => "NAME-2",
            Self::WelcomedTwice | Self::WelcomedAs(_) => "JOIN-1",
            Self::HereTooLate | Self::HereMissing => "JOIN-2",
            Self::LongNick => "NICK-2",
            Self::Contradiction => "ORDER-4",
        }
    }

    pub(super) fn weight(&self) -> usize {
        match self {
            Self::NotALine(text) | Self::WelcomedAs(text) => text.len(),
            _ => 0,
        }
    }
}
