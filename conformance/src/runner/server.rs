//! Performs a scenario against a server: steps -> actors -> verdict.
//!
//! - `actor`: one scripted client
//! - `alias`: its nickname on a server that others use as well
//! - `stage`: the actors, and what has happened so far; `house`: the server behind it
//! - `steps`: one step after the other: `acts` and `awaits`
//! - `wait`: what comes is taken, and what can no longer come is told at once
//! - `fence`: silence is proven, not waited for
//! - `chronicle`: who did and who received what; is there one order that explains it all?
//! - `blame`: which requirement a line breaks that nobody listed

mod actor;
mod acts;
mod alias;
mod awaits;
mod blame;
mod chronicle;
mod fence;
mod house;
mod stage;
mod steps;
mod wait;

pub use blame::fixed_ids;

use super::outcome::Outcome;
use super::patience::Patience;
use super::target::Target;
use super::trace::Trace;
use crate::scenario::Scenario;
use stage::Stage;

/// Performs a scenario, from the start of the server to its end. `on_stall` is called when nothing has happened for a while.
pub(super) async fn perform(
    scenario: &Scenario,
    target: &Target,
    patience: Patience,
    on_stall: &dyn Fn(),
) -> (Outcome, Trace) {
    let stage = Stage::new(scenario, target, patience, on_stall);
    let verdict = steps::scenario(&stage).await;
    let outcome = stage.outcome(verdict).await;
    stage.strike().await;
    (outcome, stage.trace.take())
}
