//! Performing scenarios: steps -> actors -> outcome.

pub mod client;
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

pub use outcome::{Failure, NotStarted, Outcome, Performance, SkipReason, StepPlace, Unread};
pub use patience::Patience;
pub use perform::perform;
pub use problem::{Contradiction, Expectation, Instead, Observation, Problem, Proof};
pub use run::{Run, ScenarioResult, run};
pub use server::fixed_ids;
pub use slots::Slots;
pub use target::Target;
pub use trace::{Happening, Moment, StopSignal, Trace};
