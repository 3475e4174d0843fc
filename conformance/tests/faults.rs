//! The tests of the tests: the suite passes the small server, and with each fault fails it at the requirement that the
//! fault breaks. Every requirement that binds a server has such a fault.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use conformance::faulty::Fault;
use conformance::play::{Outcome, Patience, Target};
use conformance::run::Slots;
use conformance::script::{Scenario, Setting};
use conformance::server::CommandLine;
use conformance::spec::{Class, Id, Level, Spec};
use libtest_mimic::{Arguments, Failed, Trial};

/// Some faults are hangs: the harness shall give up soon, and do something else meanwhile.
const PATIENCE: Patience = Patience {
    hang: Duration::from_millis(1500),
    stall: Duration::from_millis(200),
    start: Duration::from_secs(30),
};

/// Where a fault is caught at another requirement than its own, for this reason. An entry that is not needed fails.
const BLAMED_ELSEWHERE: &[(Fault, &str, &str)] = &[];

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = arguments.test_threads.or(Some(64));
    let spec = match Spec::built_in() {
        Ok(spec) => Arc::new(spec),
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let slots = Arc::new(Slots::new(Slots::default_count()));
    let mut trials = vec![complete(&spec)];
    for at in 0..spec.scenarios.len() {
        trials.push(passes(&spec, at, &slots));
    }
    for fault in Fault::ALL {
        trials.push(is_caught(&spec, *fault, &slots));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
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
fn passes(spec: &Arc<Spec>, at: usize, slots: &Arc<Slots>) -> Trial {
    let (spec, slots) = (Arc::clone(spec), Arc::clone(slots));
    let name = format!("correct::{}", spec.scenarios[at].name);
    Trial::test(name, move || {
        match slots
            .perform(&spec.scenarios[at], &target(None), Patience::default())
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
                .perform(scenario, &target(Some(fault)), PATIENCE)
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

fn target(fault: Option<Fault>) -> Target {
    let name = fault.map(Fault::name);
    let mut words = vec![env!("CARGO_BIN_EXE_salotto-faulty"), "--port", "{port}"];
    words.extend(name.iter().flat_map(|name| ["--fault", name]));
    Target::Command {
        command: CommandLine::of_words(&words, &Setting::ALL),
        fixed_port: None,
    }
}

fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Passed => "passed".to_owned(),
        Outcome::Failed(failure) => {
            let place = failure
                .line
                .map_or("after the last step".to_owned(), |line| {
                    format!("line {line}")
                });
            format!(
                "blames {} ({place}): {}\n    {:?}",
                failure.blame, failure.problem, failure.problem
            )
        }
        other => format!("{other:?}"),
    }
}
