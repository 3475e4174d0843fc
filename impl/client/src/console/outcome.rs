//! How it went, for whoever started the program.

use crate::session::{End, State};

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The user left, or the server said goodbye, and everything that was typed has been sent.
    Done,
    /// The user was not let in, the server was lost, or something could not be sent.
    Failed,
}

pub(super) const fn of(state: &State, unsaid: usize, broken: bool) -> Outcome {
    match state {
        State::Over(End::Left | End::Goodbye) if unsaid == 0 && !broken => Outcome::Done,
        _ => Outcome::Failed,
    }
}
