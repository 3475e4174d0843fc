//! Waiting for a line, or for the end of a connection.
//!
//! Each line that arrives is taken in order. When nothing arrives for a while, a marker is sent (see `fence`): if it
//! arrives first, the awaited line cannot come any more, and the verdict does not depend on the clock.

use std::time::Duration;

use driver::wire::{End, Event, Excerpt, Received};
use tokio::time::Instant;

use super::abort::{Abort, StepResult};
use super::actor::{Actor, take_first};
use super::awaited::Awaited;
use super::instead::by_unfinished;
use super::listed::look_for_unlisted;
use super::own::is_own;
use super::run::ServerRun;
use super::text_match::matches;
use super::unlisted::unlisted;
use super::violation::Violation;
use super::{blame, probe};
use crate::runner::problem::{Expectation, Problem, Proof};
use crate::runner::trace::Happening;
use crate::scenario::presence::Presence;

/// What an actor received.
#[derive(Debug)]
pub(super) enum Arrival {
    Line(Received),
    Marker,
    End(End),
}

/// How far a wait has come.
#[derive(Debug)]
struct Waiting {
    began: Instant,
    /// When the other actors were looked at last.
    looked: Instant,
    /// The markers that were sent to prove a loss.
    markers: Option<Vec<usize>>,
    /// How many lines have been passed over.
    passed_over: usize,
}

/// Whatever keeps arriving, no wait goes on for longer: far more than a slow server needs for one line.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// No scenario makes a member receive more lines than this while it waits for one.
const MOST_PASSED_OVER: usize = 100_000;

/// Waits until something arrives for the actor.
///
/// Lines of `eventually` steps, and in a `together` block the events of other members, are noted and passed over.
pub(super) async fn next(
    run: &ServerRun<'_>,
    actor: &Actor,
    awaited: Awaited<'_>,
) -> StepResult<Arrival> {
    let began = Instant::now();
    let mut waiting = Waiting {
        began,
        looked: began,
        markers: None,
        passed_over: 0,
    };
    loop {
        // Taking markers off is what makes `has_met` true.
        let head = actor.head();
        if let Awaited::Marker(number, _) = awaited
            && actor.has_met(&[number])
        {
            return Ok(Arrival::Marker);
        }
        if let Some(line) = head {
            let is_passed_over = passes_over(run, actor, &line, awaited);
            take(run, actor, &line);
            waiting.passed_over += 1;
            let is_wrong = || actor.violation.get().is_some_and(Violation::is_certain);
            if is_passed_over && (is_wrong() || waiting.passed_over > MOST_PASSED_OVER) {
                return Err(unlisted(actor, line));
            }
            if is_passed_over {
                continue;
            }
            return Ok(Arrival::Line(line));
        }
        let markers = waiting.markers.as_deref();
        if markers.is_some_and(|markers| actor.has_met(markers)) {
            return Err(missing(run, actor, awaited, Proof::Overtaken));
        }
        let Some(connection) = actor.connection() else {
            return Ok(Arrival::End(End::Fin));
        };
        if let Some(end) = connection.ended() {
            run.note(&actor.name, Happening::Ended { end });
            return Ok(Arrival::End(end));
        }
        if connection.is_flooded() {
            let actor = actor.name.clone();
            return Err(Abort::blaming(Problem::Flood { actor }, Violation::Flood));
        }
        tick(run, actor, awaited, &mut waiting).await?;
    }
}

/// Waits for activity, for a moment at most, and looks at the clock.
async fn tick(
    run: &ServerRun<'_>,
    actor: &Actor,
    awaited: Awaited<'_>,
    waiting: &mut Waiting,
) -> StepResult {
    const TICK: Duration = Duration::from_millis(20);
    let clock = &run.clock;
    tokio::select! {
        () = clock.activity.next() => {}
        () = tokio::time::sleep(TICK) => {}
    }
    clock.check_limit()?;
    let (stall, hang) = (clock.patience.stall, clock.patience.hang);
    // By the clock, and not only in silence: lines that another actor receives do not put off the verdict on them.
    if waiting.looked.elapsed() >= stall {
        waiting.looked = Instant::now();
        if let Some(crash) = run.crash() {
            return Err(crash);
        }
        look_for_unlisted(run, actor)?;
    }
    let quiet = clock.activity.quiet_for();
    if quiet >= stall && waiting.markers.is_none() {
        (clock.on_stall)();
        look_at_partial(run, actor, awaited)?;
        waiting.markers = Some(if run.conduct.probes {
            probe::send(run, actor, awaited).await
        } else {
            Vec::new()
        });
    }
    let waited = waiting.began.elapsed();
    if quiet >= hang || waited >= LONGEST_WAIT.max(hang) {
        let time = waited;
        let proof = if run.conduct.probes {
            Proof::Waited { time }
        } else {
            Proof::Stuck { time }
        };
        return Err(missing(run, actor, awaited, proof));
    }
    Ok(())
}

/// Whether a line is not the one that the step waits for, and yet no mistake.
fn passes_over(run: &ServerRun<'_>, actor: &Actor, line: &Received, awaited: Awaited<'_>) -> bool {
    let Some(text) = line.text() else {
        return false;
    };
    if matches!(awaited, Awaited::Line(listed) if matches(listed, text)) {
        return false;
    }
    let is_it = |listed: &String| matches(&run.listed(listed), text);
    if let Some(listed) = take_first(&actor.eventual, is_it) {
        let mut came_early = actor.came_early.borrow_mut();
        came_early.push(run.listed(&listed));
        return true;
    }
    run.concurrent.get()
        && actor.is_event_of_others(text)
        && actor.membership.get().is_some()
        && !matches!(awaited, Awaited::Event)
}

/// Takes the line at the head of the inbox, and notes what it tells.
fn take(run: &ServerRun<'_>, actor: &Actor, line: &Received) {
    if let Some(connection) = actor.connection() {
        connection.pop();
    }
    let text = Excerpt::of(line.bytes());
    run.note(&actor.name, Happening::Received { text });
    blame::judge(run, actor, line);
    if actor.violation.get() == Some(Violation::EmptyMessage) && !run.tongue.ignores_empty_lines() {
        actor.violation.set(None);
    }
    let Some(text) = line.text() else { return };
    if actor.violation.get().is_none() {
        actor.learn(text);
    }
    let Some(event) = Event::parse(text) else {
        return;
    };
    if let Some(membership) = actor.membership.get()
        && !is_own(&event)
    {
        run.history.borrow_mut().received(membership, event);
    }
    if let Event::Left(nickname) = event {
        left(run, nickname);
    }
}

/// Somebody has been told that a member left: its reset has been noticed, or the server has dropped it.
fn left(run: &ServerRun<'_>, nickname: &str) {
    for actor in run.actors(|actor| *actor.nickname.borrow() == nickname) {
        let is_paused = || {
            let connection = actor.connection();
            connection.is_some_and(|connection| connection.is_paused())
        };
        match actor.presence.get() {
            Presence::Reset => actor.change(Presence::observe_left),
            Presence::Member if is_paused() => {
                actor.change(Presence::observe_left);
                if let Some(membership) = actor.membership.get() {
                    run.history.borrow_mut().left(membership, true);
                }
            }
            _ => {}
        }
    }
}

fn missing(run: &ServerRun<'_>, actor: &Actor, awaited: Awaited<'_>, proof: Proof) -> Abort {
    let name = actor.name.clone();
    let problem = match awaited {
        Awaited::End => Problem::StillOpen {
            actor: name,
            waited: match proof {
                Proof::Waited { time } | Proof::Stuck { time } => time,
                Proof::Overtaken => run.clock.patience.hang,
            },
        },
        _ => Problem::Missing {
            actor: name,
            expected: awaited.expectation(),
            proof,
            partial: actor.partial(),
        },
    };
    let listed = awaited.expectation();
    let unfinished = listed
        .text()
        .and_then(|listed| by_unfinished(actor, listed));
    Abort::blaming(problem, unfinished)
}

/// Bytes without an LF that cannot become the listed line are a verdict already.
fn look_at_partial(run: &ServerRun<'_>, actor: &Actor, awaited: Awaited<'_>) -> StepResult {
    // Other lines may come before a marker, and it ends whatever has no LF.
    let Awaited::Line(listed) = awaited else {
        return Ok(());
    };
    // Whole lines have arrived meanwhile, and come first.
    if actor.head().is_some() {
        return Ok(());
    }
    // A list may come in any order, and it is awaited name by name.
    let is_list = listed.starts_with("* here ");
    let listed = if is_list { "* here" } else { listed };
    let partial = actor.partial();
    let may_become = |line: &str| {
        let length = partial.len().min(line.len());
        partial[..length] == line.as_bytes()[..length]
            && (partial.len() <= line.len() || line.starts_with(['*', '!']))
    };
    let eventual = actor.eventual.borrow();
    if partial.is_empty()
        || run.concurrent.get()
        || may_become(listed)
        || eventual.iter().any(|line| may_become(line))
        || actor.may_be_taken_off(&partial)
    {
        return Ok(());
    }
    let time = run.clock.patience.stall;
    Err(missing(run, actor, awaited, Proof::Waited { time }))
}

/// The connection has ended where something else was listed.
pub(super) fn ended(run: &ServerRun<'_>, actor: &Actor, expected: Expectation, end: End) -> Abort {
    let listed = expected.text();
    let violation = listed.and_then(|listed| by_unfinished(actor, listed));
    let problem = Problem::Ended {
        actor: actor.name.clone(),
        expected,
        end,
        partial: actor.partial(),
    };
    run.crash_or(Abort::blaming(problem, violation))
}
