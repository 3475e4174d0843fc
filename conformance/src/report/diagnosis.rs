//! The cause that many failures probably have in common.

use driver::wire::{Event, Received};
use schemars::JsonSchema;
use serde::Serialize;

use crate::requirement::Id;
use crate::runner::{Failure, Outcome, Problem, Run};
use crate::scenario::Scenario;

/// The likely cause of most failures, and the scenario that shows it most simply.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Diagnosis {
    /// The cause.
    pub cause: Cause,
    /// The requirement that it breaks.
    pub blame: Id,
    /// The name of the scenario.
    pub scenario: String,
}

/// What may be behind many failures of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The process ends by itself.
    Crash,
    /// Lines do not end with LF.
    NoLf,
    /// Lines end with CR LF.
    CrLf,
    /// Something precedes a line, such as a prompt.
    Prompt,
    /// The result of one read is taken for one line.
    ReadsAsLines,
    /// Spaces are removed from texts.
    TrimsTexts,
    /// Messages are sent back to their author.
    Echo,
    /// Connections are closed without `<quit>`.
    NoGoodbye,
    /// A single member cannot enter an empty room, talk and leave.
    RoomUnusable,
}

/// The likely cause of most failures; `None` when they are few or have nothing in common.
pub fn of(run: &Run<'_>) -> Option<Diagnosis> {
    let outcomes = || {
        run.results
            .iter()
            .map(|result| (result.scenario, &result.performance.outcome))
    };
    let blocked = outcomes().any(|(_, outcome)| matches!(outcome, Outcome::Blocked(_)));
    let failures: Vec<_> = outcomes()
        .filter_map(|(scenario, outcome)| Some((scenario, outcome.failure()?)))
        .collect();
    let diagnosis = |cause, scenario: &Scenario, failure: &Failure| Diagnosis {
        cause,
        blame: failure.blame.clone(),
        scenario: scenario.name.clone(),
    };
    let common = SYMPTOMS.iter().find_map(|symptom| {
        let shown = failures
            .iter()
            .filter(|(_, failure)| (symptom.shows)(failure));
        let shown: Vec<_> = shown.collect();
        let (simplest, failure) = shown
            .iter()
            .min_by_key(|(scenario, failure)| (!blames(failure, symptom.id), length(scenario)))?;
        let is_common = shown.len() * SHARE >= failures.len();
        (is_common || blocked).then(|| diagnosis(symptom.cause, simplest, failure))
    });
    common.or_else(|| {
        let (scenario, failure) = failures.first().filter(|_| blocked)?;
        Some(diagnosis(Cause::RoomUnusable, scenario, failure))
    })
}

/// How a cause is recognised.
struct Symptom {
    cause: Cause,
    /// The requirement that it breaks first of all.
    id: &'static str,
    /// Whether a failure shows it.
    shows: fn(&Failure) -> bool,
}

/// Causes that entail others come first.
const SYMPTOMS: [Symptom; 8] = [
    Symptom {
        cause: Cause::Crash,
        id: "CONN-1",
        shows: |failure| matches!(failure.problem, Problem::Crashed { .. }),
    },
    Symptom {
        cause: Cause::NoLf,
        id: "LINE-3",
        shows: is_unframed,
    },
    Symptom {
        cause: Cause::CrLf,
        id: "LINE-3",
        shows: |failure| blames(failure, "LINE-3"),
    },
    Symptom {
        cause: Cause::Prompt,
        id: "NAME-1",
        shows: is_prompted,
    },
    Symptom {
        cause: Cause::ReadsAsLines,
        id: "LINE-1",
        shows: is_misframed,
    },
    Symptom {
        cause: Cause::TrimsTexts,
        id: "MSG-3",
        shows: is_trimmed,
    },
    Symptom {
        cause: Cause::Echo,
        id: "MSG-2",
        shows: |failure| blames(failure, "MSG-2"),
    },
    Symptom {
        cause: Cause::NoGoodbye,
        id: "LEAVE-3",
        shows: |failure| blames(failure, "LEAVE-3"),
    },
];

/// A cause counts when at least one failure in this number shows it.
const SHARE: usize = 6;

fn blames(failure: &Failure, id: &str) -> bool {
    failure.blame.as_str() == id
}

fn length(scenario: &Scenario) -> usize {
    scenario.source.lines().count()
}

fn is_unframed(failure: &Failure) -> bool {
    matches!(&failure.problem, Problem::Missing { partial, .. } | Problem::Ended { partial, .. } if !partial.is_empty())
}

/// The line that was expected and the one that came instead.
fn lines(failure: &Failure) -> Option<(&str, &str)> {
    match &failure.problem {
        Problem::Different {
            expected, received, ..
        } => Some((expected.text()?, received.text()?)),
        _ => None,
    }
}

fn is_trimmed(failure: &Failure) -> bool {
    lines(failure).is_some_and(|(expected, received)| {
        received != expected && received.trim() == expected.trim()
    })
}

fn is_prompted(failure: &Failure) -> bool {
    lines(failure).is_some_and(|(expected, received)| {
        expected.starts_with(['*', '<']) && received != expected && received.ends_with(expected)
    })
}

/// Several lines came as one, or one came as several.
fn is_misframed(failure: &Failure) -> bool {
    let rest = match &failure.problem {
        Problem::Different { received, .. } | Problem::Unlisted { received, .. } => {
            is_rest_of_a_line(received)
        }
        _ => false,
    };
    let cut = || lines(failure).is_some_and(|(expected, received)| is_cut(expected, received));
    rest || cut() || blames(failure, "LINE-1")
}

/// A line without a sender: the second line of a member, which belongs behind the name in the first one.
fn is_rest_of_a_line(received: &Received) -> bool {
    received
        .text()
        .is_some_and(|text| !text.starts_with(['*', '!', '<', '{']) && Event::parse(text).is_none())
}

/// A piece of the expected text, or more than it; or a welcome whose number is missing, because what followed the nickname
/// was taken for a part of it.
fn is_cut(expected: &str, received: &str) -> bool {
    match (Event::parse(expected), Event::parse(received)) {
        (Some(Event::Said(expecting, expected)), Some(Event::Said(speaking, received))) => {
            expecting == speaking
                && expected.trim() != received.trim()
                && (expected.contains(received) || received.starts_with(expected))
        }
        _ => expected.starts_with("* ") && expected.starts_with(received),
    }
}
