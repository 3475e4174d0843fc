//! What went wrong in a scenario.

use std::fmt;
use std::time::Duration;

use driver::process::StartError;
use driver::wire::{End, Received};

use super::client_problem::ClientProblem;

/// How it is known that a line does not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// A marker has come that the server must send later.
    Overtaken,
    /// Nothing has come for so long.
    Waited(Duration),
}

/// What went wrong. Actors are named as in the scenario.
#[derive(Debug, Clone)]
pub enum Problem {
    /// Another line came.
    Different {
        /// To whom.
        actor: String,
        /// What was listed.
        expected: String,
        /// What came.
        received: Received,
    },
    /// A line came that nobody listed.
    Unlisted {
        /// To whom.
        actor: String,
        /// What came.
        received: Received,
    },
    /// A line did not come.
    Missing {
        /// To whom.
        actor: String,
        /// What was listed.
        expected: String,
        /// How that is known.
        proof: Proof,
        /// Bytes that came without an LF.
        partial: Vec<u8>,
    },
    /// The connection ended instead.
    Ended {
        /// Whose.
        actor: String,
        /// What was listed.
        expected: String,
        /// How it ended.
        end: End,
        /// Bytes that came without an LF.
        partial: Vec<u8>,
    },
    /// The connection goes on.
    StillOpen {
        /// Whose.
        actor: String,
        /// How long the harness has waited.
        waited: Duration,
    },
    /// The connection was reset where it should have ended in order.
    Reset {
        /// Whose.
        actor: String,
    },
    /// The server does not take what is sent.
    NotTaken {
        /// Who sends.
        actor: String,
        /// What the system, or the clock, says.
        reason: String,
    },
    /// A server that should have cut the connection off keeps reading.
    NotCutOff {
        /// Who sends.
        actor: String,
    },
    /// More than one empty line a second came.
    Flood {
        /// To whom.
        actor: String,
    },
    /// No connection could be opened.
    Refused {
        /// By whom.
        actor: String,
        /// What the system says.
        reason: String,
    },
    /// The process ended although nobody had asked it to.
    Crashed {
        /// Its exit status.
        status: String,
    },
    /// The process goes on after it was told to end.
    StillRunning {
        /// How long the harness has waited.
        waited: Duration,
    },
    /// The process ended with another status than 0.
    ExitStatus(String),
    /// The server did not start.
    Start(StartError),
    /// What was received contradicts itself.
    Disagreement(String),
    /// A client failed.
    Client(Box<ClientProblem>),
    /// A block took longer than it may.
    TooSlow {
        /// What the block may take, without the harness's patience.
        limit: Duration,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Different { actor, .. } => write!(f, "{actor} received another line"),
            Self::Unlisted {
                actor,
                received: Received::Line(_),
            } => write!(f, "{actor} received a line that must not come"),
            Self::Unlisted { actor, .. } => {
                write!(f, "{actor} received a line that no server may send")
            }
            Self::Missing {
                actor,
                proof: Proof::Overtaken,
                ..
            } => write!(
                f,
                "{actor} did not receive a line, and it cannot come any more"
            ),
            Self::Missing {
                actor,
                proof: Proof::Waited(time),
                ..
            } => write!(f, "{actor} received nothing for {} s", time.as_secs()),
            Self::Ended {
                actor,
                end: End::Fin,
                ..
            } => write!(f, "the server closed {actor}'s connection"),
            Self::Ended {
                actor,
                end: End::Reset,
                ..
            } => write!(f, "the server reset {actor}'s connection"),
            Self::StillOpen { actor, waited } => write!(
                f,
                "the server has not ended {actor}'s connection after {} s",
                waited.as_secs()
            ),
            Self::Reset { actor } => write!(
                f,
                "{actor}'s connection was reset instead of being closed in order"
            ),
            Self::NotTaken { actor, reason } => write!(f, "{actor} cannot send: {reason}"),
            Self::NotCutOff { actor } => write!(
                f,
                "the server has taken 16 MB from {actor} after its goodbye, and goes on"
            ),
            Self::Flood { actor } => {
                write!(f, "{actor} received more than one empty line a second")
            }
            Self::Refused { actor, reason } => write!(f, "{actor} cannot connect: {reason}"),
            Self::Crashed { status } => write!(f, "the server ended by itself: {status}"),
            Self::StillRunning { waited } => write!(
                f,
                "the server is still running after {} s",
                waited.as_secs()
            ),
            Self::ExitStatus(status) => write!(f, "the server ended with {status}"),
            Self::Start(error) => write!(f, "{error}"),
            Self::Disagreement(what) => f.write_str(what),
            Self::Client(problem) => write!(f, "{problem}"),
            Self::TooSlow { limit } => {
                write!(f, "this block took much longer than {} s", limit.as_secs())
            }
        }
    }
}
