//! When many scenarios fail for one cause: what it probably is, in one sentence.

use crate::runner::Run;
use crate::runner::{Failure, Outcome, Problem};
use crate::scenario::Scenario;
use driver::wire::{Event, Received};

/// The likely cause of most failures, with the requirement and the scenario that shows it most simply.
/// None when the failures are few, or have nothing in common.
pub fn of(run: &Run<'_>) -> Option<String> {
    let blocked = run
        .results
        .iter()
        .any(|result| matches!(result.performance.outcome, Outcome::Blocked(_)));
    let failures = run
        .results
        .iter()
        .filter_map(|result| match &result.performance.outcome {
            Outcome::Failed(failure) => Some((result.scenario, &**failure)),
            _ => None,
        });
    let failures: Vec<_> = failures.collect();
    CAUSES.iter().find_map(|cause| {
        let shown = failures.iter().filter(|(_, failure)| (cause.shows)(failure));
        let shown: Vec<_> = shown.collect();
        let (simplest, failure) = shown
            .iter()
            .min_by_key(|(scenario, failure)| (!is(failure, cause.id), length(scenario)))?;
        let common = shown.len() * SHARE >= failures.len();
        (common || blocked).then(|| {
            let Cause { sentence, .. } = cause;
            format!("{sentence} ({}; see {}).", failure.blame, simplest.name)
        })
    })
    .or_else(|| {
        let (scenario, failure) = failures.first().filter(|_| blocked)?;
        Some(format!(
            "The server does not let one member enter an empty room, talk and leave ({}; see {}).",
            failure.blame, scenario.name
        ))
    })
}

/// What may be behind many failures.
struct Cause {
    sentence: &'static str,
    /// The requirement that it breaks first of all.
    id: &'static str,
    /// Whether a failure shows it.
    shows: fn(&Failure) -> bool,
}

/// The deeper ones first: they bring others with them.
const CAUSES: [Cause; 8] = [
    Cause {
        sentence: "The server ends by itself",
        id: "CONN-1",
        shows: |failure| matches!(failure.problem, Problem::Crashed { .. }),
    },
    Cause {
        sentence: "The server does not end its lines with LF",
        id: "LINE-3",
        shows: is_unframed,
    },
    Cause {
        sentence: "The server ends its lines with CR LF instead of LF",
        id: "LINE-3",
        shows: |failure| is(failure, "LINE-3"),
    },
    Cause {
        sentence: "The server puts something before its lines, such as a prompt",
        id: "NAME-1",
        shows: is_prompted,
    },
    Cause {
        sentence: "The server takes what one read gives it for one line, instead of looking for LF",
        id: "LINE-1",
        shows: is_misframed,
    },
    Cause {
        sentence: "The server takes blanks away from the texts of messages",
        id: "MSG-3",
        shows: is_trimmed,
    },
    Cause {
        sentence: "The server sends messages back to the member they came from",
        id: "MSG-2",
        shows: |failure| is(failure, "MSG-2"),
    },
    Cause {
        sentence: "The server does not say goodbye with `<quit>` before it closes a connection",
        id: "LEAVE-3",
        shows: |failure| is(failure, "LEAVE-3"),
    },
];

/// A cause counts when at least one failure in so many shows it.
const SHARE: usize = 6;

fn is(failure: &Failure, id: &str) -> bool {
    failure.blame.to_string() == id
}

fn length(scenario: &Scenario) -> usize {
    scenario.source.lines().count()
}

fn is_unframed(failure: &Failure) -> bool {
    matches!(&failure.problem, Problem::Missing { partial, .. } | Problem::Ended { partial, .. } if !partial.is_empty())
}

fn is_trimmed(failure: &Failure) -> bool {
    let Problem::Different {
        expected, received, ..
    } = &failure.problem
    else {
        return false;
    };
    let differs = |text: &str| text != expected && text.trim() == expected.trim();
    received.text().is_some_and(differs)
}

fn is_prompted(failure: &Failure) -> bool {
    let Problem::Different {
        expected, received, ..
    } = &failure.problem
    else {
        return false;
    };
    let behind = |text: &str| text != expected && text.ends_with(expected.as_str());
    expected.starts_with(['*', '<']) && received.text().is_some_and(behind)
}

/// What was sent as several lines comes as one, or the other way round.
fn is_misframed(failure: &Failure) -> bool {
    let shown = match &failure.problem {
        Problem::Different {
            expected, received, ..
        } => {
            is_rest_of_a_line(received)
                || received.text().is_some_and(|text| is_cut(expected, text))
        }
        Problem::Unlisted { received, .. } => is_rest_of_a_line(received),
        _ => false,
    };
    shown || is(failure, "LINE-1")
}

/// A line without a sender: somebody's second line, behind the first one's name.
fn is_rest_of_a_line(received: &Received) -> bool {
    received
        .text()
        .is_some_and(|text| !text.starts_with(['*', '!', '<', '{']) && Event::parse(text).is_none())
}

/// A piece of the text that was expected, or more than it; or a welcome without its number, which stands behind the rest of
/// what was taken for the nickname.
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
