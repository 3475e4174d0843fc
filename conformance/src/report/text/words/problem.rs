//! One sentence for each problem.

use std::time::Duration;

use driver::process::Exit;
use driver::wire::{End, Received};
use nix::sys::signal::Signal;

use super::contradiction::contradiction;
use crate::runner::{Expectation, Instead, Problem, Proof};

/// What went wrong, as a sentence without a full stop.
pub(crate) fn problem(problem: &Problem) -> String {
    match problem {
        Problem::Different { actor, .. } => format!("{actor} received another line"),
        Problem::Unlisted {
            actor,
            received: Received::Line(_),
        } => format!("{actor} received a line that must not come"),
        Problem::Unlisted { actor, .. } => {
            format!("{actor} received a line that no server may send")
        }
        Problem::Ghost { actor, member, .. } => format!(
            "{actor} received a message from {member}, who had ended his side of the connection"
        ),
        Problem::Missing { actor, partial, .. } if !partial.is_empty() => {
            format!("{actor} received bytes without an LF instead of a line")
        }
        Problem::Missing { actor, proof, .. } => match proof {
            Proof::Overtaken => {
                format!("{actor} did not receive a line, and it can no longer come")
            }
            Proof::Waited { time } => format!("{actor} received nothing for {}", seconds(*time)),
            Proof::Stuck { time } => format!(
                "{actor} received a line only after further bytes had been sent; without them, nothing came for {}",
                seconds(*time)
            ),
        },
        Problem::Ended { actor, end, .. } => match end {
            End::Fin => format!("the server closed {actor}'s connection"),
            End::Reset => format!("the server reset {actor}'s connection"),
        },
        Problem::StillOpen { actor, waited } => format!(
            "the server has not ended {actor}'s connection after {}",
            seconds(*waited)
        ),
        Problem::Reset { actor } => {
            format!("{actor}'s connection was reset instead of being closed in order")
        }
        Problem::NotTaken { actor, reason } => format!("{actor} cannot send: {reason}"),
        Problem::NotCutOff { actor } => {
            format!("the server has read 16 MB from {actor} after its goodbye, and keeps reading")
        }
        Problem::Flood { actor } => {
            format!("{actor} received more than one empty line a second")
        }
        Problem::Refused { actor, reason } => format!("{actor} cannot connect: {reason}"),
        Problem::Crashed { exit } => match exit {
            Exit::Status(code) => format!("the server ended by itself with exit status {code}"),
            Exit::Signal(number) => format!("the server was killed by {}", signal(*number)),
        },
        Problem::StillRunning { waited } => {
            format!("the server is still running after {}", seconds(*waited))
        }
        Problem::ExitStatus { exit } => match exit {
            Exit::Status(code) => format!("the server ended with exit status {code}"),
            Exit::Signal(number) => format!("the server was ended by {}", signal(*number)),
        },
        Problem::NotStarted { error } => format!("the server did not start again: {error}"),
        Problem::Disagreement {
            contradiction: what,
        } => contradiction(what),
        Problem::TooSlow { limit } => {
            format!("this block took longer than {}", seconds(*limit))
        }
        Problem::Client {
            actor,
            expected,
            instead,
        } => client(actor, expected, instead),
    }
}

/// What a client did wrong.
fn client(actor: &str, expected: &Expectation, instead: &Instead) -> String {
    match instead {
        Instead::Sent { .. } if *expected == Expectation::Nothing => {
            format!("{actor} sent a line that must not come")
        }
        Instead::Sent { .. } => format!("{actor} sent another line"),
        Instead::Unlawful { .. } => format!("{actor} sent a line that no client may send"),
        Instead::Nothing { waited, .. } => {
            format!("{actor} sent nothing for {}", seconds(*waited))
        }
        Instead::Ended { end: End::Fin } => format!("{actor} closed the connection"),
        Instead::Ended { end: End::Reset } => format!("{actor} reset the connection"),
        Instead::NotShown { proof, .. } => match proof {
            Proof::Overtaken => format!("{actor} did not show a text, but what came after it"),
            Proof::Waited { time } | Proof::Stuck { time } => {
                format!("{actor} did not show a text within {}", seconds(*time))
            }
        },
        Instead::Shown { .. } => format!("{actor} showed what must not reach a screen"),
        Instead::StillOpen { waited } => format!(
            "{actor} has not closed the connection after {}",
            seconds(*waited)
        ),
        Instead::NotTaken { reason } => format!("{actor} does not read: {reason}"),
        Instead::InputNotTaken { reason } => {
            format!("{actor} does not read what its user types: {reason}")
        }
        Instead::Flood => format!("{actor} showed far more than it was sent"),
    }
}

fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs())
}

fn signal(number: i32) -> String {
    Signal::try_from(number)
        .map_or_else(|_| format!("signal {number}"), |signal| signal.to_string())
}
