//! One step after the other.

use std::future::Future;
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use super::actor::State;
use super::blame::Violation;
use super::fence::Strictness;
use super::stage::{Played, Stage, Stop};
use super::{acts, awaits};
use crate::runner::outcome::StepPlace;
use crate::runner::problem::Problem;
use crate::runner::trace::{Happening, StopSignal};
use crate::runner::unrolled::Cue;
use crate::scenario::{Counters, ServerAct, Step, StepKind, Template};

/// Performs all steps, and then proves that nothing else comes.
pub(super) async fn scenario(stage: &Stage<'_>) -> Played {
    stage.meet_strangers().await?;
    for (at, cue) in stage.cues.iter().enumerate() {
        stage.begun.set(at + 1);
        stage.chronicle.borrow_mut().next_phase();
        perform(stage, cue).await?;
    }
    if stage.stopping.get() {
        Ok(())
    } else {
        stage.last_fence().await
    }
}

fn perform<'a>(
    stage: &'a Stage<'_>,
    cue: &'a Cue<'_>,
) -> Pin<Box<dyn Future<Output = Played> + 'a>> {
    Box::pin(async move {
        match cue {
            Cue::Step(step, counters) => step_at(stage, step, counters).await,
            Cue::Together(branches) => together(stage, branches).await,
            Cue::Within(limit, body) => {
                stage.within.set(Some((Instant::now(), *limit)));
                for cue in body {
                    perform(stage, cue).await?;
                }
                stage.within.set(None);
                Ok(())
            }
        }
    })
}

async fn together(stage: &Stage<'_>, branches: &[Vec<Cue<'_>>]) -> Played {
    let outer = stage.concurrent.replace(true);
    let play = |branch| async move {
        for cue in branch {
            perform(stage, cue).await?;
            // The others get their turn between any two steps.
            tokio::task::yield_now().await;
        }
        Ok(())
    };
    let played = all(branches.iter().map(play).collect()).await;
    stage.concurrent.set(outer);
    played
}

/// Drives all branches at the same time, until the first one fails or all are done.
async fn all(branches: Vec<impl Future<Output = Played>>) -> Played {
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
                Poll::Ready(Err(stop)) => return Poll::Ready(Err(stop)),
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

async fn step_at(stage: &Stage<'_>, step: &Step, counters: &Counters) -> Played {
    let (played, named) = match &step.kind {
        StepKind::Act { actor, act } => (
            acts::perform(stage, &actor.text(counters), act, counters).await,
            None,
        ),
        StepKind::Await { who, what, blame } => (
            awaits::perform(stage, who, what, counters).await,
            blame.as_ref(),
        ),
        StepKind::Agree { actors } => (agree(stage, actors, counters).await, None),
        // The parser lets no such step into a scenario that checks a server.
        StepKind::Client { .. } => (Ok(()), None),
        StepKind::Server(act) => (server(stage, *act).await, None),
        // Loops have been unrolled.
        StepKind::Repeat { .. } | StepKind::Together(_) | StepKind::Within(..) => (Ok(()), None),
    };
    played.map_err(|stop| Stop {
        blame: stop.blame.or_else(|| named.cloned()),
        step: stop.step.or_else(|| {
            Some(StepPlace {
                line: step.line,
                counters: counters.values().to_vec(),
            })
        }),
        ..stop
    })
}

async fn agree(stage: &Stage<'_>, actors: &[Template], counters: &Counters) -> Played {
    stage.fence(Strictness::Events).await?;
    let names: Vec<_> = actors.iter().map(|actor| actor.text(counters)).collect();
    stage
        .chronicle
        .borrow()
        .judge(&names)
        .map_err(|contradiction| Stop::new(Problem::Disagreement { contradiction }))
}

async fn server(stage: &Stage<'_>, act: ServerAct) -> Played {
    /// After this long a server that was told to end must have ended (STOP-1).
    const EXIT: Duration = Duration::from_secs(5);
    match act {
        ServerAct::Interrupted | ServerAct::Terminated => {
            stage.stopping.set(true);
            stage
                .actors
                .borrow()
                .values()
                .filter(|actor| actor.state.get() != State::Away)
                .for_each(|actor| acts::leaving(stage, actor));
            let (noted, signal) = if act == ServerAct::Interrupted {
                (StopSignal::Sigint, Signal::SIGINT)
            } else {
                (StopSignal::Sigterm, Signal::SIGTERM)
            };
            stage.note_process(Happening::Signalled { signal: noted });
            stage.process().inspect(|process| process.signal(signal));
        }
        ServerAct::Exits => {
            let waited = EXIT.max(stage.patience.hang);
            let Some(process) = stage.process() else {
                return Ok(());
            };
            match process.wait(waited).await {
                None => {
                    return Err(Stop::blaming(
                        Problem::StillRunning { waited },
                        Violation::BadExit,
                    ));
                }
                Some(exit) if !exit.is_success() => {
                    return Err(Stop::blaming(
                        Problem::ExitStatus { exit },
                        Violation::BadExit,
                    ));
                }
                Some(exit) => stage.note_process(Happening::Exited { exit }),
            }
        }
        ServerAct::Restarts => {
            stage.note_process(Happening::Restarted);
            stage.forget_process().await;
            stage.stopping.set(false);
        }
    }
    Ok(())
}
