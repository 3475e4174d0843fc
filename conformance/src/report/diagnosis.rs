//! When many scenarios fail for one cause: what it probably is, in one sentence.

use crate::play::{Failure, Outcome, Problem};
use crate::run::Run;
use crate::spec::Id;
use crate::wire::Event;

/// The likely cause of most failures, with the requirement and the scenario that shows it most simply.
/// None when the failures are few, or have nothing in common.
pub fn of(run: &Run<'_>) -> Option<String> {
    let failures = run
        .results
        .iter()
        .filter_map(|result| match &result.performance.outcome {
            Outcome::Failed(failure) => Some((result.scenario.name.as_str(), &**failure)),
            _ => None,
        });
    let failures: Vec<_> = failures.collect();
    let blocked = run
        .results
        .iter()
        .any(|result| matches!(result.performance.outcome, Outcome::Blocked(_)));
    let causes: [Cause<'_>; 7] = [
        ("The server ends by itself", &|failure| {
            matches!(failure.problem, Problem::Crashed { .. })
        }),
        (
            "The server does not let one member enter an empty room, talk and leave",
            &|_| blocked,
        ),
        ("The server does not end its lines with LF", &is_unframed),
        (
            "The server ends its lines with CR LF instead of LF",
            &|failure| is(failure, "LINE-3"),
        ),
        (
            "The server takes what one read gives it for one line, instead of looking for LF",
            &is_misframed,
        ),
        (
            "The server sends messages back to the member they came from",
            &|failure| is(failure, "MSG-2"),
        ),
        (
            "The server does not say goodbye with `<quit>` before it closes a connection",
            &|failure| is(failure, "LEAVE-3"),
        ),
    ];
    for (sentence, applies) in causes {
        let mut shown = failures.iter().filter(|(_, failure)| applies(failure));
        let (first, count) = (shown.clone().next(), shown.by_ref().count());
        let Some((simplest, failure)) = first else {
            continue;
        };
        if count * SHARE >= failures.len() || blocked {
            return Some(format!("{sentence} ({}; see {simplest}).", failure.blame));
        }
    }
    None
}

/// A sentence, and whether a failure shows it.
type Cause<'a> = (&'static str, &'a dyn Fn(&Failure) -> bool);

/// A cause counts when at least one failure in so many shows it.
const SHARE: usize = 6;

fn is(failure: &Failure, id: &str) -> bool {
    Id::parse(id).as_ref() == Some(&failure.blame)
}

/// A piece of the expected text, or more than it.
fn is_misframed(failure: &Failure) -> bool {
    let said = |line| match Event::parse(line) {
        Some(Event::Said(nickname, text)) => Some((nickname, text)),
        _ => None,
    };
    let piece = match &failure.problem {
        Problem::Different {
            expected, received, ..
        } => match (said(expected), received.text().and_then(said)) {
            (Some((expecting, expected)), Some((speaking, received))) => {
                expecting == speaking
                    && (expected.contains(received) || received.starts_with(expected))
            }
            _ => false,
        },
        _ => false,
    };
    piece || is(failure, "LINE-1")
}

fn is_unframed(failure: &Failure) -> bool {
    matches!(&failure.problem, Problem::Missing { partial, .. } | Problem::Ended { partial, .. } if !partial.is_empty())
}
