//! Checks that a transcript is determined: a correct server can produce nothing else.
//!
//! If an actor acts before the previous act of another has been observed (received, answered, ended), a correct server may
//! process the two in either order. Such a scenario is refused, unless it says `together`.

mod acts;
mod observe;
mod state;

use std::ops::Range;

use self::state::{Checked, State};
use super::ast::{Scenario, Step, StepKind, Who};
use super::branches::{branches, is_observable, only_actor};
use super::counters::Counters;
use super::diagnostic::Diagnostic;
use super::presence::Presence;

/// Returns the first step, if any, whose outcome depends on chance or that cannot be performed.
pub(crate) fn determined(scenario: &Scenario) -> Option<Diagnostic> {
    let mut state = State::default();
    steps(&mut state, &scenario.steps, &Counters::default())
        .and_then(|()| end(&state))
        .err()
}

fn steps(state: &mut State, block: &[Step], counters: &Counters) -> Checked {
    block
        .iter()
        .try_for_each(|next| step(state, next, counters))
}

fn step(state: &mut State, step: &Step, counters: &Counters) -> Checked {
    match &step.kind {
        StepKind::Act { actor, act } => state.act(&actor.text(counters), act, counters, &step.span),
        StepKind::Await {
            who: Who::Others,
            what,
            ..
        } => {
            let members = state
                .actors
                .iter()
                .filter(|(_, actor)| actor.presence == Presence::Member && !actor.paused);
            let others: Vec<_> = members.map(|(name, _)| name.clone()).collect();
            others
                .iter()
                .for_each(|name| state.observe(name, what, counters));
            Ok(())
        }
        StepKind::Await {
            who: Who::Actor(actor),
            what,
            ..
        } => {
            let name = actor.text(counters);
            if !state.actors.contains_key(&name) {
                let message = format!("{name} has not connected");
                return Err(Diagnostic::new(step.span.clone(), message));
            }
            state.observe(&name, what, counters);
            Ok(())
        }
        StepKind::Wins { actors, .. } => {
            let [winner, loser] = actors.each_ref().map(|actor| actor.text(counters));
            state.wins(&winner, &loser, &step.span)
        }
        StepKind::Agree { .. } => {
            state.unsettled = None;
            state.settle_all();
            Ok(())
        }
        // The parser rejects such a step in a scenario that checks a server.
        StepKind::Client { .. } => Ok(()),
        StepKind::Server(act) => state.server(*act, &step.span),
        StepKind::Repeat { turns, body } => {
            let mut turns = turns.within(counters).into_iter();
            turns.try_for_each(|inner| steps(state, body, &inner))
        }
        StepKind::Within(_, body) => steps(state, body, counters),
        StepKind::Together(body) => together(state, body, counters, &step.span),
    }
}

fn together(state: &mut State, body: &[Step], counters: &Counters, span: &Range<usize>) -> Checked {
    let mut branches = branches(body)?;
    let acting = |branch: &Vec<&Step>| branch.iter().any(|step| is_observable(step));
    let concurrent = branches.iter().filter(|branch| acting(branch)).count() > 1;
    branches.sort_by_key(|branch| !acting(branch));
    if concurrent {
        state.nothing_pending(None, span)?;
    }
    let outer = std::mem::replace(&mut state.concurrent, concurrent);
    let acting = branches.iter().filter(|branch| acting(branch));
    let names = acting.filter_map(|branch| only_actor(branch.first()?));
    let names = names.map(|name| name.text(counters)).collect();
    let checked = branches
        .into_iter()
        .flatten()
        .try_for_each(|next| step(state, next, counters));
    state.concurrent = outer;
    if concurrent {
        state.unsettled = Some((span.clone(), names));
        state
            .actors
            .values_mut()
            .for_each(|actor| actor.pending.clear());
    }
    checked
}

/// Checks that nothing is left open after the last step.
fn end(state: &State) -> Checked {
    if let Some((span, _)) = &state.unsettled {
        return Err(Diagnostic::new(
            span.clone(),
            "several actors act together, but no step compares what they received",
        )
        .help("end with `everyone agrees`"));
    }
    let is_member = |presence| presence == Presence::Member;
    let members = state
        .actors
        .values()
        .filter(|actor| is_member(actor.presence))
        .count();
    for (name, actor) in &state.actors {
        let mistake = |message: String, help: String| {
            Err(Diagnostic::new(actor.acted.clone(), message).help(help))
        };
        let alone = is_member(actor.presence) && members == 1;
        if !actor.pending.is_empty() && !alone {
            return mistake(
                format!("nobody receives what {name} did here"),
                "a transcript is complete: list every line that comes".to_owned(),
            );
        }
        if actor.presence == Presence::Leaving {
            return mistake(
                format!("{name} leaves, but its connection does not end"),
                format!("list the goodbye and `{name} is closed`"),
            );
        }
        if !actor.sent.is_complete() {
            return mistake(
                format!("the last line of {name} has no end"),
                format!("send the LF, or let {name} leave"),
            );
        }
    }
    Ok(())
}
