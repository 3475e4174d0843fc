//! Shared by the tests with the faulty server and the faulty client.

pub(crate) mod faulty;

use std::process::ExitCode;
use std::sync::Arc;

use conformance::runner::Outcome;
use conformance::spec::Spec;
use libtest_mimic::{Arguments, Trial};

/// Runs the tests that `trials` makes of the specification, so many at a time unless the user says otherwise: they wait more
/// than they work.
pub(crate) fn main(threads: usize, trials: impl FnOnce(&Arc<Spec>) -> Vec<Trial>) -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = arguments.test_threads.or(Some(threads));
    match Spec::built_in() {
        Ok(spec) => libtest_mimic::run(&arguments, trials(&Arc::new(spec))).exit_code(),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// What came of a scenario that should have ended otherwise.
pub(crate) fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Passed => "passed".to_owned(),
        Outcome::Failed(failure) => {
            let place = failure
                .step
                .as_ref()
                .map_or("after the last step".to_owned(), |step| {
                    format!("line {}", step.line)
                });
            format!("blames {} ({place}): {:?}", failure.blame, failure.problem)
        }
        other => format!("{other:?}"),
    }
}
