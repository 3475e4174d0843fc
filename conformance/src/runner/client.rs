//! Performs a scenario against a client, with the harness in the role of the server.
//!
//! - `program`: the running client: what its user types, and what it shows
//! - `peer`: the client's connection, seen from the server
//! - `perform`: one step after the other; `connect`: the first one; `expect`: what the client must do
//! - `fence`: at the end, the proof that nothing else comes

mod connect;
mod expect;
mod fence;
mod peer;
mod perform;
mod program;

use driver::process::ClientCommand;

use super::outcome::Outcome;
use super::patience::Patience;
use super::trace::Trace;
use crate::scenario::Scenario;

/// Performs a scenario, from the start of the client to its end. `on_stall` is called when nothing has happened for a while.
pub(super) async fn perform(
    scenario: &Scenario,
    command: &ClientCommand,
    patience: Patience,
    on_stall: &dyn Fn(),
) -> (Outcome, Trace) {
    perform::Stage::new(scenario, command, patience, on_stall)
        .perform()
        .await
}
