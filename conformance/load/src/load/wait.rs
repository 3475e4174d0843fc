//! Waits for a phase to end; meanwhile tidies the checker, reports progress, and notices stalls.

use std::time::Duration;

use super::shared::Shared;

/// Reported to the caller ten times a second.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// How many members have joined.
    pub joined: usize,
    /// How often a member was dropped before its welcome and tried again.
    pub join_retries: u64,
    /// How long the senders have been sending; `None` before they begin.
    pub elapsed: Option<Duration>,
    /// How many messages were delivered, counted for each receiving member.
    pub deliveries: u64,
    /// The 99th percentile of the latency at present, in milliseconds.
    pub p99_ms: f64,
}

/// What the caller answers to [`Progress`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Go on as planned.
    Continue,
    /// Stop sending, and report.
    Stop,
}

/// The senders stop early when more messages than this are in flight.
pub(super) const MAX_IN_FLIGHT: usize = 1_000_000;
const TICK: Duration = Duration::from_millis(10);
const TICKS_PER_PROGRESS: u32 = 10;

/// How a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Done,
    /// The caller asked for it.
    Stopped,
    /// The server was silent for longer than the plan allows.
    Stalled,
    /// The server does not keep up with the senders.
    Overloaded,
}

/// Waits until `is_done`, or until the run cannot go on.
pub(super) async fn wait(
    shared: &Shared,
    watch: &mut impl FnMut(&Progress) -> Command,
    mut is_done: impl FnMut() -> bool,
) -> End {
    let begin = shared.now();
    let mut ticks = 0_u32;
    let mut interval = tokio::time::interval(TICK);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        if is_done() {
            return End::Done;
        }
        ticks += 1;
        if !ticks.is_multiple_of(TICKS_PER_PROGRESS) {
            continue;
        }
        let now = shared.now();
        let mut checker = shared.checker.borrow_mut();
        checker.tidy();
        let progress = Progress {
            joined: checker.joined,
            join_retries: checker.join_retries,
            elapsed: (checker.begun > 0).then(|| Duration::from_nanos(now - checker.begun)),
            deliveries: checker.latency.deliveries(),
            p99_ms: checker.latency.current_p99(),
        };
        let in_flight = checker.in_flight.len() + checker.order.pending();
        let silence = Duration::from_nanos(now - checker.last_line.max(begin));
        drop(checker);
        if watch(&progress) == Command::Stop {
            return End::Stopped;
        }
        if in_flight > MAX_IN_FLIGHT && shared.sending.get() {
            return End::Overloaded;
        }
        // At a low rate, silence with nothing in flight only means that no message is due.
        if silence > shared.plan.patience && (in_flight > 0 || !shared.sending.get()) {
            return End::Stalled;
        }
    }
}

/// Waits until every member has received everything.
pub(super) async fn drain(shared: &Shared, watch: &mut impl FnMut(&Progress) -> Command) -> End {
    wait(shared, watch, || shared.checker.borrow().is_drained()).await
}
