//! How much time has passed, and how much may pass.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use driver::wire::Activity;
use tokio::time::Instant;

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
    /// A `within` block: its limit, and when it is over for longer than the suite waits anywhere.
    block: Cell<Option<(Duration, Instant)>>,
    /// The longest time that a nickname and its welcome have taken: what the links and the machine need for one reply.
    longest_reply: Cell<Duration>,
}

impl<'a> Clock<'a> {
    pub(super) fn new(patience: Patience, on_stall: &'a dyn Fn()) -> Self {
        Self {
            patience,
            activity: Rc::default(),
            on_stall,
            began: Instant::now(),
            block: Cell::new(None),
            longest_reply: Cell::new(Duration::ZERO),
        }
    }

    /// Time since the beginning of the scenario.
    pub(super) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// A reply to a line that was sent at this moment has arrived.
    pub(super) fn replied(&self, sent: Instant) {
        let longest = self.longest_reply.get().max(sent.elapsed());
        self.longest_reply.set(longest);
    }

    /// Begins a `within` block. The limit is the server's. In each of the block's `round_trips` a line takes the link of
    /// its sender and the link of its recipient, whose replies have taken both directions of one link each.
    pub(super) fn begin_block(&self, limit: Duration, round_trips: u32) {
        let links = 2 * self.longest_reply.get() * round_trips;
        let end = Instant::now() + with_slack(limit) + links;
        self.block.set(Some((limit, end)));
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
            Some((limit, end)) if Instant::now() > end => {
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
