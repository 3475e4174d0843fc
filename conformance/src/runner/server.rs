//! Performs a scenario against a server: steps -> actors -> outcome.
//!
//! | module | contents |
//! | --- | --- |
//! | `steps` | one step after the other: `acts` (an actor does something), `awaits` (something must come), `wins` (to one of two) |
//! | `wait` | waiting for a line; `listed`: whether a step lists it; `probe`: how a loss is proven |
//! | `fence` | how silence is proven; `own`: the lines that the suite causes for it |
//! | `run` | everything that a scenario is performed with |
//! | `script`, `clock` | the unrolled steps; the time |
//! | `actor`, `alias` | one scripted client; its nickname on a server that others use as well |
//! | `strangers` | the others on such a server: who is there, and who disturbs the scenario |
//! | `under_test` | the server's process |
//! | `history` | what happened and who received what; is there one order that explains it all? |
//! | `blame`, `instead`, `violation` | which requirement a line breaks by itself, or in the place of the listed one |
//! | `tongue`, `rest` | what the dialect of a server changes; waiting until the server is at rest |
//! | `abort`, `awaited`, `unlisted` | how a step fails, what it waits for, a line that no step lists |
//! | `text_match` | whether a line is the listed one |

mod abort;
mod actor;
mod acts;
mod alias;
mod awaited;
mod awaits;
mod blame;
mod clock;
mod fence;
mod history;
mod instead;
mod listed;
mod own;
mod probe;
mod rest;
mod run;
mod script;
mod steps;
mod strangers;
mod text_match;
mod tongue;
mod under_test;
mod unlisted;
mod violation;
mod wait;
mod wins;

pub use violation::fixed_ids;

use super::conduct::Conduct;
use super::outcome::Outcome;
use super::patience::Patience;
use super::target::Target;
use super::trace::Trace;
use crate::scenario::Scenario;
use run::ServerRun;

/// Performs a scenario, from the start of the server to its end. `on_stall` is called when nothing has happened for a
/// while. Returns also whether a probe was sent.
pub(super) async fn perform(
    scenario: &Scenario,
    target: &Target,
    patience: Patience,
    conduct: Conduct,
    on_stall: &dyn Fn(),
) -> (Outcome, Trace, bool) {
    let run = ServerRun::new(scenario, target, patience, conduct, on_stall);
    let result = steps::scenario(&run).await;
    let outcome = run.outcome(result).await;
    run.tear_down().await;
    let outcome = strangers::unless_disturbed(&run, outcome).await;
    (outcome, run.trace.take(), run.is_probed.get())
}
