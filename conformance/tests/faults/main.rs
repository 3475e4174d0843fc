//! The tests of the tests: the suite passes the faulty server and the faulty client, and with each planted fault it fails
//! them at the requirement that the fault breaks. Every requirement that can be observed has such a fault.

mod catching;
mod client;
#[path = "../common/mod.rs"]
mod common;

use std::process::ExitCode;
use std::sync::Arc;

use common::faulty;
use conformance::planted::Planted;
use conformance::requirement::{Class, Level, Requirement};
use conformance::runner::{Slots, Target};
use conformance::spec::Spec;
use libtest_mimic::Trial;

fn main() -> ExitCode {
    common::main(64, |spec| {
        let slots = Arc::new(Slots::new(Slots::default_count()));
        let servers = faulty::planted(faulty::server_program());
        let clients = faulty::planted(client::program());
        let mut trials = of_class(spec, Class::Server, &servers, &slots, |fault| match fault {
            Some(fault) => faulty::server(&["--fault", fault]),
            None => faulty::server(&[]),
        });
        trials.extend(of_class(
            spec,
            Class::Client,
            &clients,
            &slots,
            client::target,
        ));
        trials
    })
}

/// The program passes without a fault, is caught with each, and every requirement has one.
fn of_class(
    spec: &Arc<Spec>,
    class: Class,
    planted: &[Planted],
    slots: &Arc<Slots>,
    target: impl Fn(Option<&str>) -> Target,
) -> Vec<Trial> {
    let faults = planted
        .iter()
        .filter_map(|planted| Some((planted.name.as_str(), planted.requirement.as_deref()?)));
    let mut trials = vec![complete(
        spec,
        class,
        faults.clone().map(|(_, id)| id.to_owned()),
    )];
    trials.extend(
        spec.scenarios_of(class)
            .map(|scenario| catching::passes(spec, &scenario.name, target(None), slots)),
    );
    trials
        .extend(faults.map(|fault| catching::is_caught(spec, fault, target(Some(fault.0)), slots)));
    trials
}

/// Every fault names a requirement, and every MUST that can be observed has a fault.
fn complete(spec: &Arc<Spec>, class: Class, broken: impl Iterator<Item = String>) -> Trial {
    let (spec, broken) = (Arc::clone(spec), broken.collect::<Vec<_>>());
    Trial::test(
        format!("every-{class}-requirement-has-a-fault"),
        move || {
            let binds = |requirement: &&Requirement| requirement.class == class;
            let ids = spec.requirements.iter().filter(binds);
            let known: Vec<_> = ids.map(|requirement| requirement.id.as_str()).collect();
            let unknown: Vec<_> = broken
                .iter()
                .filter(|id| !known.contains(&id.as_str()))
                .collect();
            let must = spec.requirements.iter().filter(|requirement| {
                let optional = class == Class::Server && requirement.level == Level::Recommended;
                binds(requirement) && !optional && requirement.not_observable.is_none()
            });
            let missing: Vec<_> = must
                .map(|requirement| requirement.id.as_str())
                .filter(|id| !broken.iter().any(|broken| broken == id))
                .collect();
            if unknown.is_empty() && missing.is_empty() {
                return Ok(());
            }
            Err(format!(
            "faults of unknown requirements: {unknown:?}; requirements without a fault: {missing:?}"
        )
        .into())
        },
    )
}
