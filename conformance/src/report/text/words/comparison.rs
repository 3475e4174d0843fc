//! What was expected and what came instead, one above the other.

use std::time::Duration;

use driver::wire::{End, Visible};

use super::line::{received, unlawful};
use crate::runner::{Expectation, Instead, Problem, Proof};

const EXPECTED: &str = "expected";
const RECEIVED: &str = "received";

/// Labelled lines; none where a comparison would say no more than the problem's sentence.
pub(crate) fn comparison(problem: &Problem) -> Vec<(&'static str, String)> {
    let came = match problem {
        Problem::Different { received: line, .. }
        | Problem::Unlisted { received: line, .. }
        | Problem::Ghost { received: line, .. } => {
            vec![received(line)]
        }
        Problem::Missing { proof, partial, .. } => {
            vec![unfinished(partial).unwrap_or(match proof {
                Proof::Overtaken => "(nothing; what was sent afterwards has come)".to_owned(),
                Proof::Waited { time } | Proof::Stuck { time } => nothing_for(*time),
            })]
        }
        Problem::Ended { end, partial, .. } => unfinished(partial)
            .into_iter()
            .chain([ended(*end)])
            .collect(),
        Problem::StillOpen { .. } => vec!["(nothing)".to_owned()],
        Problem::Reset { .. } => vec!["(RST)".to_owned()],
        Problem::Client { instead, .. } => did(instead).into_iter().collect(),
        Problem::NotTaken { .. }
        | Problem::NotCutOff { .. }
        | Problem::Flood { .. }
        | Problem::Refused { .. }
        | Problem::Crashed { .. }
        | Problem::StillRunning { .. }
        | Problem::ExitStatus { .. }
        | Problem::NotStarted { .. }
        | Problem::Disagreement { .. }
        | Problem::TooSlow { .. } => Vec::new(),
    };
    if came.is_empty() {
        return Vec::new();
    }
    let expected = expected(problem).map(|text| (EXPECTED, text));
    let came = came.into_iter().map(|text| (RECEIVED, text));
    expected.into_iter().chain(came).collect()
}

fn expected(problem: &Problem) -> Option<String> {
    let actor = problem.actor()?;
    Some(match (problem.expected()?, problem) {
        // What the client should have shown instead is not known.
        (
            _,
            Problem::Client {
                instead: Instead::Shown { .. },
                ..
            },
        ) => return None,
        (Expectation::Line { text } | Expectation::Shown { text }, _) => {
            Visible(text.as_bytes()).to_string()
        }
        (Expectation::Here, _) => "* here …".to_owned(),
        (Expectation::Event, _) => "(an event that another member caused)".to_owned(),
        (Expectation::AnythingShown, _) => "(anything on the screen)".to_owned(),
        (Expectation::End, Problem::Reset { .. }) => ended(End::Fin),
        (Expectation::End, _) => "(end of the connection)".to_owned(),
        (Expectation::Nothing, Problem::Client { .. }) => format!("(nothing more from {actor})"),
        (Expectation::Nothing, _) => format!("(nothing more for {actor})"),
    })
}

/// What a client did, where that can be shown.
fn did(instead: &Instead) -> Option<String> {
    Some(match instead {
        Instead::Sent { line } => Visible(line.as_bytes()).to_string(),
        Instead::Unlawful { line } => unlawful(line),
        Instead::Nothing { waited, partial } => {
            unfinished(partial).unwrap_or_else(|| nothing_for(*waited))
        }
        Instead::Ended { end } => ended(*end),
        Instead::NotShown { shown: text, .. } | Instead::Shown { text } => text.to_string(),
        Instead::StillOpen { .. } => "(nothing)".to_owned(),
        Instead::NotTaken { .. } | Instead::InputNotTaken { .. } | Instead::Flood => return None,
    })
}

fn unfinished(partial: &[u8]) -> Option<String> {
    (!partial.is_empty()).then(|| format!("{} (and no LF after it)", Visible(partial)))
}

fn nothing_for(time: Duration) -> String {
    format!("(nothing for {:.1} s)", time.as_secs_f64())
}

fn ended(end: End) -> String {
    match end {
        End::Fin => "(end of the connection: FIN)".to_owned(),
        End::Reset => "(end of the connection: RST)".to_owned(),
    }
}
