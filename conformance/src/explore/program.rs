//! A program: what members do, one move after the other.
//!
//! Every program can be performed. A turn that makes no sense where it stands, such as a message of somebody who is not
//! connected, is left out, so that a program with any part removed is a program too.

/// The actors, in the order in which programs use them.
pub(super) const NAMES: [&str; 8] = [
    "anna", "bruno", "carla", "dario", "elsa", "fabio", "gina", "hugo",
];

/// What members do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Program {
    /// The number of seats, if the program sets it.
    pub(super) capacity: Option<u64>,
    pub(super) moves: Vec<Move>,
    /// Whether the server is interrupted at the end.
    pub(super) shutdown: bool,
}

/// What happens before the room is at rest again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Move {
    /// One actor does one thing.
    One(Turn),
    /// Several actors act at the same time, each one turn after the other.
    Together(Vec<Vec<Turn>>),
}

/// One actor does one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Turn {
    /// Index in [`NAMES`].
    pub(super) actor: usize,
    pub(super) act: Act,
}

/// What an actor does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    /// Connects and asks for this nickname.
    Enters(String),
    /// Connects.
    Connects,
    /// Sends these bytes, each piece in a write of its own.
    Sends(Vec<Vec<u8>>),
    Leaves(Way),
    StopsReading,
    ResumesReading,
}

/// How somebody leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Quits,
    Closes,
    HalfCloses,
    Resets,
}

impl Program {
    /// The number of turns.
    pub(super) fn length(&self) -> usize {
        self.moves.iter().map(Move::length).sum()
    }
}

impl Move {
    fn length(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Together(branches) => branches.iter().map(Vec::len).sum(),
        }
    }
}
