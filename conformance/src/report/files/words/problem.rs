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
        Problem::Different { actor, .. } => {
            format!("{actor} received a different line than expected")
        }
        Problem::Unlisted {
            actor,
            received: Received::Line(_),
        } => format!("{actor} received a line that should not have been sent"),
        Problem::Unlisted { actor, .. } => {
            format!("{actor} received a line that no server may send")
        }
        Problem::Ghost { actor, member, .. } => format!(
            "{actor} received a message without a text from {member}, who had ended his side of the connection"
        ),
        Problem::Missing { actor, partial, .. } if !partial.is_empty() => {
            format!("{actor} received bytes that do not end with LF, instead of a line")
        }
        Problem::Missing { actor, proof, .. } => missing(actor, *proof),
        Problem::Ended { actor, end, .. } => match end {
            End::Fin => format!("the server closed the connection of {actor} too early"),
            End::Reset => format!("the server reset the connection of {actor}"),
        },
        Problem::StillOpen { actor, waited } => format!(
            "the server did not close the connection of {actor} within {}",
            seconds(*waited)
        ),
        Problem::Reset { actor } => {
            format!("the server reset the connection of {actor} instead of closing it in order")
        }
        Problem::NotTaken { actor, reason } => {
            format!("{actor} could not send to the server: {reason}")
        }
        Problem::NotCutOff { actor } => {
            format!("the server keeps reading from {actor}, 16 MB after its goodbye")
        }
        Problem::Flood { actor } => {
            format!("{actor} received more empty lines than one per second")
        }
        Problem::Refused { actor, reason } => format!("{actor} could not connect: {reason}"),
        Problem::Crashed { exit } => format!("the server {} unexpectedly", ended(*exit)),
        Problem::StillRunning { waited } => {
            format!("the server did not exit within {}", seconds(*waited))
        }
        Problem::ExitStatus { exit } => {
            format!("the server {} instead of exit status 0", ended(*exit))
        }
        Problem::NotStarted { error } => format!("the server could not be restarted: {error}"),
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

fn missing(actor: &str, proof: Proof) -> String {
    match proof {
        Proof::Overtaken => {
            format!("{actor} did not receive an expected line, although later ones have arrived")
        }
        Proof::Waited { time } => format!("{actor} received nothing within {}", seconds(time)),
        Proof::Stuck { time } => format!(
            "{actor} received an expected line only after further bytes had been sent, and not by itself within {}",
            seconds(time)
        ),
    }
}

/// What a client did wrong.
fn client(actor: &str, expected: &Expectation, instead: &Instead) -> String {
    match instead {
        Instead::Sent { .. } if *expected == Expectation::Nothing => {
            format!("{actor} sent a line although none was expected")
        }
        Instead::Sent { .. } => format!("{actor} sent a different line than expected"),
        Instead::Unlawful { .. } => format!("{actor} sent a line that no client may send"),
        Instead::Nothing { waited, .. } => {
            format!("{actor} sent nothing within {}", seconds(*waited))
        }
        Instead::Ended { end: End::Fin } => format!("{actor} closed the connection too early"),
        Instead::Ended { end: End::Reset } => {
            format!("{actor} reset the connection unexpectedly")
        }
        Instead::NotShown { proof, .. } => match proof {
            Proof::Overtaken => {
                format!("{actor} did not show an expected text, although it showed a later one")
            }
            Proof::Waited { time } | Proof::Stuck { time } => format!(
                "{actor} did not show an expected text in {}",
                seconds(*time)
            ),
        },
        Instead::Shown { .. } => format!("{actor} showed bytes that must not reach a screen"),
        Instead::StillOpen { waited } => format!(
            "{actor} did not close the connection within {}",
            seconds(*waited)
        ),
        Instead::NotTaken { reason } => format!("{actor} stopped reading: {reason}"),
        Instead::InputNotTaken { reason } => {
            format!("{actor} stopped reading the user's input: {reason}")
        }
        Instead::Flood => format!("{actor} showed much more than it had received"),
    }
}

/// How a process ended: the predicate of a sentence.
pub(super) fn ended(exit: Exit) -> String {
    match exit {
        Exit::Status(code) => format!("exited with status {code}"),
        Exit::Signal(number) => match Signal::try_from(number) {
            Ok(signal) => format!("was killed by {signal}"),
            Err(_) => format!("was killed by signal {number}"),
        },
    }
}

fn seconds(time: Duration) -> String {
    match time.as_secs() {
        1 => "1 second".to_owned(),
        seconds => format!("{seconds} seconds"),
    }
}
