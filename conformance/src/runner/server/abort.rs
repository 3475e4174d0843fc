//! Why a scenario does not go on.

use super::violation::Violation;
use crate::requirement::Id;
use crate::runner::outcome::StepPlace;
use crate::runner::problem::Problem;

/// A problem that ends the scenario.
#[derive(Debug)]
pub(super) struct Abort {
    pub(super) problem: Box<Problem>,
    /// The requirement that the problem itself tells; otherwise the step names one.
    pub(super) blame: Option<Id>,
    /// The step; `None` after the last one.
    pub(super) step: Option<StepPlace>,
}

/// What a step, or a part of one, results in.
pub(super) type StepResult<T = ()> = Result<T, Abort>;

impl Abort {
    pub(super) fn new(problem: Problem) -> Self {
        Self {
            problem: Box::new(problem),
            blame: None,
            step: None,
        }
    }

    /// A problem that breaks the same requirement at whatever step it shows.
    pub(super) fn blaming(problem: Problem, violation: impl Into<Option<Violation>>) -> Self {
        Self {
            blame: violation.into().and_then(Violation::id),
            ..Self::new(problem)
        }
    }

    /// The requirement to blame, whatever the problem itself tells.
    pub(super) fn blame(mut self, violation: Violation) -> Self {
        self.blame = violation.id();
        self
    }

    /// The requirement to blame unless the problem itself tells one.
    pub(super) fn or_blame(mut self, violation: Violation) -> Self {
        self.blame = self.blame.or_else(|| violation.id());
        self
    }
}
