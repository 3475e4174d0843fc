//! Why a program under test could not be started.

use std::fmt::Display;
use std::io;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::descriptors;
use super::exit::Exit;

/// Why a program could not be started.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum StartError {
    /// The system could not run the program.
    #[error("cannot run `{program}`: {reason}")]
    Run {
        /// The first word of the command.
        program: String,
        /// The system's error.
        reason: String,
    },
    /// It ended before it accepted a connection.
    #[error("the server ended before it listened on its port: {exit}")]
    Ended {
        /// How it ended.
        exit: Exit,
    },
    /// Its first process ended, and another one goes on.
    #[error(
        "the server goes to the background (`{command}` goes on after the command has ended); start it in the foreground"
    )]
    Background {
        /// The command line of a process that goes on.
        command: String,
    },
    /// It accepted no connection in time.
    #[error("the server does not listen on its port of 127.0.0.1 after {} s", .waited.as_secs())]
    NotListening {
        /// The time limit.
        #[serde(rename = "waited_s", serialize_with = "seconds")]
        #[schemars(with = "f64")]
        waited: Duration,
    },
    /// No port could be reserved for it.
    #[error("cannot reserve a port for the server: {reason}")]
    NoPort {
        /// The system's error.
        reason: String,
    },
    /// Another process listens on the port that was fixed for it.
    #[error("port {port} is in use by another process; end that process or choose another port")]
    PortInUse {
        /// The port.
        port: u16,
    },
    /// The client under test ended before it connected.
    #[error("the client ended before it connected: {exit}")]
    ClientEnded {
        /// How it ended.
        exit: Exit,
    },
    /// The client under test did not connect in time.
    #[error("the client has not connected after {} s", .waited.as_secs())]
    NotConnected {
        /// The time limit.
        #[serde(rename = "waited_s", serialize_with = "seconds")]
        #[schemars(with = "f64")]
        waited: Duration,
    },
    /// The suite itself lacks something of the system.
    #[error("the suite cannot go on: {reason}")]
    Harness {
        /// The system's error.
        reason: String,
    },
}

impl StartError {
    /// Whether it says nothing about the program, even if that had started before.
    pub fn is_no_verdict(&self) -> bool {
        matches!(self, Self::Harness { .. } | Self::Background { .. })
    }

    /// The suite cannot go on because this process, or the system, has too many open files: never the fault of the program
    /// under test. `None` for any other error.
    pub fn of_suite(error: &io::Error) -> Option<Self> {
        descriptors::are_missing(error).then(|| Self::Harness {
            reason: format!("{error}; run fewer scenarios at the same time with --jobs, or raise the limit with `ulimit -n`"),
        })
    }
}

fn seconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}

/// Appends the lines that a process has printed, if any, to what happened to it.
pub fn with_output(what: impl Display, output: &[String]) -> String {
    if output.is_empty() {
        what.to_string()
    } else {
        format!("{what}; it printed:\n    {}", output.join("\n    "))
    }
}
