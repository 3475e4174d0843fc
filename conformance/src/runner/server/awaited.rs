//! What an actor waits for.

use crate::runner::problem::Expectation;

/// What an actor waits for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Awaited<'a> {
    /// This line.
    Line(&'a str),
    /// The `* here` line of any member.
    Here,
    /// Any event that another member caused.
    Event,
    /// The marker with this number, which is this line.
    Marker(usize, &'a str),
    /// The end of the connection.
    End,
}

impl Awaited<'_> {
    /// The same as it is reported.
    pub(super) fn expectation(self) -> Expectation {
        match self {
            Self::Line(line) | Self::Marker(_, line) => Expectation::line(line),
            Self::Here => Expectation::Here,
            Self::Event => Expectation::Event,
            Self::End => Expectation::End,
        }
    }
}
