//! Why a scenario does not go on.

use driver::process::StartError;

use crate::requirement::Id;
use crate::runner::problem::Problem;

/// Why a scenario does not go on.
pub(super) enum Abort {
    /// The client could not be started, or did not connect.
    NotStarted(StartError),
    /// The client did something else than expected; the requirement where the problem itself tells.
    Failed(Box<Problem>, Option<Id>),
}

/// What a step, or a part of one, results in.
pub(super) type StepResult<T = ()> = Result<T, Abort>;

impl Abort {
    /// The requirement to blame unless the problem itself tells one.
    pub(super) fn or_blame(self, id: Option<Id>) -> Self {
        match self {
            Self::Failed(problem, blame) => Self::Failed(problem, blame.or(id)),
            not_started => not_started,
        }
    }
}
