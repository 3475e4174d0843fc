//! Performs one step after the other.

use std::time::Duration;

use driver::process::ClientCommand;
use driver::wire::{End, ServerLine};

use super::abort::{Abort, StepResult};
use super::connect::connect;
use super::run::ClientRun;
use super::{expect, fence};
use crate::runner::outcome::StepPlace;
use crate::runner::trace::Happening;
use crate::runner::unrolled::{Unrolled, unroll};
use crate::scenario::{ClientStep, Counters, Scenario, StepKind};

/// Performs all steps, and then proves that nothing else comes. On failure, the step is known, too.
pub(super) async fn scenario(
    run: &mut ClientRun<'_>,
    scenario: &Scenario,
    command: &ClientCommand,
) -> Result<(), (Abort, Option<StepPlace>)> {
    let steps = unroll(&scenario.steps, &Counters::default());
    for (step, counters) in steps.iter().flat_map(Unrolled::steps) {
        let StepKind::Client {
            actor,
            step: client_step,
            blame,
        } = &step.kind
        else {
            continue;
        };
        run.actor = actor.text(counters);
        let result = perform(run, command, client_step, counters, step.line).await;
        result.map_err(|abort| {
            let place = StepPlace {
                line: step.line,
                counters: counters.values(),
            };
            (abort.or_blame(blame.clone()), Some(place))
        })?;
    }
    fence::last_fence(run)
        .await
        .map_err(|abort| (abort, None))?;
    fence::check_forbidden(run).map_err(|(abort, line)| {
        let counters = Vec::new();
        (abort, Some(StepPlace { line, counters }))
    })
}

async fn perform(
    run: &mut ClientRun<'_>,
    command: &ClientCommand,
    step: &ClientStep,
    counters: &Counters,
    line: usize,
) -> StepResult {
    let text = step.text().map(|text| text.bytes(counters));
    let text = text.unwrap_or_default();
    let with_lf = || [&text, &b"\n"[..]].concat();
    match step {
        ClientStep::Connects => connect(run, command).await?,
        ClientStep::Joins => joins(run, command).await?,
        ClientStep::Says(_) => expect::line(run, &text).await?,
        ClientStep::EventuallySays(_) => expect::eventually(run, &text).await?,
        ClientStep::Hears(_) => run.send(&with_lf()).await?,
        ClientStep::Receives(_) => receives(run, &text).await?,
        ClientStep::IsSilent => expect::silence(run).await?,
        ClientStep::Types(_) => run.type_in(&with_lf()).await?,
        ClientStep::Leaves => {
            run.note(Happening::InputEnded);
            run.is_member = false;
            run.program_mut().end_input();
        }
        ClientStep::Shows(_) => expect::shown(run, &text).await?,
        ClientStep::Tells => expect::anything_shown(run).await?,
        ClientStep::NeverShows(_) => run.forbidden.push((text, line)),
        ClientStep::Closes => expect::close(run).await?,
        ClientStep::IsClosed => {
            run.is_member = false;
            if let Some(peer) = &mut run.peer {
                peer.close();
            }
            run.note(Happening::Ended { end: End::Fin });
        }
    }
    Ok(())
}

async fn joins(run: &mut ClientRun<'_>, command: &ClientCommand) -> StepResult {
    connect(run, command).await?;
    let nickname = run.actor.clone();
    expect::line(run, nickname.as_bytes()).await?;
    let welcome = ServerLine::welcome(&nickname, 0);
    run.send(format!("{welcome}\n").as_bytes()).await?;
    // A client may hold back what is typed before it knows that it is a member: wait until it knows.
    fence::shows_marker(run).await
}

async fn receives(run: &mut ClientRun<'_>, bytes: &[u8]) -> StepResult {
    /// Time between a piece of a line and its rest. Nothing tells when the client has read a piece; a client that is
    /// slower reads both at once, and passes.
    const BETWEEN_PIECES: Duration = Duration::from_millis(30);
    run.send(bytes).await?;
    if !bytes.ends_with(b"\n") {
        tokio::time::sleep(BETWEEN_PIECES).await;
    }
    Ok(())
}
