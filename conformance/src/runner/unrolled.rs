//! The steps of a scenario with their loops unrolled.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::scenario::branches::branches;
use crate::scenario::{Act, Counters, Step, StepKind};

/// One thing to do, or several at the same time.
#[derive(Debug)]
pub(crate) enum Cue<'a> {
    /// A step, and the counters around it.
    Step(&'a Step, Counters),
    /// Branches that go on at the same time.
    Together(Vec<Vec<Cue<'a>>>),
    /// A block with a time limit.
    Within(Duration, Vec<Cue<'a>>),
}

/// Unrolls the loops.
pub(crate) fn unroll<'a>(
    steps: impl IntoIterator<Item = &'a Step>,
    counters: &Counters,
) -> Vec<Cue<'a>> {
    let mut cues = Vec::new();
    for step in steps {
        match &step.kind {
            StepKind::Repeat {
                times,
                counter,
                body,
            } => {
                for n in 1..=*times {
                    cues.extend(unroll(body, &counters.with(counter, n)));
                }
            }
            StepKind::Together(body) => {
                // The parser's check has refused a body without branches.
                let branches = branches(body).unwrap_or_default();
                cues.push(Cue::Together(
                    branches
                        .into_iter()
                        .map(|branch| unroll(branch, counters))
                        .collect(),
                ));
            }
            StepKind::Within(limit, body) => cues.push(Cue::Within(*limit, unroll(body, counters))),
            _ => cues.push(Cue::Step(step, counters.clone())),
        }
    }
    cues
}

impl<'a> Cue<'a> {
    /// The steps in it, in the order in which they are written.
    pub(crate) fn steps(&self) -> Vec<(&'a Step, &Counters)> {
        match self {
            Self::Step(step, counters) => vec![(step, counters)],
            Self::Together(branches) => branches.iter().flatten().flat_map(Cue::steps).collect(),
            Self::Within(_, body) => body.iter().flat_map(Cue::steps).collect(),
        }
    }
}

/// The names of the actors who do something that fulfils the condition.
pub(crate) fn actors_who(cues: &[Cue<'_>], condition: fn(&Act) -> bool) -> BTreeSet<String> {
    let steps = cues.iter().flat_map(Cue::steps);
    let names = steps.filter_map(|(step, counters)| match &step.kind {
        StepKind::Act { actor, act } if condition(act) => Some(actor.text(counters)),
        _ => None,
    });
    names.collect()
}
