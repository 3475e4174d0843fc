//! What happened in a scenario, moment by moment.

use std::collections::VecDeque;
use std::time::Duration;

use driver::process::Exit;
use driver::wire::{End, Excerpt};
use schemars::JsonSchema;
use serde::Serialize;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Moment {
    /// Time since the beginning of the scenario, in microseconds.
    pub at_us: u64,
    /// The actor; null for the process under test.
    pub actor: Option<String>,
    /// What happened.
    #[serde(flatten)]
    pub what: Happening,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Happening {
    /// A connection was opened.
    Connected,
    /// The actor sent these bytes; a line without its LF.
    Sent {
        /// The bytes.
        text: Excerpt,
    },
    /// The actor received this line.
    Received {
        /// The line, without its LF.
        text: Excerpt,
    },
    /// The actor shut down writing.
    HalfClosed,
    /// The actor reset the connection.
    Reset,
    /// The actor closed the connection without reading on.
    HungUp,
    /// The actor stopped reading.
    StoppedReading,
    /// The actor resumed reading.
    ResumedReading,
    /// The server ended the connection.
    Ended {
        /// How.
        end: End,
    },
    /// The user of the client under test typed this.
    Typed {
        /// The bytes, without the last LF.
        text: Excerpt,
    },
    /// The standard input of the client under test ended.
    InputEnded,
    /// The client under test showed this.
    Shown {
        /// The bytes.
        text: Excerpt,
    },
    /// The process under test received a signal.
    Signalled {
        /// Which.
        signal: StopSignal,
    },
    /// The process under test ended.
    Exited {
        /// How.
        exit: Exit,
    },
    /// The process under test was started again.
    Restarted,
    /// The suite ended processes that the one under test had started in groups of their own.
    Swept {
        /// How many.
        processes: usize,
    },
}

/// A signal that asks a process to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum StopSignal {
    /// As Ctrl-C sends it.
    Sigint,
    /// As a service manager sends it.
    Sigterm,
}

/// What happened in a scenario: the beginning and the end, when there is too much of it.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    first: Vec<Moment>,
    last: VecDeque<Moment>,
    omitted: usize,
}

/// How many moments are kept from the beginning, and from the end.
const KEPT: usize = 60;

impl Trace {
    /// Adds a moment; `actor` is `None` for the process under test.
    pub(super) fn note(&mut self, at: Duration, actor: Option<&str>, what: Happening) {
        let moment = Moment {
            at_us: u64::try_from(at.as_micros()).unwrap_or(u64::MAX),
            actor: actor.map(str::to_owned),
            what,
        };
        if self.first.len() < KEPT {
            self.first.push(moment);
            return;
        }
        self.last.push_back(moment);
        if self.last.len() > KEPT {
            self.last.pop_front();
            self.omitted += 1;
        }
    }

    /// The last moment.
    pub fn last(&self) -> Option<&Moment> {
        self.last.back().or(self.first.last())
    }

    /// The moments that were kept, in order, and how many are missing after the first part.
    pub fn parts(&self) -> (&[Moment], usize, impl Iterator<Item = &Moment>) {
        (&self.first, self.omitted, self.last.iter())
    }
}
