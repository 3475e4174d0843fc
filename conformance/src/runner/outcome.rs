//! How a scenario ended, and why it failed.

use std::time::Duration;

use driver::process::{Setting, StartError};
use driver::wire::Received;
use schemars::JsonSchema;
use serde::Serialize;

use super::problem::Problem;
use super::trace::Trace;
use crate::dialect::Lack;
use crate::requirement::{Class, Id};
use crate::scenario::Scenario;

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

/// One scenario of a run, and its performance.
#[derive(Debug, Clone)]
pub struct ScenarioResult<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// How it went.
    pub performance: Performance,
}

/// How a scenario ended.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Everything came as listed, and nothing else.
    Passed,
    /// A requirement is broken.
    Failed(Box<Failure>),
    /// A requirement that it relies on, and that another scenario shows to be broken, kept it from judging those that it
    /// proves.
    Unclear(Box<Failure>),
    /// It cannot be performed against this target.
    Skipped(SkipReason),
    /// Somebody who does not belong to it came in or left meanwhile, so that it says nothing.
    Disturbed {
        /// The nickname.
        by: String,
    },
    /// It cannot be said in the dialect of the server.
    NotApplicable(Lack),
    /// It was not performed, because the scenario of this name failed, on which it relies.
    Blocked(String),
    /// The program under test could not be started, which says nothing about the requirement.
    NotStarted(NotStarted),
}

impl Outcome {
    /// What went wrong, in whatever requirement.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed(failure) | Self::Unclear(failure) => Some(failure),
            _ => None,
        }
    }
}

/// Why a scenario cannot be performed against a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SkipReason {
    /// It checks programs of another class.
    OtherClass {
        /// The class that it checks.
        class: Class,
    },
    /// The server's command has no place for a setting that the scenario needs.
    NoPlace {
        /// The setting.
        setting: Setting,
    },
    /// It signals or restarts the process, and the server was not started by the suite.
    NeedsProcess,
    /// It needs a setting, and the server was not started by the suite.
    NeedsSetting {
        /// The setting.
        setting: Setting,
    },
}

/// Why the program under test is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotStarted {
    /// What happened.
    pub error: StartError,
    /// The last lines that it printed.
    pub output: Vec<String>,
}

/// A broken requirement, with everything that the author of the program needs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Failure {
    /// What went wrong.
    pub problem: Problem,
    /// The requirement that it breaks.
    pub blame: Id,
    /// The step at which it showed; `None` after the last step.
    pub step: Option<StepPlace>,
    /// The lines of the problem in the words of the dialect; null in Salotto.
    pub in_dialect: Option<Box<InDialect>>,
    /// What had arrived and no step had asked for yet.
    pub unread: Vec<Unread>,
    /// The command line of a process that the program has started where the signal that tells it to end does not arrive.
    pub beyond_signals: Option<String>,
    /// The last lines that the program printed.
    pub output: Vec<String>,
}

/// Lines as a dialect says them; `…` stands for words that are free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InDialect {
    /// The name of the dialect.
    pub dialect: String,
    /// The line that was listed, if there is one and the dialect has words for it.
    pub expected: Option<String>,
    /// The line that came, likewise.
    pub received: Option<String>,
}

/// A step of a scenario, in one turn of the blocks around it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StepPlace {
    /// Its line in the chapter's file, from 1.
    pub line: usize,
    /// The counters of `repeat` and the columns of `for each` around it, from the outermost block: name and value, a text as the
    /// scenario writes it.
    pub counters: Vec<(String, String)>,
}

/// Lines that wait for an actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unread {
    /// The actor.
    pub actor: String,
    /// The first few lines.
    pub lines: Vec<Received>,
    /// How many more there are.
    pub more: usize,
}
