//! Whether a step lists a line.

use driver::wire::Received;

use super::abort::StepResult;
use super::actor::Actor;
use super::blame;
use super::run::ServerRun;
use super::text_match::matches;
use super::unlisted::unlisted;
use crate::scenario::presence::Presence;
use crate::scenario::{Act, Await, StepKind, Who};

/// A line that waits at another actor and that no later step lists is a verdict already.
pub(super) fn look_for_unlisted(run: &ServerRun<'_>, waiting: &Actor) -> StepResult {
    if run.concurrent.get() {
        return Ok(());
    }
    let others = run.actors(|actor| {
        let reads = actor.is_listening() || actor.presence.get() == Presence::Naming;
        actor.name != waiting.name && reads
    });
    for actor in others {
        let Some(line) = actor.head() else { continue };
        if !is_listed_next(run, &actor, &line) {
            blame::judge(run, &actor, &line);
            return Err(unlisted(&actor, line));
        }
    }
    Ok(())
}

/// Whether the next step that asks the actor for a line may ask for this one.
fn is_listed_next(run: &ServerRun<'_>, actor: &Actor, line: &Received) -> bool {
    let Some(text) = line.text() else {
        return false;
    };
    let is_it = |listed: &str| matches(&run.listed(listed), text);
    let eventual = actor.eventual.borrow();
    if eventual.iter().any(|listed| is_it(listed)) {
        return true;
    }
    // The step that is being performed counts, too: it may be for several actors.
    for (step, counters) in run.script.ahead() {
        match &step.kind {
            StepKind::Await {
                who: Who::Others,
                what: Await::Line(listed) | Await::Perhaps(listed),
                ..
            } if is_it(&listed.text(counters)) => return true,
            StepKind::Await {
                who: Who::Actor(name),
                what,
                ..
            } if name.text(counters) == actor.name => match what {
                Await::Line(listed) if run.tongue.passes_over(actor, &listed.text(counters)) => {}
                Await::Line(listed) => return is_it(&listed.text(counters)),
                Await::Perhaps(listed) if !is_it(&listed.text(counters)) => {}
                _ => return true,
            },
            StepKind::Act {
                actor: name,
                act: Act::Closes,
            } if name.text(counters) == actor.name => return true,
            StepKind::Agree { .. } => return true,
            _ => {}
        }
    }
    false
}

/// Whether a step that is performed now or later lists a line with this beginning for the actor.
pub(super) fn is_listed_later(run: &ServerRun<'_>, actor: &Actor, start: &str) -> bool {
    run.script.ahead().any(|(step, counters)| match &step.kind {
        StepKind::Await {
            who: Who::Actor(name),
            what: Await::Line(line),
            ..
        } => name.text(counters) == actor.name && line.text(counters).starts_with(start),
        _ => false,
    })
}
