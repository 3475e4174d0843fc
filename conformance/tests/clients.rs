//! The scenarios that check clients: the small client passes them, and with each fault it fails at the requirement that the
//! fault breaks. Every requirement that binds a client has such a fault.

mod catching;
mod common;

use std::process::ExitCode;
use std::sync::Arc;

use conformance::client::ClientCommand;
use conformance::faulty_client::{Fault, faults};
use conformance::play::Target;
use conformance::run::Slots;
use conformance::spec::{Class, Spec};
use libtest_mimic::Trial;

fn main() -> ExitCode {
    common::main(64, |spec| {
        let slots = Arc::new(Slots::new(Slots::default_count()));
        let correct = spec
            .scenarios_of(Class::Client)
            .map(|scenario| catching::passes(spec, &scenario.name, small_client(None), &slots));
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

fn is_caught(spec: &Arc<Spec>, fault: Fault, slots: &Arc<Slots>) -> Trial {
    let target = small_client(Some(fault));
    catching::is_caught(spec, (&fault.name(), fault.requirement()), target, slots)
}

#[expect(clippy::expect_used, reason = "the command stands on the same screen")]
fn small_client(fault: Option<Fault>) -> Target {
    let program = env!("CARGO_BIN_EXE_salotto-faulty-client");
    let fault = fault.map(|fault| format!("--fault {}", fault.name()));
    let fault = fault.unwrap_or_default();
    let command = format!("'{program}' --host {{host}} --port {{port}} --nick {{nick}} {fault}");
    Target::Client(ClientCommand::parse(&command).expect("it has every place"))
}
