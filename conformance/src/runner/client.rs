//! Performs a scenario against a client, with the suite in the role of the server.
//!
//! | module | contents |
//! | --- | --- |
//! | `steps` | one step after the other |
//! | `connect`, `expect` | the first step; what the client must do |
//! | `fence` | how it is proven that nothing else comes |
//! | `run` | everything that a scenario is performed with |
//! | `program`, `peer` | the client's process, with its user and its screen; its connection |
//! | `abort` | how a step fails |

mod abort;
mod connect;
mod expect;
mod fence;
mod peer;
mod program;
mod run;
mod steps;

use driver::process::ClientCommand;

use super::outcome::{Failure, NotStarted, Outcome};
use super::patience::Patience;
use super::trace::Trace;
use crate::scenario::Scenario;
use abort::Abort;
use run::ClientRun;

/// Performs a scenario, from the start of the client to its end. `on_stall` is called when nothing has happened for a
/// while.
pub(super) async fn perform(
    scenario: &Scenario,
    command: &ClientCommand,
    patience: Patience,
    on_stall: &dyn Fn(),
) -> (Outcome, Trace) {
    let mut run = ClientRun::new(patience, on_stall);
    let outcome = match steps::scenario(&mut run, scenario, command).await {
        Ok(()) => Outcome::Passed,
        Err((Abort::NotStarted(error), _)) => Outcome::NotStarted(NotStarted {
            error,
            output: run.output().await,
        }),
        Err((Abort::Failed(problem, blame), step)) => Outcome::Failed(Box::new(Failure {
            problem: *problem,
            blame: blame.unwrap_or_else(|| scenario.first_id().clone()),
            step,
            in_dialect: None,
            unread: Vec::new(),
            beyond_signals: None,
            output: run.output().await,
        })),
    };
    if let Some(program) = &run.program {
        program.process.kill().await;
    }
    (outcome, run.trace.take())
}
