//! From the first connection to the outcome.

use std::cell::Cell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::clock::Clock;
use super::crowd::{Crowd, member_of};
use super::member::live;
use super::outcome::{Faults, Generator, Outcome, ServerUse};
use super::plan::{Pace, Plan, PlanError};
use driver::process::Usage;
use driver::process::descriptors::{self, DescriptorError};

/// Why there is nothing to measure.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The plan is not possible.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// There are too many connections for this process.
    #[error(transparent)]
    Descriptors(#[from] DescriptorError),
    /// The system lacks something.
    #[error("no timer: {0}")]
    System(#[from] io::Error),
    /// A member is not let in.
    #[error("member {} of {members} cannot join: {reason}", .member + 1)]
    Refused {
        /// Which one, from 0.
        member: usize,
        /// Of how many.
        members: usize,
        /// What the server or the system said.
        reason: String,
    },
    /// The server has not answered.
    #[error("only {joined} of {members} members could join; for {} s nothing has come from the server", .waited.as_secs())]
    Stuck {
        /// How many are welcome.
        joined: usize,
        /// Of how many.
        members: usize,
        /// For how long nothing has happened.
        waited: Duration,
    },
    /// Somebody did not want to wait.
    #[error("ended before all members had joined")]
    Interrupted,
    /// A histogram cannot be made.
    #[error(transparent)]
    Histogram(#[from] hdrhistogram::CreationError),
}

/// How it stands, told ten times a second.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// How many members have joined.
    pub joined: usize,
    /// How often somebody was sent away before, and came again.
    pub sent_away: u64,
    /// For how long senders have been sending; none before.
    pub elapsed: Option<Duration>,
    /// How many deliveries were made.
    pub deliveries: u64,
    /// The 99th percentile of the latency at present, in milliseconds.
    pub p99_ms: f64,
}

/// Whether to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// As planned.
    GoOn,
    /// Stop sending, and report.
    EndNow,
}

/// When more messages than this are under way, the senders stop early: the server does not follow.
const MOST_UNDER_WAY: usize = 1_000_000;
const TICK: Duration = Duration::from_millis(10);
const TICKS_TO_TELL: u32 = 10;

/// How a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Done,
    Asked,
    Quiet,
    Overwhelmed,
}

/// Lets the members join, and the senders send as planned; every delivery is checked. `group` is the process group of a
/// server whose use of the machine is measured. Call it in a local runtime.
///
/// # Errors
/// Not all members can join, or the plan is not possible. What goes wrong after that is in the outcome.
pub async fn run(
    plan: &Plan,
    address: SocketAddr,
    group: Option<i32>,
    mut watch: impl FnMut(&Now) -> Wish,
) -> Result<Outcome, LoadError> {
    plan.check()?;
    descriptors::make_room_for(plan.members as u64)?;
    let crowd = Rc::new(Crowd::new(plan)?);
    let clock = Clock::new()?;
    let (members, senders) = (plan.members, plan.senders);

    // Dropped at the end, it ends all connections.
    let mut tasks = JoinSet::new();
    join(&crowd, address, &mut tasks, &mut watch).await?;

    // A first message of everybody to everybody shows that all hear each other, and ends the notices of the newcomers.
    mark(&crowd);
    let warm = wait(&crowd, &mut watch, || {
        crowd.books.borrow().is_settled(senders)
    });
    let mut end = warm.await;

    let before = group.and_then(Usage::of_group);
    let own_before = own_cpu();
    let begun = crowd.now();
    crowd.books.borrow_mut().begun = begun;
    let late = Rc::new(Cell::new(0));
    if end == End::Done {
        crowd.speaking.set(true);
        match plan.pace {
            Pace::Window(_) => crowd.fill_windows(begun),
            Pace::Rate(rate) => {
                tasks.spawn_local(keep_pace(Rc::clone(&crowd), clock, rate, Rc::clone(&late)));
            }
        }
        end = wait(&crowd, &mut watch, || {
            Duration::from_nanos(crowd.now() - begun) >= plan.duration
        })
        .await;
        crowd.speaking.set(false);
        let mut books = crowd.books.borrow_mut();
        books.close_silences(crowd.now(), senders);
    }
    // What was sent before the markers has come before them, or does not come.
    let mut settled = end;
    if end != End::Quiet {
        mark(&crowd);
        settled = wait(&crowd, &mut |_: &Now| Wish::GoOn, || {
            crowd.books.borrow().is_settled(senders)
        })
        .await;
    }

    let after = group.and_then(Usage::of_group);
    let generator = Generator {
        cpu_seconds: (own_cpu() - own_before).as_secs_f64(),
        late_ms: late.get() as f64 / 1e6,
    };
    let mut books = crowd.books.borrow_mut();
    books.tidy(members, senders);
    books.timing.finish();
    let deliveries = books.timing.len();
    let seconds = (books.delivered.max(begun) - begun) as f64 / 1e9;
    let faults = Faults {
        lost: books
            .ledger
            .lost(member_of, |sender| books.sent.next(sender)),
        twice: books.ledger.twice,
        late: books.ledger.late,
        altered: books.altered,
        echoed: books.echoed,
        invented: books.invented,
        refused: books.refused,
        members_in_another_order: books.order.dissenters() as u64,
        members_ended: books.ledger.ended() as u64,
        stalled: settled == End::Quiet,
    };
    // Two markers of each sender are not measured.
    let messages = (0..senders).map(|sender| u64::from(books.sent.next(sender)).saturating_sub(2));
    Ok(Outcome {
        members,
        senders,
        pace: plan.pace.into(),
        size_bytes: plan.size,
        planned_seconds: plan.duration.as_secs_f64(),
        seconds,
        ended_early: match end {
            End::Asked => Some("it was interrupted".to_owned()),
            End::Overwhelmed => Some(format!(
                "{MOST_UNDER_WAY} messages were under way: the server does not follow"
            )),
            End::Quiet | End::Done => None,
        },
        messages: messages.sum(),
        deliveries,
        deliveries_per_second: if seconds > 0.0 {
            deliveries as f64 / seconds
        } else {
            0.0
        },
        latency: books.timing.latency(),
        longest_silence_ms: books.silence as f64 / 1e6,
        server: before
            .zip(after)
            .map(|(before, after)| ServerUse::between(&before, &after, deliveries)),
        generator,
        faults,
        foreign_lines: books.foreign,
        first_strange_line: books.strange.take(),
        first_obstacle: books
            .obstacle
            .take()
            .map(|obstacle| format!("member {}: {}", obstacle.member + 1, obstacle.reason)),
        slices: books.timing.slices(),
        distribution: books.timing.distribution(),
    })
}

async fn join(
    crowd: &Rc<Crowd>,
    address: SocketAddr,
    tasks: &mut JoinSet<()>,
    watch: &mut impl FnMut(&Now) -> Wish,
) -> Result<(), LoadError> {
    let members = crowd.plan.members;
    let turns = Arc::new(Semaphore::new(crowd.plan.at_a_time.max(1)));
    let coming = {
        let crowd = Rc::clone(crowd);
        async move {
            for member in 0..members {
                let Ok(turn) = Arc::clone(&turns).acquire_owned().await else {
                    return;
                };
                tasks.spawn_local(live(Rc::clone(&crowd), member, address, turn));
            }
        }
    };
    let (end, ()) = tokio::join!(
        wait(crowd, watch, || {
            let books = crowd.books.borrow();
            books.joined == members || books.obstacle.is_some()
        }),
        async {
            let obstructed = async {
                while crowd.books.borrow().obstacle.is_none() {
                    tokio::time::sleep(TICK).await;
                }
            };
            tokio::select! { () = coming => {}, () = obstructed => {} }
        }
    );
    let mut books = crowd.books.borrow_mut();
    if let Some(obstacle) = books.obstacle.take() {
        return Err(LoadError::Refused {
            member: obstacle.member,
            members,
            reason: obstacle.reason,
        });
    }
    match end {
        End::Asked => Err(LoadError::Interrupted),
        _ if books.joined == members => Ok(()),
        _ => Err(LoadError::Stuck {
            joined: books.joined,
            members,
            waited: crowd.plan.patience,
        }),
    }
}

/// Every sender sends a message that is not measured.
fn mark(crowd: &Crowd) {
    (0..crowd.plan.senders).for_each(|sender| crowd.permit(sender, None));
}

/// Waits, and keeps the books, until it is done, somebody asks to end, or nothing has come for as long as the plan allows.
async fn wait(
    crowd: &Crowd,
    watch: &mut impl FnMut(&Now) -> Wish,
    mut done: impl FnMut() -> bool,
) -> End {
    let plan = &crowd.plan;
    let begin = crowd.now();
    let mut ticks = 0_u32;
    let mut interval = tokio::time::interval(TICK);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        if done() {
            return End::Done;
        }
        ticks += 1;
        if !ticks.is_multiple_of(TICKS_TO_TELL) {
            continue;
        }
        let now = crowd.now();
        let mut books = crowd.books.borrow_mut();
        books.tidy(plan.members, plan.senders);
        let told = Now {
            joined: books.joined,
            sent_away: books.sent_away,
            elapsed: (books.begun > 0).then(|| Duration::from_nanos(now - books.begun)),
            deliveries: books.timing.len(),
            p99_ms: books.timing.p99_now(),
        };
        let under_way = books.sent.len() + books.order.waiting();
        let quiet = Duration::from_nanos(now - books.stirred.max(begin));
        drop(books);
        if watch(&told) == Wish::EndNow {
            return End::Asked;
        }
        if under_way > MOST_UNDER_WAY && crowd.speaking.get() {
            return End::Overwhelmed;
        }
        // At a low rate it is quiet because nothing is due.
        if quiet > plan.patience && (under_way > 0 || !crowd.speaking.get()) {
            return End::Quiet;
        }
    }
}

/// Lets message after message become due, whether the server follows or not.
async fn keep_pace(crowd: Rc<Crowd>, clock: Clock, rate: f64, late: Rc<Cell<u64>>) {
    let begun = crowd.books.borrow().begun;
    let end = begun + crowd.plan.duration.as_nanos() as u64;
    for message in 0_u64.. {
        let due = begun + (message as f64 * 1e9 / rate) as u64;
        while crowd.now() < due {
            if clock.until(crowd.instant(due)).await.is_err() {
                return;
            }
        }
        if due >= end || !crowd.speaking.get() {
            return;
        }
        late.set(late.get().max(crowd.now() - due));
        // Many may be due at once; the others have their turn.
        if message.is_multiple_of(64) {
            tokio::task::yield_now().await;
        }
        crowd.permit((message % crowd.plan.senders as u64) as usize, Some(due));
    }
}

/// The processor time of this process.
fn own_cpu() -> Duration {
    let Ok(usage) = getrusage(UsageWho::RUSAGE_SELF) else {
        return Duration::ZERO;
    };
    let microseconds =
        usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Duration::from_micros(microseconds.max(0) as u64)
}
