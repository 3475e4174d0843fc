//! The unrolled steps of a scenario, and how far it has come.

use std::cell::Cell;
use std::collections::BTreeSet;

use crate::runner::unrolled::{Unrolled, actors_who, unroll};
use crate::scenario::{Act, Await, Counters, Scenario, Step, StepKind, Who};

/// The steps of a scenario.
pub(super) struct Script<'a> {
    pub(super) steps: Vec<Unrolled<'a>>,
    /// How many of `steps` have begun.
    begun: Cell<usize>,
    /// The actors that will stop reading.
    pub(super) slow_readers: BTreeSet<String>,
    /// The actors that will keep their side open after the server has ended its own.
    pub(super) staying: BTreeSet<String>,
}

impl<'a> Script<'a> {
    pub(super) fn new(scenario: &'a Scenario) -> Self {
        let steps = unroll(&scenario.steps, &Counters::default());
        Self {
            begun: Cell::new(0),
            slow_readers: actors_who(&steps, |act| matches!(act, Act::StopsReading)),
            staying: actors_who(&steps, |act| {
                matches!(act, Act::SendsUntilCutOff(_) | Act::Stays)
            }),
            steps,
        }
    }

    /// The step with this index begins.
    pub(super) fn begin(&self, index: usize) {
        self.begun.set(index + 1);
    }

    /// The steps of the block that is being performed, and all later ones.
    pub(super) fn ahead(&self) -> impl Iterator<Item = (&'a Step, &Counters)> {
        let rest = &self.steps[self.begun.get().saturating_sub(1)..];
        rest.iter().flat_map(Unrolled::steps)
    }

    /// The lines of `eventually` steps, each with its actor's name.
    pub(super) fn eventual_lines(&self) -> impl Iterator<Item = (String, String)> {
        let steps = self.steps.iter().flat_map(Unrolled::steps);
        steps.filter_map(|(step, counters)| match &step.kind {
            StepKind::Await {
                who: Who::Actor(actor),
                what: Await::Eventually(line),
                ..
            } => Some((actor.text(counters), line.text(counters))),
            _ => None,
        })
    }
}
