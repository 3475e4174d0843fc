//! The tests of the tests: the suite passes the small server, and with each fault fails it at the requirement that the
//! fault breaks. Every requirement that binds a server has such a fault.

mod common;
mod small_server;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use common::told;
use conformance::faulty::Fault;
use conformance::play::{Outcome, Patience};
use conformance::run::Slots;
use conformance::script::Scenario;
use conformance::spec::{Class, Id, Level, Spec};
use libtest_mimic::{Failed, Trial};
use small_server::small_server;

/// Some faults are hangs: the harness shall give up soon, and do something else meanwhile.
const PATIENCE: Patience = Patience {
    hang: Duration::from_millis(1500),
    stall: Duration::from_millis(200),
    start: Duration::from_secs(30),
};

/// Where a fault is caught at another requirement than its own, for this reason. An entry that is not needed fails.
const BLAMED_ELSEWHERE: &[(Fault, &str, &str)] = &[];

fn main() -> ExitCode {
    common::main(64, |spec| {
        let slots = Arc::new(Slots::new(Slots::default_count()));
        let correct = spec
            .scenarios_of(Class::Server)
            .map(|scenario| passes(spec, &scenario.name, &slots));
        let faulty = Fault::ALL
            .iter()
            .map(|fault| is_caught(spec, *fault, &slots));
        [complete(spec)]
            .into_iter()
            .chain(correct)
            .chain(faulty)
            .collect()
    })
}

/// Every fault names a requirement, and every requirement of servers that can be observed has a fault.
fn complete(spec: &Arc<Spec>) -> Trial {
    let spec = Arc::clone(spec);
    Trial::test("every-requirement-has-a-fault", move || {
        let broken: Vec<_> = Fault::ALL.iter().map(|fault| fault.requirement()).collect();
        let known = |id: &&&str| {
            spec.requirements
                .iter()
                .any(|known| known.id.as_str() == **id)
        };
        let unknown: Vec<_> = broken.iter().filter(|id| !known(id)).collect();
        let must = spec.requirements.iter().filter(|requirement| {
            let observable = requirement.not_observable.is_none();
            requirement.class == Class::Server
                && requirement.level != Level::Recommended
                && observable
        });
        let missing: Vec<_> = must
            .map(|requirement| requirement.id.as_str())
            .filter(|id| !broken.contains(id))
            .collect();
        if unknown.is_empty() && missing.is_empty() {
            return Ok(());
        }
        Err(format!(
            "faults of unknown requirements: {unknown:?}; requirements without a fault: {missing:?}"
        )
        .into())
    })
}

/// With no fault a scenario passes.
fn passes(spec: &Arc<Spec>, name: &str, slots: &Arc<Slots>) -> Trial {
    let (spec, slots, name) = (Arc::clone(spec), Arc::clone(slots), name.to_owned());
    Trial::test(format!("correct::{name}"), move || {
        let scenario = spec.scenario(&name).ok_or("it is gone")?;
        match slots
            .perform(scenario, &small_server(&[]), Patience::default())
            .outcome
        {
            Outcome::Passed => Ok(()),
            outcome => Err(told(&outcome).into()),
        }
    })
}

/// With a fault one of the scenarios that prove its requirement fails, and blames that requirement.
fn is_caught(spec: &Arc<Spec>, fault: Fault, slots: &Arc<Slots>) -> Trial {
    let (spec, slots) = (Arc::clone(spec), Arc::clone(slots));
    let name = format!("{}::{}", fault.requirement(), fault.name());
    Trial::test(name, move || {
        let broken = Id::parse(fault.requirement()).ok_or("its requirement is no id")?;
        let elsewhere = BLAMED_ELSEWHERE
            .iter()
            .find(|(excused, ..)| *excused == fault);
        let blamed = elsewhere.map_or(broken.as_str(), |(_, id, _)| id);
        let mut said = Vec::new();
        for scenario in proofs(&spec, &broken) {
            let outcome = slots
                .perform(
                    scenario,
                    &small_server(&["--fault", &fault.name()]),
                    PATIENCE,
                )
                .outcome;
            if let Outcome::Failed(failure) = &outcome {
                if failure.blame.as_str() == blamed {
                    return Ok(());
                }
                if failure.blame == broken {
                    return Err(
                        format!("it is caught at {broken} now: take it off the list").into(),
                    );
                }
            }
            said.push(format!("  {}: {}", scenario.name, told(&outcome)));
        }
        let what = fault.sentence();
        Err(Failed::from(format!(
            "{what}\nThis breaks {broken}, and no scenario that proves it blames it:\n{}",
            said.join("\n")
        )))
    })
}

/// The scenarios that prove a requirement: those that blame it by themselves first.
fn proofs<'a>(spec: &'a Spec, id: &'a Id) -> Vec<&'a Scenario> {
    let mut proofs: Vec<_> = spec.proofs(id).collect();
    proofs.sort_by_key(|scenario| scenario.first_id() != id);
    proofs
}
