//! How a scenario ended, and why it failed.

use std::time::Duration;

use super::problem::Problem;
use super::trace::Trace;
use crate::requirement::Id;

/// One scenario, performed once.
#[derive(Debug, Clone)]
pub struct Performance {
    /// How it ended.
    pub outcome: Outcome,
    /// How long it took, the start and the end of the server included.
    pub took: Duration,
    /// What happened on the wire.
    pub trace: Trace,
}

impl Performance {
    /// The scenario was not performed.
    pub fn without(outcome: Outcome) -> Self {
        Self {
            outcome,
            took: Duration::ZERO,
            trace: Trace::default(),
        }
    }
}

/// How a scenario ended.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Everything came as listed, and nothing else.
    Passed,
    /// A requirement is broken.
    Failed(Box<Failure>),
    /// It was not performed, for this reason.
    Skipped(String),
    /// It was not performed, because this scenario failed, without which no other can pass.
    Blocked(String),
    /// The server could not be started, for this reason; this says nothing about the requirement.
    NotStarted(String),
}

/// A broken requirement, with everything that its author needs.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What went wrong.
    pub problem: Problem,
    /// The requirement that it breaks.
    pub blame: Id,
    /// The line, in the chapter's file, of the step at which it showed. None: after the last step.
    pub line: Option<usize>,
    /// The counters of the blocks around that step, such as `n = 3`.
    pub counters: String,
    /// What had arrived, and no step had asked for yet: the actor, and the lines.
    pub unread: Vec<(String, Vec<String>)>,
    /// The last lines that the server printed.
    pub output: Vec<String>,
}
