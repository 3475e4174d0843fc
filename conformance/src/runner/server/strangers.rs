//! Strangers: members of a server that was running before who do not belong to the scenario.

use driver::wire::ServerLine;
use tokio::time::timeout;

use super::abort::StepResult;
use super::awaited::Awaited;
use super::awaits::line;
use super::fence::extra_member;
use super::own::FENCE;
use super::run::ServerRun;
use super::wait::{Arrival, next};
use crate::runner::outcome::Outcome;
use crate::scenario::presence::Presence;

/// Asks a server that was running before who is in the room, so that strangers are not counted as members of the scenario.
pub(super) async fn meet_strangers(run: &ServerRun<'_>) -> StepResult {
    if run.alias.is_plain() {
        return Ok(());
    }
    meet(run).await?;
    run.alias.begin();
    Ok(())
}

async fn meet(run: &ServerRun<'_>) -> StepResult {
    if !run.tongue.has_list() || !run.tongue.has_count() {
        return Ok(());
    }
    let nickname = run.alias.nickname(FENCE);
    let extra = extra_member(run, &nickname).await?;
    let welcome = line(run, &extra, &format!("* welcome {nickname}")).await?;
    let ServerLine::Welcome { count, .. } = ServerLine::parse(&welcome) else {
        return Ok(());
    };
    for _ in 0..count.unwrap_or(0) {
        let here = line(run, &extra, "* here").await?;
        run.alias
            .meet(ServerLine::parse(&here).nickname().unwrap_or_default());
    }
    extra.change(Presence::leave);
    run.send(&extra, b"<quit>\n").await?;
    while !matches!(next(run, &extra, Awaited::End).await?, Arrival::End(_)) {}
    Ok(())
}

/// A failure says nothing if somebody came in or left meanwhile. Called when the scenario's own members have left.
pub(super) async fn unless_disturbed(run: &ServerRun<'_>, outcome: Outcome) -> Outcome {
    if run.alias.is_plain() || !matches!(outcome, Outcome::Failed(_)) {
        return outcome;
    }
    let by = match run.alias.intruder() {
        Some(nickname) => Some(nickname),
        // Who came or left unseen shows in who is there now.
        None => {
            let before = run.alias.forget_strangers();
            let met = timeout(run.clock.patience.hang, meet(run)).await;
            let is_met = matches!(met, Ok(Ok(())));
            is_met.then(|| run.alias.changed_since(&before)).flatten()
        }
    };
    by.map_or(outcome, |by| Outcome::Disturbed { by })
}
