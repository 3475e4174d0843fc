//! The cause that many failures probably have in common.

use driver::process::Exit;
use driver::wire::ServerLine;
use schemars::JsonSchema;
use serde::Serialize;

use crate::requirement::Id;
use crate::runner::{Failure, GATES, Outcome, Problem, Run, ScenarioResult, is_gate};
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
    /// Lines do not end with LF.
    NoLf,
    /// Lines end with CR LF.
    CrLf,
    /// Something precedes a line, such as a prompt.
    Prompt,
    /// The result of one read is taken for one line.
    ReadsAsLines,
    /// The count of the welcome is wrong.
    FalseWelcome,
    /// A newcomer is not told who is there, or not rightly.
    FalseList,
    /// The others are not told that somebody joined.
    NotAnnounced,
    /// Spaces are removed from texts.
    TrimsTexts,
    /// Messages are sent back to their author.
    Echo,
    /// Connections are closed without `<quit>`.
    NoGoodbye,
    /// Nobody can enter an empty room and talk there.
    RoomUnusable,
}

/// The likely cause of most failures; `None` when they are few or have nothing in common. It is claimed only where the
/// scenario that it names fails because of the requirement that it breaks.
pub fn of(run: &Run<'_>) -> Option<Diagnosis> {
    let failures: Vec<_> = run
        .results
        .iter()
        .filter_map(|result| Some((result, result.performance.outcome.failure()?)))
        .collect();
    let shut = failures
        .iter()
        .find(|(result, _)| is_gate(&result.scenario.name));
    let common = SYMPTOMS.iter().find_map(|symptom| {
        let shows = |failure| blames(failure, symptom.id) && (symptom.shows)(failure);
        let shown = failures.iter().filter(|(_, failure)| shows(failure));
        let shown: Vec<_> = shown.map(|(result, _)| *result).collect();
        let told = shown
            .iter()
            .filter(|result| matches!(result.performance.outcome, Outcome::Failed(_)));
        let simplest = told.min_by_key(|result| length(result.scenario))?;
        let name = &simplest.scenario.name;
        let blocked = run.results.iter().filter(|result| blocks(name, result));
        let caused = shown.len() + blocked.count();
        let is_common = caused * SHARE >= failures.len() || shut.is_some();
        is_common.then_some((symptom.cause, simplest.scenario, symptom.id))
    });
    let doorway = || {
        let (result, failure) = shut.filter(|(result, _)| result.scenario.name == GATES[0])?;
        Some((Cause::RoomUnusable, result.scenario, failure.blame.as_str()))
    };
    let (cause, scenario, blame) = common.or_else(doorway)?;
    Some(Diagnosis {
        cause,
        blame: Id::parse(blame)?,
        scenario: scenario.name.clone(),
    })
}

/// The server's process ended although nothing had asked it to.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Crash {
    /// How it ended.
    pub exit: Exit,
    /// The name of the simplest scenario in which it did.
    pub scenario: String,
    /// In how many scenarios it did, in whatever way.
    pub scenarios: usize,
    /// The last lines that it printed there.
    pub output: Vec<String>,
}

/// The crash that the simplest scenario shows, if there is one.
pub fn crash(run: &Run<'_>) -> Option<Crash> {
    let crashes = run.results.iter().filter_map(|result| {
        let failure = result.performance.outcome.failure()?;
        match failure.problem {
            Problem::Crashed { exit } => Some((result.scenario, exit, &failure.output)),
            _ => None,
        }
    });
    let crashes: Vec<_> = crashes.collect();
    let (scenario, exit, output) = crashes.iter().min_by_key(|(it, ..)| length(it))?;
    Some(Crash {
        exit: *exit,
        scenario: scenario.name.clone(),
        scenarios: crashes.len(),
        output: (*output).clone(),
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
const SYMPTOMS: [Symptom; 10] = [
    Symptom {
        cause: Cause::NoLf,
        id: "LINE-3",
        shows: is_unframed,
    },
    Symptom {
        cause: Cause::CrLf,
        id: "LINE-3",
        shows: |_| true,
    },
    Symptom {
        cause: Cause::Prompt,
        id: "NAME-1",
        shows: is_prompted,
    },
    Symptom {
        cause: Cause::ReadsAsLines,
        id: "LINE-1",
        shows: |_| true,
    },
    Symptom {
        cause: Cause::FalseWelcome,
        id: "JOIN-1",
        shows: |failure| lines(failure).is_some_and(is_false_welcome),
    },
    Symptom {
        cause: Cause::FalseList,
        id: "JOIN-2",
        shows: |_| true,
    },
    Symptom {
        cause: Cause::NotAnnounced,
        id: "JOIN-3",
        shows: |failure| matches!(failure.problem, Problem::Missing { .. }),
    },
    Symptom {
        cause: Cause::TrimsTexts,
        id: "MSG-3",
        shows: is_trimmed,
    },
    Symptom {
        cause: Cause::Echo,
        id: "MSG-2",
        shows: |_| true,
    },
    Symptom {
        cause: Cause::NoGoodbye,
        id: "LEAVE-3",
        shows: |_| true,
    },
];

/// A cause counts when it explains at least one failure in this number; what is blocked because of it counts, too.
const SHARE: usize = 6;

fn blocks(name: &str, result: &ScenarioResult<'_>) -> bool {
    matches!(&result.performance.outcome, Outcome::Blocked(by) if by == name)
}

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

/// A welcome with the right nickname, and something else behind it.
fn is_false_welcome((expected, received): (&str, &str)) -> bool {
    let nickname = |line| match ServerLine::parse(line) {
        ServerLine::Welcome { nickname, .. } => Some(nickname.to_owned()),
        _ => None,
    };
    nickname(expected).is_some() && nickname(expected) == nickname(received)
}
