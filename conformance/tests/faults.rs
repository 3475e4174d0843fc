//! The tests of the tests: the suite passes the small server, and with each fault fails it at the requirement that the
//! fault breaks. Every requirement that binds a server has such a fault.

mod catching;
mod common;
mod small_server;

use std::process::ExitCode;
use std::sync::Arc;

use conformance::faulty::Fault;
use conformance::run::Slots;
use conformance::spec::{Class, Level, Spec};
use libtest_mimic::Trial;
use small_server::small_server;

fn main() -> ExitCode {
    common::main(64, |spec| {
        let slots = Arc::new(Slots::new(Slots::default_count()));
        let correct = spec
            .scenarios_of(Class::Server)
            .map(|scenario| catching::passes(spec, &scenario.name, small_server(&[]), &slots));
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

fn is_caught(spec: &Arc<Spec>, fault: Fault, slots: &Arc<Slots>) -> Trial {
    let name = fault.name();
    let target = small_server(&["--fault", &name]);
    catching::is_caught(spec, (&name, fault.requirement()), target, slots)
}
