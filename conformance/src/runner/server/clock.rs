//! How much time has passed, and how much may pass.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use driver::wire::Activity;
use tokio::time::Instant;

use crate::runner::patience::Patience;

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

    pub(super) fn end_block(&self) {
        self.block.set(None);
    }

    /// The limit of the current block, if it is over for longer than the suite waits anywhere.
    pub(super) fn exceeded_limit(&self) -> Option<Duration> {
        let (began, limit) = self.block.get()?;
        (began.elapsed() > limit + self.patience.hang).then_some(limit)
    }
}
