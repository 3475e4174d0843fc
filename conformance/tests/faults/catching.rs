//! Whether the scenarios pass what is correct, and catch what is not.

use std::sync::Arc;
use std::time::Duration;

use conformance::requirement::Id;
use conformance::runner::{Outcome, Patience, Slots, Target};
use conformance::scenario::Scenario;
use conformance::spec::Spec;
use libtest_mimic::Trial;

use crate::common::told;

/// Some faults are hangs: the harness shall give up soon, and do something else meanwhile.
const PATIENCE: Patience = Patience {
    hang: Duration::from_millis(1500),
    stall: Duration::from_millis(200),
    start: Duration::from_secs(30),
};

/// With no fault a scenario passes.
pub(crate) fn passes(spec: &Arc<Spec>, name: &str, target: Target, slots: &Arc<Slots>) -> Trial {
    let (spec, slots, name) = (Arc::clone(spec), Arc::clone(slots), name.to_owned());
    Trial::test(format!("correct::{name}"), move || {
        let scenario = spec.scenario(&name).ok_or("it is gone")?;
        match slots
            .perform(scenario, &target, Patience::default())
            .outcome
        {
            Outcome::Passed => Ok(()),
            outcome => Err(told(&outcome).into()),
        }
    })
}

/// With a fault one of the scenarios that prove the requirement that it breaks fails, and blames that requirement.
pub(crate) fn is_caught(
    spec: &Arc<Spec>,
    (fault, broken): (&str, &str),
    target: Target,
    slots: &Arc<Slots>,
) -> Trial {
    let (spec, slots) = (Arc::clone(spec), Arc::clone(slots));
    let broken = broken.to_owned();
    Trial::test(format!("{broken}::{fault}"), move || {
        let id = Id::parse(&broken).ok_or("its requirement is no id")?;
        let mut said = Vec::new();
        for scenario in proofs(&spec, &id) {
            let outcome = slots.perform(scenario, &target, PATIENCE).outcome;
            if let Outcome::Failed(failure) = &outcome
                && failure.blame == id
            {
                return Ok(());
            }
            said.push(format!("  {}: {}", scenario.name, told(&outcome)));
        }
        let said = said.join("\n");
        Err(
            format!("this breaks {broken}, and no scenario that proves it blames it:\n{said}")
                .into(),
        )
    })
}

/// The scenarios that prove a requirement: those that blame it by themselves first.
fn proofs<'a>(spec: &'a Spec, id: &'a Id) -> Vec<&'a Scenario> {
    let mut proofs: Vec<_> = spec.proofs(id).collect();
    proofs.sort_by_key(|scenario| scenario.first_id() != id);
    proofs
}
