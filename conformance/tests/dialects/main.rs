//! Dialects. Salotto as a dialect keeps the translator honest: the faulty server passes without a fault, and each planted fault is
//! caught by the same requirement as without the translator.

#[path = "../faults/catching.rs"]
mod catching;
#[path = "../common/mod.rs"]
mod common;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use common::faulty;
use conformance::dialect::{self, Dialect};
use conformance::meet;
use conformance::planted;
use conformance::requirement::Class;
use conformance::runner::{Outcome, Patience, Slots, Target};
use conformance::scenario::Scenario;
use conformance::spec::Spec;
use driver::process::CommandLine;
use libtest_mimic::Trial;

fn main() -> ExitCode {
    common::main(64, |spec| {
        let slots = Arc::new(Slots::new(Slots::default_count()));
        let mut trials = salotto(spec, &slots);
        for (dialect, program) in [
            ("classic", "classic_server"),
            ("budget-chat", "budget_server"),
        ] {
            trials.extend(own_server(spec, &slots, dialect, program));
        }
        trials
    })
}

/// A server of our own that speaks a built-in dialect: it passes all that applies, in each of its ways, and each of its faults is
/// caught.
#[expect(
    clippy::expect_used,
    reason = "without the dialect there is nothing to test"
)]
fn own_server(
    spec: &Arc<Spec>,
    slots: &Arc<Slots>,
    dialect: &'static str,
    program: &str,
) -> Vec<Trial> {
    let path = format!("{}/tests/dialects/{program}.py", env!("CARGO_MANIFEST_DIR"));
    let planted = planted::list(Path::new(&path)).expect("the program lists its faults");
    let built_in = dialect::built_in(dialect).expect("it is built in");
    let built_in = Arc::new(built_in.expect("it has no mistakes"));
    let server = |options: &[&str]| {
        let words = [&["python3", path.as_str(), "{port}"], options].concat();
        let command = CommandLine::of_words(&words, &[]);
        let server = Target::Command {
            command,
            fixed_port: None,
        };
        Target::Speaking(Arc::clone(&built_in), Box::new(server))
    };
    let applies = |scenario: &&Scenario| {
        // No server keeps LINE-1 where nothing marks the end of a message.
        let is_kept = dialect != "classic" || scenario.first_id().as_str() != "LINE-1";
        let needs_setting = !scenario.settings.is_empty();
        is_kept && !needs_setting && dialect::lack(&built_in, scenario).is_none()
    };
    let correct = spec.scenarios_of(Class::Server).filter(applies);
    let mut trials: Vec<_> = correct
        .map(|scenario| catching::passes(spec, &scenario.name, server(&[]), slots))
        .collect();
    for planted in &planted {
        let name = planted.name.as_str();
        match &planted.requirement {
            Some(id) => trials.push(catching::is_caught(
                spec,
                (name, id),
                server(&[name]),
                slots,
            )),
            None => trials.push(is_met(spec, slots, &path, &[name])),
        }
    }
    trials.push(is_met(spec, slots, &path, &[]));
    trials
        .into_iter()
        .map(|trial| trial.with_kind(dialect))
        .collect()
}

/// What `meet` writes about a server is a dialect in which the server passes.
fn is_met(spec: &Arc<Spec>, slots: &Arc<Slots>, path: &str, options: &[&str]) -> Trial {
    const SCENARIOS: [&str; 4] = [
        "in-and-out",
        "visitors-come-and-go",
        "a-crash-is-told",
        "last-words",
    ];
    let words = [&["python3", path, "{port}"], options].concat();
    let command = CommandLine::of_words(&words, &[]);
    let (spec, slots) = (Arc::clone(spec), Arc::clone(slots));
    Trial::test(format!("meet::{}", words[3..].join("+")), move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let local = tokio::task::LocalSet::new();
        let answers = local.block_on(&runtime, meet::meet(&command, None))?;
        let file = meet::file(&answers);
        let dialect = Arc::new(dialect::from_text("my-chat", &file)?);
        let server = Box::new(Target::Command {
            command: command.clone(),
            fixed_port: None,
        });
        let target = Target::Speaking(dialect, server);
        for name in SCENARIOS {
            let scenario = spec.scenario(name).ok_or("there is no such scenario")?;
            let outcome = slots
                .perform(scenario, &target, Patience::default())
                .outcome;
            if !matches!(outcome, Outcome::Passed) {
                return Err(format!("{name}: {}\n{file}", common::reason(&outcome)).into());
            }
        }
        Ok(())
    })
}

/// The dialect of a file in the folder of this test.
#[expect(
    clippy::expect_used,
    reason = "without the file there is nothing to test"
)]
fn in_file(name: &str) -> Arc<Dialect> {
    let path = format!("{}/tests/dialects/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    Arc::new(dialect::read(&path).expect("the file has no mistakes"))
}

/// Salotto with a translator.
fn salotto(spec: &Arc<Spec>, slots: &Arc<Slots>) -> Vec<Trial> {
    let dialect = in_file("salotto");
    let speaking = |options: &[&str]| {
        let server = Box::new(faulty::server(options));
        Target::Speaking(Arc::clone(&dialect), server)
    };
    let scenarios = spec.scenarios_of(Class::Server);
    let correct =
        scenarios.map(|scenario| catching::passes(spec, &scenario.name, speaking(&[]), slots));
    let faults = faulty::planted(faulty::server_program());
    let caught = faults.iter().filter_map(|planted| {
        let (name, id) = (planted.name.as_str(), planted.requirement.as_deref()?);
        let target = speaking(&["--fault", name]);
        Some(catching::is_caught(spec, (name, id), target, slots))
    });
    let trials = correct.chain(caught);
    trials.map(|trial| trial.with_kind("salotto")).collect()
}
