//! A line that no step lists.

use driver::wire::{Event, Received};

use super::abort::Abort;
use super::actor::Actor;
use super::violation::Violation;
use crate::runner::problem::Problem;

/// A line came for which no step asks.
pub(super) fn unlisted(actor: &Actor, received: Received) -> Abort {
    let violation = actor
        .violation
        .get()
        .or(actor.violation_unless_listed.get());
    let problem = ghost(actor, &received).unwrap_or_else(|| Problem::Unlisted {
        actor: actor.name.clone(),
        received,
    });
    Abort::blaming(problem, violation)
}

/// The problem of a line that shows that the end of somebody's side was taken for an empty line.
pub(super) fn ghost(actor: &Actor, received: &Received) -> Option<Problem> {
    if actor.violation.get() != Some(Violation::Ghost) {
        return None;
    }
    let event = Event::parse(received.text()?)?;
    Some(Problem::Ghost {
        actor: actor.name.clone(),
        member: event.nickname().to_owned(),
        received: received.clone(),
    })
}
