//! The scenarios that check clients: the small client passes them, and with each fault it fails at the requirement that the
//! fault breaks. Every requirement that binds a client has such a fault.

mod common;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use common::told;
use conformance::client::ClientCommand;
use conformance::faulty_client::{Fault, faults};
use conformance::play::{Outcome, Patience, Target};
use conformance::run::Slots;
use conformance::spec::{Class, Spec};
use libtest_mimic::Trial;

/// Some faults are hangs: the harness shall give up soon, and do something else meanwhile.
const PATIENCE: Patience = Patience {
    hang: Duration::from_millis(1500),
    stall: Duration::from_millis(200),
    start: Duration::from_secs(30),
};

fn main() -> ExitCode {
    common::main(64, |spec| {
        let slots = Arc::new(Slots::new(Slots::default_count()));
        let correct = spec
            .scenarios_of(Class::Client)
            .map(|scenario| passes(spec, &scenario.name, &slots));
        let faulty = faults().iter().map(|fault| is_caught(spec, *fault, &slots));
        [complete(spec)]
            .into_iter()
            .chain(correct)
            .chain(faulty)
            .collect()
    })
}

fn complete(spec: &Arc<Spec>) -> Trial {
    let spec = Arc::clone(spec);
    Trial::test("every-requirement-has-a-fault", move || {
        let binding = spec
            .requirements
            .iter()
            .filter(|requirement| requirement.class == Class::Client);
        let missing: Vec<_> = binding
            .map(|requirement| requirement.id.as_str())
            .filter(|id| !faults().iter().any(|fault| fault.requirement() == *id))
            .collect();
        match missing.is_empty() {
            true => Ok(()),
            false => Err(format!("requirements without a fault: {missing:?}").into()),
        }
    })
}

/// With no fault a scenario passes.
fn passes(spec: &Arc<Spec>, name: &str, slots: &Arc<Slots>) -> Trial {
    let (spec, slots, name) = (Arc::clone(spec), Arc::clone(slots), name.to_owned());
    Trial::test(format!("correct::{name}"), move || {
        let scenario = spec.scenario(&name).ok_or("it is gone")?;
        match slots
            .perform(scenario, &small_client(None)?, Patience::default())
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
        let mut said = Vec::new();
        let proofs = spec.scenarios_of(Class::Client).filter(|scenario| {
            scenario
                .proves
                .iter()
                .any(|id| id.as_str() == fault.requirement())
        });
        for scenario in proofs {
            let outcome = slots
                .perform(scenario, &small_client(Some(fault))?, PATIENCE)
                .outcome;
            match &outcome {
                Outcome::Failed(failure) if failure.blame.as_str() == fault.requirement() => {
                    return Ok(());
                }
                _ => said.push(format!("  {}: {}", scenario.name, told(&outcome))),
            }
        }
        Err(format!(
            "no scenario blames {}:\n{}",
            fault.requirement(),
            said.join("\n")
        )
        .into())
    })
}

fn small_client(fault: Option<Fault>) -> Result<Target, Box<dyn std::error::Error>> {
    let program = env!("CARGO_BIN_EXE_salotto-faulty-client");
    let fault = fault
        .map(|fault| format!("--fault {}", fault.name()))
        .unwrap_or_default();
    let command = format!("'{program}' --host {{host}} --port {{port}} --nick {{nick}} {fault}");
    Ok(Target::Client(ClientCommand::parse(&command)?))
}
