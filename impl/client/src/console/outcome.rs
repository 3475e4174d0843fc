//! The result of a run.

use crate::session::{End, State};

/// The result of a run, which determines the exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The user left or the server said goodbye, and every typed line was sent.
    Done,
    /// The user was not admitted, the connection was lost, or a line could not be sent.
    Failed,
}

impl Outcome {
    pub(super) const fn new(state: &State, unsent_lines: usize, output_failed: bool) -> Self {
        match state {
            State::Over(End::Left | End::Goodbye) if unsent_lines == 0 && !output_failed => {
                Self::Done
            }
            _ => Self::Failed,
        }
    }
}
