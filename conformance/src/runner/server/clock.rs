//! How much time has passed, and how much may pass.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use driver::wire::Activity;

use super::abort::{Abort, StepResult};
use crate::runner::patience::Patience;
use crate::runner::problem::Problem;

/// The time limits of a scenario, and the moment of its last progress.
pub(super) struct Clock<'a> {
    pub(super) patience: Patience,
    /// Shared by all connections: each arrival counts as progress.
    pub(super) activity: Rc<Activity>,
    /// Called when nothing has happened for a while, so that other scenarios may use the processor.
    pub(super) on_stall: &'a dyn Fn(),
    began: Instant,
    /// A `within` block: when it began, and its limit.
    block: Cell<Option<(Instant, Duration)>>,
}

impl<'a> Clock<'a> {
    pub(super) fn new(patience: Patience, on_stall: &'a dyn Fn()) -> Self {
        Self {
            patience,
            activity: Rc::default(),
            on_stall,
            began: Instant::now(),
            block: Cell::new(None),
        }
    }

    /// Time since the beginning of the scenario.
    pub(super) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Begins a `within` block.
    pub(super) fn begin_block(&self, limit: Duration) {
        self.block.set(Some((Instant::now(), limit)));
    }

    /// Ends it, and fails when it has taken too long.
    pub(super) fn end_block(&self) -> StepResult {
        let checked = self.check_limit();
        self.block.set(None);
        checked
    }

    /// Fails when the current `within` block takes too long.
    pub(super) fn check_limit(&self) -> StepResult {
        match self.block.get() {
            Some((began, limit)) if began.elapsed() > with_slack(limit) => {
                Err(Abort::new(Problem::TooSlow { limit }))
            }
            _ => Ok(()),
        }
    }
}

/// A time limit of the specification, and what is granted to the suite and the machine: a second and a tenth.
pub(super) fn with_slack(limit: Duration) -> Duration {
    limit + limit / 10 + Duration::from_secs(1)
}
