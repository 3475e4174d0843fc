//! A line that no step lists.

use driver::wire::Received;

use super::abort::Abort;
use super::actor::Actor;
use crate::runner::problem::Problem;

/// A line came for which no step asks.
pub(super) fn unlisted(actor: &Actor, received: Received) -> Abort {
    let violation = actor
        .violation
        .get()
        .or(actor.violation_unless_listed.get());
    let actor = actor.name.clone();
    Abort::blaming(Problem::Unlisted { actor, received }, violation)
}
