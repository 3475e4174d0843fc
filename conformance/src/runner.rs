//! Performing scenarios: steps -> actors -> outcome.

pub mod client;
pub mod client_problem;
pub mod outcome;
pub mod patience;
pub mod perform;
pub mod problem;
pub mod run;
pub mod server;
pub mod slots;
pub mod target;
pub mod trace;
mod unrolled;

pub use client_problem::ClientProblem;
pub use outcome::{Failure, Outcome, Performance};
pub use patience::Patience;
pub use perform::perform;
pub use problem::{Problem, Proof};
pub use run::{Run, ScenarioResult, run};
pub use server::fixed_ids;
pub use slots::Slots;
pub use target::Target;
pub use trace::{Moment, MomentKind, Trace};
