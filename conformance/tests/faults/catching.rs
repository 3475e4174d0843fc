//! Trials: the suite passes a correct program, and catches a planted fault.

use std::sync::Arc;
use std::time::Duration;

use conformance::requirement::Id;
use conformance::runner::{Outcome, Patience, Slots, Target};
use conformance::scenario::Scenario;
use conformance::spec::Spec;
use libtest_mimic::Trial;

use crate::common::reason;

/// Shorter than usual, because some faults make the program hang.
const PATIENCE: Patience = Patience {
    hang: Duration::from_millis(1500),
    stall: Duration::from_millis(200),
    start: Duration::from_secs(30),
};

/// Without a fault, the scenario passes.
pub(crate) fn passes(spec: &Arc<Spec>, name: &str, target: Target, slots: &Arc<Slots>) -> Trial {
    let (spec, slots, name) = (Arc::clone(spec), Arc::clone(slots), name.to_owned());
    Trial::test(format!("correct::{name}"), move || {
        let scenario = spec.scenario(&name).ok_or("there is no such scenario")?;
        let performance = slots.perform(scenario, &target, Patience::default());
        match performance.outcome {
            Outcome::Passed => Ok(()),
            outcome => Err(reason(&outcome).into()),
        }
    })
}

/// With a fault, one of the scenarios that prove the broken requirement fails and blames that requirement.
pub(crate) fn is_caught(
    spec: &Arc<Spec>,
    (fault, broken): (&str, &str),
    target: Target,
    slots: &Arc<Slots>,
) -> Trial {
    let (spec, slots) = (Arc::clone(spec), Arc::clone(slots));
    let broken = broken.to_owned();
    Trial::test(format!("{broken}::{fault}"), move || {
        let id = Id::parse(&broken).ok_or("the requirement is not an id")?;
        let mut outcomes = Vec::new();
        for scenario in proofs(&spec, &id) {
            let outcome = slots.perform(scenario, &target, PATIENCE).outcome;
            if matches!(&outcome, Outcome::Failed(failure) if failure.blame == id) {
                return Ok(());
            }
            outcomes.push(format!("  {}: {}", scenario.name, reason(&outcome)));
        }
        let outcomes = outcomes.join("\n");
        Err(
            format!("the fault breaks {broken}, but none of its scenarios blames it:\n{outcomes}")
                .into(),
        )
    })
}

/// The scenarios that prove a requirement, beginning with those whose first requirement it is. Slow ones
/// come last.
fn proofs<'a>(spec: &'a Spec, id: &'a Id) -> Vec<&'a Scenario> {
    let mut proofs: Vec<_> = spec.proofs(id).collect();
    proofs.sort_by_key(|scenario| (scenario.slow, scenario.first_id() != id));
    proofs
}
