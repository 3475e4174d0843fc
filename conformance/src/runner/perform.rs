//! Performs one scenario.

use std::time::Instant;

use driver::process::StartError;

use super::outcome::{NotStarted, Outcome, Performance};
use super::patience::Patience;
use super::target::{Target, why_skipped};
use super::{client, server};
use crate::scenario::Scenario;

/// Performs one scenario on this thread, from the start of the program under test to its end.
pub fn perform(scenario: &Scenario, target: &Target, patience: Patience) -> Performance {
    perform_noting(scenario, target, patience, &|| {})
}

/// The same; `on_stall` is called when nothing has happened for a while, so that others may use the processor meanwhile.
pub(super) fn perform_noting(
    scenario: &Scenario,
    target: &Target,
    patience: Patience,
    on_stall: &dyn Fn(),
) -> Performance {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            let reason = error.to_string();
            return Performance::without(Outcome::NotStarted(NotStarted {
                error: StartError::Harness { reason },
                output: Vec::new(),
            }));
        }
    };
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, perform_here(scenario, target, patience, on_stall))
}

/// The same on the caller's runtime, in a `LocalSet`.
pub async fn perform_here(
    scenario: &Scenario,
    target: &Target,
    patience: Patience,
    on_stall: &dyn Fn(),
) -> Performance {
    let began = Instant::now();
    if let Some(reason) = why_skipped(scenario, target) {
        return Performance::without(Outcome::Skipped(reason));
    }
    let (outcome, trace) = match target {
        Target::Client(command) => client::perform(scenario, command, patience, on_stall).await,
        _ => server::perform(scenario, target, patience, on_stall).await,
    };
    Performance {
        outcome,
        took: began.elapsed(),
        trace,
    }
}
