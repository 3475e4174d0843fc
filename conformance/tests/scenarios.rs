//! Every scenario for servers as a test: `cargo test --test scenarios`.
//!
//! The tests build and run the reference server. With `SERVER='python3 my_server.py {port}'` they run another one.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Instant;

use conformance::report::Summary;
use conformance::report::text::{Page, closing, not_performed};
use conformance::requirement::Class;
use conformance::runner::{Outcome, Patience, Performance, Run, ScenarioResult, Slots, Target};
use conformance::scenario::Scenario;
use conformance::spec::Spec;
use driver::process::{CommandLine, workspace};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Slots limit how many scenarios work at the same time. One that hangs gives up its slot and occupies only its thread.
    arguments.test_threads = arguments.test_threads.or(Some(64));
    let spec: &'static Spec = match Spec::built_in() {
        Ok(spec) => Box::leak(Box::new(spec)),
        Err(error) => return unusable(&error),
    };
    let target: Option<&'static Target> = if arguments.list {
        None
    } else {
        match target() {
            Ok(target) => Some(Box::leak(Box::new(target))),
            Err(error) => return unusable(&*error),
        }
    };
    let slots: &'static Slots = Box::leak(Box::new(Slots::new(Slots::default_count())));

    let done: &'static Mutex<BTreeMap<usize, Performance>> = Box::leak(Box::default());
    let begin = Instant::now();
    let scenarios: &'static [&Scenario] = spec
        .usual_scenarios_of(Class::Server)
        .collect::<Vec<_>>()
        .leak();
    let trials = scenarios.iter().enumerate().map(|(at, scenario)| {
        Trial::test(
            format!("{}::{}", scenario.chapter(), scenario.name),
            move || {
                let target =
                    target.ok_or_else(|| Failed::from("nothing is run while tests are listed"))?;
                let performance = slots.perform(scenario, target, Patience::default());
                let result = ScenarioResult {
                    scenario,
                    performance,
                };
                done.lock()
                    .map_err(|_| Failed::from("another scenario has panicked"))?
                    .insert(at, result.performance.clone());
                judge(spec, &result)
            },
        )
    });
    let conclusion = libtest_mimic::run(&arguments, trials.collect());
    if let (Ok(mut done), false) = (done.lock(), arguments.list) {
        let results = std::mem::take(&mut *done).into_iter();
        let results = results.map(|(at, performance)| ScenarioResult {
            scenario: scenarios[at],
            performance,
        });
        let run = Run {
            dialect: None,
            results: results.collect(),
            took: begin.elapsed(),
        };
        let complete = conclusion.num_filtered_out == 0;
        println!("{}", closing(&Summary::of(spec, &run), &run, complete));
    }
    conclusion.exit_code()
}

/// Paths in `SERVER` are relative to the root of the workspace, but Cargo runs tests in the folder of the package.
fn target() -> Result<Target, Box<dyn std::error::Error>> {
    std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))?;
    let command = match std::env::var("SERVER") {
        Ok(written) => CommandLine::parse(&written, false)?,
        Err(_) => workspace::reference_server()?,
    };
    Ok(Target::Command {
        command,
        fixed_port: None,
    })
}

fn judge(spec: &Spec, result: &ScenarioResult<'_>) -> Result<(), Failed> {
    match &result.performance.outcome {
        Outcome::Passed => Ok(()),
        // The end of the report lists what was skipped.
        Outcome::Skipped(_) | Outcome::NotApplicable(_) => Ok(()),
        Outcome::Failed(_) | Outcome::Unclear(_) => {
            let server = std::env::var("SERVER")
                .map(|server| format!("SERVER='{server}' "))
                .unwrap_or_default();
            let again = format!("{server}cargo test --test scenarios");
            Err(
                Page::of(spec, result, &again).map_or_else(Failed::without_message, |page| {
                    Failed::from(page.to_string())
                }),
            )
        }
        outcome @ (Outcome::NotStarted(_) | Outcome::Blocked(_) | Outcome::Disturbed { .. }) => {
            Err(Failed::from(not_performed(outcome).unwrap_or_default()))
        }
    }
}

fn unusable(error: &(impl std::fmt::Display + ?Sized)) -> ExitCode {
    eprintln!("{error}");
    ExitCode::from(2)
}
