//! Branches of a `together` block.

use super::ast::{Act, Step, StepKind, Who};
use super::diagnostic::Diagnostic;
use super::text::Template;

/// Splits a `together` block into branches: one for each actor, with its steps in order.
///
/// # Errors
/// A step does not belong to exactly one actor.
pub(crate) fn branches(body: &[Step]) -> Result<Vec<Vec<&Step>>, Diagnostic> {
    let mut branches: Vec<(&Template, Vec<&Step>)> = Vec::new();
    for step in body {
        let actor = only_actor(step).ok_or_else(|| {
            Diagnostic::new(
                step.span.clone(),
                "a step inside `together` must belong to one actor",
            )
            .help(
                "the steps of one actor follow one another, and different actors act concurrently",
            )
        })?;
        match branches.iter_mut().find(|(name, _)| *name == actor) {
            Some((_, steps)) => steps.push(step),
            None => branches.push((actor, vec![step])),
        }
    }
    Ok(branches.into_iter().map(|(_, steps)| steps).collect())
}

/// The only actor of a step, if there is one.
pub(super) fn only_actor(step: &Step) -> Option<&Template> {
    match &step.kind {
        StepKind::Act { actor, .. }
        | StepKind::Await {
            who: Who::Actor(actor),
            ..
        } => Some(actor),
        StepKind::Repeat { body, .. } | StepKind::Within(_, body) => {
            let mut actors = body.iter().map(only_actor);
            let first = actors.next()??;
            actors.all(|actor| actor == Some(first)).then_some(first)
        }
        _ => None,
    }
}

/// Whether others can observe the step.
pub(super) fn is_observable(step: &Step) -> bool {
    match &step.kind {
        StepKind::Act { act, .. } => !matches!(
            act,
            Act::Connects | Act::Stays | Act::StopsReading | Act::ResumesReading
        ),
        other => other.body().iter().any(is_observable),
    }
}
