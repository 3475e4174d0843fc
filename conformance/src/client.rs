//! Performing a scenario against a client, with the harness in the role of the server.
//!
//! - [`command`]: how the client is started
//! - `program`: the running client: what its user types, and what it shows
//! - [`peer`]: the client's connection, seen from the server
//! - `perform`: one step after the other; `connect`: the first one; `expect`: what the client must do
//! - `fence`: at the end, the proof that nothing else comes
//! - [`problem`]: what can go wrong

pub mod command;
mod connect;
mod expect;
mod fence;
pub mod peer;
mod perform;
pub mod problem;
mod program;

pub use command::{ClientCommand, ClientCommandError};
pub use problem::ClientProblem;

use crate::play::{Outcome, Patience, Trace};
use crate::script::Scenario;

/// Performs a scenario, from the start of the client to its end. `on_stall` is called when nothing has happened for a while.
pub(crate) async fn perform(
    scenario: &Scenario,
    command: &ClientCommand,
    patience: Patience,
    on_stall: &dyn Fn(),
) -> (Outcome, Trace) {
    perform::Stage::new(scenario, command, patience, on_stall)
        .perform()
        .await
}
