//! Performs one scenario.

use std::time::Instant;

use driver::process::StartError;

use super::conduct::{Attempt, Conduct, without_doubt};
use super::outcome::{NotStarted, Outcome, Performance};
use super::patience::Patience;
use super::target::{Target, why_skipped};
use super::{client, server};
use crate::dialect;
use crate::scenario::Scenario;

/// Performs one scenario on this thread, from the start of the program under test to its end; more than once where doubt is
/// left.
pub fn perform(scenario: &Scenario, target: &Target, patience: Patience) -> Performance {
    without_doubt(|conduct| perform_once(scenario, target, patience, conduct, &|| {}))
}

/// Performs it once. `on_stall` is called when nothing has happened for a while, so that others may use the processor
/// meanwhile.
pub(super) fn perform_once(
    scenario: &Scenario,
    target: &Target,
    patience: Patience,
    conduct: Conduct,
    on_stall: &dyn Fn(),
) -> Attempt {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            let reason = error.to_string();
            return Attempt::without(Outcome::NotStarted(NotStarted {
                error: StartError::Harness { reason },
                output: Vec::new(),
            }));
        }
    };
    let local = tokio::task::LocalSet::new();
    local.block_on(
        &runtime,
        attempt(scenario, target, patience, conduct, on_stall),
    )
}

/// Like [`perform`], on the caller's runtime, in a `LocalSet`.
pub async fn perform_here(
    scenario: &Scenario,
    target: &Target,
    patience: Patience,
    on_stall: &dyn Fn(),
) -> Performance {
    let mut conduct = Conduct::default();
    loop {
        let attempt = attempt(scenario, target, patience, conduct, on_stall).await;
        match conduct.after(&attempt) {
            Some(next) => conduct = next,
            None => return attempt.performance,
        }
    }
}

async fn attempt(
    scenario: &Scenario,
    target: &Target,
    patience: Patience,
    conduct: Conduct,
    on_stall: &dyn Fn(),
) -> Attempt {
    let began = Instant::now();
    if let Some(reason) = why_skipped(scenario, target) {
        return Attempt::without(Outcome::Skipped(reason));
    }
    let (_, dialect) = target.and_dialect();
    if let Some(lack) = dialect.and_then(|dialect| dialect::lack(dialect, scenario)) {
        return Attempt::without(Outcome::NotApplicable(lack));
    }
    let (outcome, trace, is_probed) = match target {
        Target::Client(command) => {
            let performed = client::perform(scenario, command, patience, on_stall).await;
            (performed.0, performed.1, false)
        }
        _ => server::perform(scenario, target, patience, conduct, on_stall).await,
    };
    Attempt {
        performance: Performance {
            outcome,
            took: began.elapsed(),
            trace,
        },
        is_probed,
    }
}
