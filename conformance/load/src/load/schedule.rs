//! The second phase: messages become due, by the clock or as windows have room.

use std::rc::Rc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::plan::Pace;
use super::shared::Shared;
use super::timer::Timer;
use super::wait::{Command, End, Progress, wait};

/// Lets the senders send for as long as planned.
pub(super) async fn send(
    shared: &Rc<Shared>,
    timer: Timer,
    tasks: &mut JoinSet<()>,
    watch: &mut impl FnMut(&Progress) -> Command,
) -> End {
    let begun = shared.checker.borrow().begun;
    shared.sending.set(true);
    match shared.plan.pace {
        Pace::Window(_) => shared.fill_windows(begun),
        Pace::Rate(rate) => {
            tasks.spawn_local(keep_rate(Rc::clone(shared), timer, rate, begun));
        }
    }
    let end = wait(shared, watch, || {
        Duration::from_nanos(shared.now() - begun) >= shared.plan.duration
    })
    .await;
    shared.sending.set(false);
    shared.checker.borrow_mut().end_silences(shared.now());
    end
}

/// Makes one message after another due, whether or not the server keeps up.
async fn keep_rate(shared: Rc<Shared>, timer: Timer, rate: f64, begun: u64) {
    let end = begun + shared.plan.duration.as_nanos() as u64;
    for message in 0_u64.. {
        let due = begun + (message as f64 * 1e9 / rate) as u64;
        while shared.now() < due {
            if timer.sleep_until(shared.instant(due)).await.is_err() {
                return;
            }
        }
        if due >= end || !shared.sending.get() {
            return;
        }
        let lateness = shared.now() - due;
        shared.lateness.set(shared.lateness.get().max(lateness));
        // Many messages may be due at once; other tasks need to run meanwhile.
        if message.is_multiple_of(64) {
            tokio::task::yield_now().await;
        }
        shared.send((message % shared.plan.senders as u64) as usize, Some(due));
    }
}
