//! What happened, moment by moment: for diagrams and for people who want to see.

use std::collections::VecDeque;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use driver::wire::Visible;

/// One thing that happened on the wire, as one actor saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Moment {
    /// Since the beginning of the scenario, in microseconds.
    pub at_us: u64,
    /// The actor; empty for the server's process.
    pub actor: String,
    /// What happened.
    pub kind: MomentKind,
    /// The bytes, invisible ones made visible, long ones shortened; empty where there are none.
    pub text: String,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MomentKind {
    /// A connection was opened.
    Connected,
    /// The actor sent these bytes.
    Sent,
    /// The actor received this line.
    Received,
    /// The actor shut down writing.
    HalfClosed,
    /// The actor reset the connection.
    Reset,
    /// The actor stopped or resumed reading.
    Reading,
    /// The server ended the connection.
    Ended,
    /// A client's user typed this.
    Typed,
    /// A client showed this.
    Shown,
    /// Something was done with the process, or it ended.
    Process,
}

/// What happened in a scenario: its beginning and its end, when there is too much of it.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    first: Vec<Moment>,
    last: VecDeque<Moment>,
    omitted: usize,
}

/// How many moments are kept from the beginning, and from the end.
const KEPT: usize = 60;

impl Trace {
    /// Adds a moment.
    pub(crate) fn note(&mut self, at: Duration, actor: &str, kind: MomentKind, bytes: &[u8]) {
        let text = Visible(bytes).to_string();
        let at_us = u64::try_from(at.as_micros()).unwrap_or(u64::MAX);
        let moment = Moment {
            at_us,
            actor: actor.to_owned(),
            kind,
            text,
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

    /// The moments that were kept, in order, and how many are missing after the first part.
    pub fn parts(&self) -> (&[Moment], usize, impl Iterator<Item = &Moment>) {
        (&self.first, self.omitted, self.last.iter())
    }
}
