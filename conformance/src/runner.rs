//! Performs scenarios: steps -> actors -> outcome.
//!
//! Read `server/steps.rs` and `server/fence.rs` first: how a transcript is performed, and how silence is proven.
//!
//! | module | contents |
//! | --- | --- |
//! | [`target`] | the program under test |
//! | [`mod@run`], [`slots`] | many scenarios, and how many at the same time |
//! | [`mod@perform`], `conduct` | one scenario, and when it is performed once more |
//! | [`server`], [`client`] | the two kinds of scenarios: siblings that know nothing of each other |
//! | `reliance` | which scenario proves what another one relies on |
//! | `settle` | which failures show that a requirement is broken, and which are only its consequences |
//! | `unrolled` | the steps of a scenario with their loops unrolled |
//! | [`patience`] | how long the suite waits |
//! | [`outcome`], [`problem`], [`trace`] | how a scenario ended, what went wrong, what happened: data without words |

pub mod client;
mod conduct;
pub mod outcome;
pub mod patience;
pub mod perform;
pub mod problem;
mod reliance;
pub mod run;
pub mod server;
mod settle;
pub mod slots;
pub mod target;
pub mod trace;
pub(crate) mod unrolled;

pub use outcome::{
    Failure, InDialect, NotStarted, Outcome, Performance, ScenarioResult, SkipReason, StepPlace,
    Unread,
};
pub use patience::Patience;
pub use perform::{perform, perform_here};
pub use problem::{Contradiction, Expectation, Instead, Observation, Problem, Proof};
pub use reliance::{GATES, is_gate};
pub use run::{Prerequisite, Run, run};
pub use server::fixed_ids;
pub use slots::Slots;
pub use target::{Network, Opening, Target};
pub use trace::{Happening, Moment, StopSignal, Trace};
