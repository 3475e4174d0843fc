//! Performs one step after the other.

use std::future::Future;
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use super::abort::{Abort, StepResult};
use super::clock::with_slack;
use super::fence::{Before, fence, last_fence};
use super::run::ServerRun;
use super::strangers::meet_strangers;
use super::violation::Violation;
use super::{acts, awaits, wins};
use crate::runner::outcome::StepPlace;
use crate::runner::problem::Problem;
use crate::runner::trace::{Happening, StopSignal};
use crate::runner::unrolled::Unrolled;
use crate::scenario::presence::Presence;
use crate::scenario::{Counters, ServerAct, Step, StepKind, Template};

/// Performs all steps, and then proves that nothing else comes.
pub(super) async fn scenario(run: &ServerRun<'_>) -> StepResult {
    meet_strangers(run).await?;
    for (index, unrolled) in run.script.steps.iter().enumerate() {
        run.script.begin(index);
        run.history.borrow_mut().next_phase();
        perform(run, unrolled).await?;
    }
    if run.server.is_stopping.get() {
        Ok(())
    } else {
        last_fence(run).await
    }
}

fn perform<'a>(
    run: &'a ServerRun<'_>,
    unrolled: &'a Unrolled<'_>,
) -> Pin<Box<dyn Future<Output = StepResult> + 'a>> {
    Box::pin(async move {
        match unrolled {
            Unrolled::Step(step, counters) => perform_step(run, step, counters).await,
            Unrolled::Together(branches) => together(run, branches).await,
            Unrolled::Within(limit, body) => {
                run.clock.begin_block(*limit, unrolled.round_trips());
                for unrolled in body {
                    perform(run, unrolled).await?;
                }
                run.clock.end_block()
            }
        }
    })
}

async fn together(run: &ServerRun<'_>, branches: &[Vec<Unrolled<'_>>]) -> StepResult {
    let outer = run.concurrent.replace(true);
    let perform_branch = |branch| async move {
        for unrolled in branch {
            perform(run, unrolled).await?;
            // The other branches get their turn between any two steps.
            tokio::task::yield_now().await;
        }
        Ok(())
    };
    let result = try_join_all(branches.iter().map(perform_branch).collect()).await;
    run.concurrent.set(outer);
    result
}

/// Drives all branches at the same time, until the first one fails or all are done. Branches are polled in order, so that
/// of two failures the earlier branch's is reported.
async fn try_join_all(branches: Vec<impl Future<Output = StepResult>>) -> StepResult {
    let mut branches: Vec<_> = branches
        .into_iter()
        .map(|branch| Some(Box::pin(branch)))
        .collect();
    std::future::poll_fn(|context| {
        for slot in &mut branches {
            let Some(branch) = slot else { continue };
            match branch.as_mut().poll(context) {
                Poll::Pending => {}
                Poll::Ready(Ok(())) => *slot = None,
                Poll::Ready(Err(abort)) => return Poll::Ready(Err(abort)),
            }
        }
        if branches.iter().all(Option::is_none) {
            Poll::Ready(Ok(()))
        } else {
            Poll::Pending
        }
    })
    .await
}

async fn perform_step(run: &ServerRun<'_>, step: &Step, counters: &Counters) -> StepResult {
    let result = match &step.kind {
        StepKind::Act { actor, act } => {
            acts::perform(run, &actor.text(counters), act, counters).await
        }
        StepKind::Await { who, what, .. } => awaits::perform(run, who, what, counters).await,
        StepKind::Wins { actors, .. } => {
            let [winner, loser] = actors.each_ref().map(|actor| actor.text(counters));
            wins::perform(run, &winner, &loser).await
        }
        StepKind::Agree { actors } => agree(run, actors, counters).await,
        StepKind::Server(act) => server(run, *act).await,
        // The parser refuses steps of a client in a scenario that checks a server, and blocks have been unrolled.
        StepKind::Client { .. }
        | StepKind::Repeat { .. }
        | StepKind::Together(_)
        | StepKind::Within(..) => Ok(()),
    };
    result.map_err(|abort| {
        let place = StepPlace {
            line: step.line,
            counters: counters.values(),
        };
        Abort {
            blame: abort.blame.or_else(|| step.kind.blame().cloned()),
            step: abort.step.or(Some(place)),
            ..abort
        }
    })
}

async fn agree(run: &ServerRun<'_>, actors: &[Template], counters: &Counters) -> StepResult {
    fence(run, Before::Events).await?;
    let names: Vec<_> = actors.iter().map(|actor| actor.text(counters)).collect();
    let judged = run.history.borrow().judge(&names, run.tongue.has_list());
    judged.map_err(|contradiction| Abort::new(Problem::Disagreement { contradiction }))
}

async fn server(run: &ServerRun<'_>, act: ServerAct) -> StepResult {
    match act {
        ServerAct::Interrupted => signal(run, StopSignal::Sigint, Signal::SIGINT),
        ServerAct::Terminated => signal(run, StopSignal::Sigterm, Signal::SIGTERM),
        ServerAct::Exits => exits(run).await?,
        ServerAct::Restarts => {
            run.note_process(Happening::Restarted);
            run.server.stop().await;
            run.server.is_stopping.set(false);
            run.server.signalled.set(None);
        }
    }
    Ok(())
}

fn signal(run: &ServerRun<'_>, signal: StopSignal, number: Signal) {
    run.server.is_stopping.set(true);
    if run.server.signalled.get().is_none() {
        run.server.signalled.set(Some(Instant::now()));
    }
    run.server.is_terminated.set(signal == StopSignal::Sigterm);
    for actor in run.actors(|actor| actor.presence.get() != Presence::Away) {
        run.begin_leaving(&actor);
    }
    run.note_process(Happening::Signalled { signal });
    run.server.signal(number);
}

/// Waits for exit status 0.
async fn exits(run: &ServerRun<'_>) -> StepResult {
    /// A server that was told to end must have ended after this time (STOP-1).
    const LIMIT: Duration = Duration::from_secs(5);
    let begun = run.server.signalled.get().unwrap_or_else(Instant::now);
    let left = with_slack(LIMIT).saturating_sub(begun.elapsed());
    let Some(ended) = run.server.wait(left).await else {
        return Ok(());
    };
    let waited = begun.elapsed();
    let problem = match ended {
        None => Problem::StillRunning { waited },
        Some(exit) if !exit.is_success() && run.tongue.ends_in_order() => {
            Problem::ExitStatus { exit }
        }
        Some(exit) => {
            run.note_process(Happening::Exited { exit });
            return Ok(());
        }
    };
    let violation = match run.server.is_terminated.get() {
        true => Violation::BadExitAfterSigterm,
        false => Violation::BadExit,
    };
    Err(Abort::blaming(problem, violation))
}
