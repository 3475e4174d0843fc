//! An actor's connection to the server, as a state machine: its states, and the transitions between them.
//!
//! The checker follows it while it reads a scenario, and the runner while it performs one.

/// The state of an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Presence {
    /// There is no connection.
    #[default]
    Away,
    /// The connection is open, and the actor has no nickname yet.
    Naming,
    /// The actor is in the room.
    Member,
    /// The actor has quit or half-closed, or the server is closing the connection.
    Leaving,
    /// A member has reset its connection, and nobody has observed that it left.
    Reset,
}

impl Presence {
    /// The actor opens a connection.
    #[must_use]
    pub(crate) fn connect(self) -> Self {
        Self::Naming
    }

    /// The server accepts the nickname.
    #[must_use]
    pub(crate) fn welcome(self) -> Self {
        match self {
            Self::Naming => Self::Member,
            other => other,
        }
    }

    /// The actor sends `<quit>` or shuts down writing.
    #[must_use]
    pub(crate) fn leave(self) -> Self {
        Self::Leaving
    }

    /// The actor resets the connection. Others can observe that only if it was a member.
    #[must_use]
    pub(crate) fn reset(self) -> Self {
        match self {
            Self::Member => Self::Reset,
            _ => Self::Away,
        }
    }

    /// Another member receives `* left NICK`. A connection that is still open is about to end.
    #[must_use]
    pub(crate) fn observe_left(self) -> Self {
        match self.settle() {
            Self::Away => Self::Away,
            _ => Self::Leaving,
        }
    }

    /// Everything that the actor did has been observed.
    #[must_use]
    pub(crate) fn settle(self) -> Self {
        match self {
            Self::Reset => Self::Away,
            other => other,
        }
    }

    /// The server is told to stop, and so ends the connection.
    #[must_use]
    pub(crate) fn stop_server(self) -> Self {
        match self {
            Self::Away => Self::Away,
            _ => Self::Leaving,
        }
    }

    /// The connection has ended.
    #[must_use]
    pub(crate) fn close(self) -> Self {
        Self::Away
    }
}

#[cfg(test)]
mod tests {
    use super::Presence::{self, Away, Leaving, Member, Naming, Reset};

    #[test]
    fn transitions() {
        type Transition = fn(Presence) -> Presence;
        const STATES: [Presence; 5] = [Away, Naming, Member, Leaving, Reset];
        let table: [(Transition, [Presence; 5]); 8] = [
            (Presence::connect, [Naming; 5]),
            (Presence::welcome, [Away, Member, Member, Leaving, Reset]),
            (Presence::leave, [Leaving; 5]),
            (Presence::reset, [Away, Away, Reset, Away, Away]),
            (
                Presence::observe_left,
                [Away, Leaving, Leaving, Leaving, Away],
            ),
            (Presence::settle, [Away, Naming, Member, Leaving, Away]),
            (
                Presence::stop_server,
                [Away, Leaving, Leaving, Leaving, Leaving],
            ),
            (Presence::close, [Away; 5]),
        ];
        for (transition, after) in table {
            assert_eq!(STATES.map(transition), after);
        }
    }
}
