//! The steps of a scenario with their loops unrolled.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::scenario::branches::branches;
use crate::scenario::{Act, Counters, Step, StepKind};

/// One step, or a block of steps that are performed in a special way.
#[derive(Debug)]
pub(crate) enum Unrolled<'a> {
    /// A step, and the counters of the loops around it.
    Step(&'a Step, Counters),
    /// Branches that are performed at the same time.
    Together(Vec<Vec<Unrolled<'a>>>),
    /// A block with a time limit.
    Within(Duration, Vec<Unrolled<'a>>),
}

/// Unrolls the loops.
pub(crate) fn unroll<'a>(
    steps: impl IntoIterator<Item = &'a Step>,
    counters: &Counters,
) -> Vec<Unrolled<'a>> {
    let mut unrolled = Vec::new();
    for step in steps {
        match &step.kind {
            StepKind::Repeat { turns, body } => {
                let turns = turns.within(counters);
                unrolled.extend(turns.iter().flat_map(|inner| unroll(body, inner)));
            }
            StepKind::Together(body) => {
                // The parser refuses a body without branches.
                let branches = branches(body).unwrap_or_default();
                let branches = branches.into_iter().map(|branch| unroll(branch, counters));
                unrolled.push(Unrolled::Together(branches.collect()));
            }
            StepKind::Within(limit, body) => {
                unrolled.push(Unrolled::Within(*limit, unroll(body, counters)));
            }
            _ => unrolled.push(Unrolled::Step(step, counters.clone())),
        }
    }
    unrolled
}

impl<'a> Unrolled<'a> {
    /// The steps in it, in the order in which they are written.
    pub(crate) fn steps(&self) -> Vec<(&'a Step, &Counters)> {
        match self {
            Self::Step(step, counters) => vec![(step, counters)],
            Self::Together(branches) => branches.iter().flatten().flat_map(Self::steps).collect(),
            Self::Within(_, body) => body.iter().flat_map(Self::steps).collect(),
        }
    }

    /// How often something is awaited right after somebody has acted.
    pub(super) fn round_trips(&self) -> u32 {
        let is_act = |step: &Step| matches!(step.kind, StepKind::Act { .. });
        let steps = self.steps();
        let pairs = steps.windows(2);
        let round_trips = pairs.filter(|pair| is_act(pair[0].0) && !is_act(pair[1].0));
        u32::try_from(round_trips.count()).unwrap_or(u32::MAX)
    }
}

/// The names of the actors with an act that fulfils the condition.
pub(crate) fn actors_who(steps: &[Unrolled<'_>], condition: fn(&Act) -> bool) -> BTreeSet<String> {
    let steps = steps.iter().flat_map(Unrolled::steps);
    let names = steps.filter_map(|(step, counters)| match &step.kind {
        StepKind::Act { actor, act } if condition(act) => Some(actor.text(counters)),
        _ => None,
    });
    names.collect()
}
