//! Shared by the tests that run the faulty server and the faulty client.

pub(crate) mod faulty;

use std::process::ExitCode;
use std::sync::Arc;

use conformance::runner::Outcome;
use conformance::spec::Spec;
use libtest_mimic::{Arguments, Trial};

/// Runs the trials that `trials` makes from the specification. They wait more than they work, so `threads` of them run at the
/// same time unless the command line says otherwise.
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

/// Why a trial fails: the unexpected outcome of a scenario, in words.
pub(crate) fn reason(outcome: &Outcome) -> String {
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
