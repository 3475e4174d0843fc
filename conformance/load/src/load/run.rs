//! The phases of a load test: join, send, drain, report.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use tokio::task::JoinSet;

use super::error::LoadError;
use super::join::join;
use super::plan::Plan;
use super::report::{Generator, Report, ServerUse};
use super::schedule;
use super::shared::Shared;
use super::timer::Timer;
use super::wait::{Command, End, MAX_IN_FLIGHT, Progress, drain};
use driver::process::{Usage, descriptors};

/// Runs a load test against the server at `address`. `group` is the server's process group, whose use of processor and memory
/// is measured. `watch` is called ten times a second. Requires a tokio `LocalRuntime`.
///
/// # Errors
/// The plan is impossible, or not all members could join. Later failures are part of the report.
pub async fn run(
    plan: &Plan,
    address: SocketAddr,
    group: Option<i32>,
    mut watch: impl FnMut(&Progress) -> Command,
) -> Result<Report, LoadError> {
    plan.check()?;
    descriptors::make_room_for(plan.members as u64)?;
    let shared = Rc::new(Shared::new(plan)?);
    let timer = Timer::new()?;
    // Dropping the set closes all connections.
    let mut tasks = JoinSet::new();
    join(&shared, address, &mut tasks, &mut watch).await?;

    // These markers arrive after all join notices, and show that everyone hears every sender.
    shared.send_markers();
    let mut end = drain(&shared, &mut watch).await;

    let server_before = group.and_then(Usage::of_group);
    let own_cpu_before = own_cpu();
    shared.checker.borrow_mut().begun = shared.now();
    if end == End::Done {
        end = schedule::send(&shared, timer, &mut tasks, &mut watch).await;
    }
    // Whatever was sent before these markers arrives before them, or never.
    let mut drained = end;
    if end != End::Stalled {
        shared.send_markers();
        drained = drain(&shared, &mut |_: &Progress| Command::Continue).await;
    }

    let server = server_before.zip(group.and_then(Usage::of_group));
    let generator = Generator {
        cpu_seconds: (own_cpu() - own_cpu_before).as_secs_f64(),
        late_ms: shared.lateness.get() as f64 / 1e6,
    };
    let stalled = drained == End::Stalled;
    Ok(report(&shared, end, stalled, server, generator))
}

fn report(
    shared: &Shared,
    end: End,
    stalled: bool,
    server: Option<(Usage, Usage)>,
    generator: Generator,
) -> Report {
    let plan = &shared.plan;
    let mut checker = shared.checker.borrow_mut();
    checker.tidy();
    checker.latency.finish();
    let deliveries = checker.latency.deliveries();
    let seconds = checker.last_delivery.saturating_sub(checker.begun) as f64 / 1e9;
    let per_second = (seconds > 0.0).then(|| deliveries as f64 / seconds);
    // Each sender has sent two markers as well.
    let sent = |sender| u64::from(checker.in_flight.next_number(sender)).saturating_sub(2);
    let obstacle = checker.obstacle.as_ref();
    Report {
        members: plan.members,
        senders: plan.senders,
        pace: plan.pace.into(),
        size_bytes: plan.text_bytes,
        planned_seconds: plan.duration.as_secs_f64(),
        seconds,
        ended_early: match end {
            End::Stopped => Some("interrupted".to_owned()),
            End::Overloaded => Some(format!(
                "the server does not keep up: more than {MAX_IN_FLIGHT} messages were in flight"
            )),
            End::Stalled | End::Done => None,
        },
        messages: (0..plan.senders).map(sent).sum(),
        deliveries,
        deliveries_per_second: per_second.unwrap_or_default(),
        latency: checker.latency.latency(),
        longest_silence_ms: checker.longest_silence as f64 / 1e6,
        server: server.map(|(before, after)| ServerUse::between(&before, &after, deliveries)),
        generator,
        faults: checker.faults(stalled),
        foreign_lines: checker.foreign_lines,
        first_strange_line: checker.first_bad_line.clone(),
        first_obstacle: obstacle.map(|it| format!("member {}: {}", it.member + 1, it.reason)),
        slices: std::mem::take(&mut checker.latency.slices),
        distribution: checker.latency.distribution(),
    }
}

/// The processor time that this process has used.
fn own_cpu() -> Duration {
    let Ok(usage) = getrusage(UsageWho::RUSAGE_SELF) else {
        return Duration::ZERO;
    };
    let microseconds =
        usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Duration::from_micros(microseconds.max(0) as u64)
}
