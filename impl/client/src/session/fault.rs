//! Violations of the protocol by the server.

use salotto_protocol::LineError;

/// A rule that the server broke. The session survives every fault: it drops the line, or makes the best of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The line was too long, not UTF-8, or held a control character. It was dropped.
    Line(LineError),
    /// The line is none of those that the protocol defines.
    UnknownLine(Box<str>),
    /// The line is meant for members, but there has been no welcome yet.
    BeforeWelcome,
    /// The connection had been welcomed already.
    SecondWelcome,
    /// The welcome names another nickname than the one that was sent. The session adopts it.
    WelcomeForOther(Box<str>),
    /// There were more `* here` lines than the welcome announced.
    ExtraHere,
    /// Another line came before all announced `* here` lines.
    MissingHere,
    /// The nickname exceeds the maximum length. It is not added to the member list.
    LongNick,
    /// A member joined twice, or somebody who is not a member left or spoke.
    Contradiction,
}

impl Fault {
    /// The id of the requirement that was broken.
    pub(crate) const fn requirement(&self) -> &'static str {
        match self {
            Self::Line(_) => "LINE-12",
            Self::UnknownLine(_) => "MSG-1",
            Self::BeforeWelcome => "NAME-2",
            Self::SecondWelcome | Self::WelcomeForOther(_) => "JOIN-1",
            Self::ExtraHere | Self::MissingHere => "JOIN-2",
            Self::LongNick => "NICK-2",
            Self::Contradiction => "ORDER-4",
        }
    }

    pub(super) fn weight(&self) -> usize {
        match self {
            Self::UnknownLine(text) | Self::WelcomeForOther(text) => text.len(),
            _ => 0,
        }
    }
}
