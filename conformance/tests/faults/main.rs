//! Tests of the tests. The suite passes the faulty server and the faulty client when they have no fault. With each planted
//! fault, it fails them at the requirement that the fault breaks. Every MUST that can be observed has such a fault.

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
        let server = |fault: Option<&str>| match fault {
            Some(fault) => faulty::server(&["--fault", fault]),
            None => faulty::server(&[]),
        };
        let mut trials = trials(spec, Class::Server, &servers, &slots, server);
        trials.extend(self::trials(
            spec,
            Class::Client,
            &clients,
            &slots,
            client::target,
        ));
        trials
    })
}

/// The trials of the faulty server or of the faulty client.
fn trials(
    spec: &Arc<Spec>,
    class: Class,
    planted: &[Planted],
    slots: &Arc<Slots>,
    target: impl Fn(Option<&str>) -> Target,
) -> Vec<Trial> {
    let faults = planted
        .iter()
        .filter_map(|planted| Some((planted.name.as_str(), planted.requirement.as_deref()?)));
    let broken = faults.clone().map(|(_, id)| id.to_owned()).collect();
    let mut trials = vec![is_complete(spec, class, broken)];
    trials.extend(
        spec.scenarios_of(class)
            .map(|scenario| catching::passes(spec, &scenario.name, target(None), slots)),
    );
    trials
        .extend(faults.map(|fault| catching::is_caught(spec, fault, target(Some(fault.0)), slots)));
    trials
}

/// Every fault names a requirement, and every MUST that can be observed has a fault.
fn is_complete(spec: &Arc<Spec>, class: Class, broken: Vec<String>) -> Trial {
    let spec = Arc::clone(spec);
    Trial::test(
        format!("every-{class}-requirement-has-a-fault"),
        move || {
            let of_class = |requirement: &&Requirement| requirement.class == class;
            let requirements = || spec.requirements.iter().filter(of_class);
            let is_known =
                |id: &&String| requirements().any(|known| known.id.as_str() == id.as_str());
            let unknown: Vec<_> = broken.iter().filter(|id| !is_known(id)).collect();
            let needs_fault = |requirement: &&Requirement| {
                let optional = class == Class::Server && requirement.level == Level::Recommended;
                !optional && requirement.not_observable.is_none()
            };
            let missing: Vec<_> = requirements()
                .filter(needs_fault)
                .map(|requirement| requirement.id.as_str())
                .filter(|id| !broken.iter().any(|broken| broken == id))
                .collect();
            if unknown.is_empty() && missing.is_empty() {
                return Ok(());
            }
            Err(format!("faults of unknown requirements: {unknown:?}; requirements without a fault: {missing:?}").into())
        },
    )
}
