//! What was expected and what came instead.

use std::time::Duration;

use driver::wire::{End, Visible};

use super::line::{received, unlawful};
use super::side::Side;
use crate::runner::{Expectation, Instead, Problem, Proof};

/// What was expected and what came instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Comparison {
    pub(crate) expected: Side,
    pub(crate) received: Side,
}

/// The comparison; `None` where it would say no more than the problem's sentence.
pub(crate) fn comparison(problem: &Problem) -> Option<Comparison> {
    let received = match problem {
        Problem::Different { received: line, .. }
        | Problem::Unlisted { received: line, .. }
        | Problem::Ghost { received: line, .. } => received(line),
        Problem::Missing { proof, partial, .. } => match proof {
            _ if !partial.is_empty() => unfinished(partial, "no LF after it"),
            Proof::Overtaken => Side::remark("nothing; what was sent later has arrived"),
            Proof::Waited { time } | Proof::Stuck { time } => nothing_within(*time),
        },
        Problem::Ended { end, partial, .. } if !partial.is_empty() => {
            unfinished(partial, &format!("no LF after it, but {}", ended(*end)))
        }
        Problem::Ended { end, .. } => Side::remark(ended(*end)),
        Problem::StillOpen { .. } => Side::remark("nothing"),
        Problem::Reset { .. } => Side::remark(ended(End::Reset)),
        Problem::Client { instead, .. } => did(instead)?,
        Problem::NotTaken { .. }
        | Problem::NotCutOff { .. }
        | Problem::Flood { .. }
        | Problem::Refused { .. }
        | Problem::Crashed { .. }
        | Problem::StillRunning { .. }
        | Problem::ExitStatus { .. }
        | Problem::NotStarted { .. }
        | Problem::Disagreement { .. }
        | Problem::TooSlow { .. } => return None,
    };
    Some(Comparison {
        expected: expectation(problem.expected()?),
        received,
    })
}

/// What was expected.
pub(crate) fn expectation(expected: &Expectation) -> Side {
    match expected {
        Expectation::Line { text } | Expectation::Shown { text } => {
            Side::text(Visible(text.as_bytes()))
        }
        Expectation::Here => Side::remark("a `* here` line of another member"),
        Expectation::Event => Side::remark("any event that another member caused"),
        Expectation::AnythingShown => Side::remark("any output on the screen"),
        Expectation::End => Side::remark("the end of the connection, with FIN"),
        Expectation::Nothing => Side::remark("nothing more"),
    }
}

/// What a client did, where that can be shown.
fn did(instead: &Instead) -> Option<Side> {
    Some(match instead {
        Instead::Sent { line } => Side::text(Visible(line.as_bytes())),
        Instead::Unlawful { line } => unlawful(line),
        Instead::Nothing { partial, .. } if !partial.is_empty() => {
            unfinished(partial, "no LF after it")
        }
        Instead::Nothing { waited, .. } => nothing_within(*waited),
        Instead::Ended { end } => Side::remark(ended(*end)),
        Instead::NotShown { shown, .. } => Side::text(shown),
        Instead::Shown { text } => Side::text(text),
        Instead::StillOpen { .. } => Side::remark("nothing"),
        Instead::NotTaken { .. } | Instead::InputNotTaken { .. } | Instead::Flood => return None,
    })
}

fn unfinished(partial: &[u8], remark: &str) -> Side {
    Side {
        text: Visible(partial).to_string(),
        remark: remark.to_owned(),
    }
}

fn nothing_within(time: Duration) -> Side {
    Side::remark(format!("nothing within {:.1} s", time.as_secs_f64()))
}

fn ended(end: End) -> &'static str {
    match end {
        End::Fin => "the end of the connection, with FIN",
        End::Reset => "the end of the connection, with RST",
    }
}
