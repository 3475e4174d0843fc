//! What went wrong in a scenario.

use std::time::Duration;

use driver::process::{Exit, StartError};
use driver::wire::{End, Excerpt, Received, Unlawful};
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

/// What a step, or the proof after the last one, waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Expectation {
    /// This line.
    Line {
        /// The line, without its LF.
        text: String,
    },
    /// A `* here` line of any member that has not been listed yet.
    Here,
    /// Any event of the room that another member caused.
    Event,
    /// A text on the client's screen.
    Shown {
        /// The text.
        text: String,
    },
    /// Anything on the client's screen.
    AnythingShown,
    /// The end of the connection.
    End,
    /// Nothing more.
    Nothing,
}

impl Expectation {
    /// This line.
    pub fn line(text: impl Into<String>) -> Self {
        Self::Line { text: text.into() }
    }

    /// The line, where one was expected.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Line { text } => Some(text),
            _ => None,
        }
    }
}

/// How it is known that something does not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Proof {
    /// A marker has come that must come later.
    Overtaken,
    /// Nothing has come for this time.
    Waited {
        /// The time.
        #[serde(rename = "seconds", serialize_with = "seconds")]
        #[schemars(with = "f64")]
        time: Duration,
    },
    /// It has come once, but only after the suite had sent more. Nothing has come by itself for this time.
    Stuck {
        /// The time.
        #[serde(rename = "seconds", serialize_with = "seconds")]
        #[schemars(with = "f64")]
        time: Duration,
    },
}

/// What went wrong. Actors are named as in the scenario.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Problem {
    /// Another line came.
    Different {
        /// The receiving actor.
        actor: String,
        /// What was listed.
        expected: Expectation,
        /// What came.
        received: Received,
    },
    /// A line came that no step lists.
    Unlisted {
        /// The receiving actor.
        actor: String,
        /// What came.
        received: Received,
    },
    /// A message without a text came in the name of a member that had ended its side of the connection.
    Ghost {
        /// The receiving actor.
        actor: String,
        /// The nickname of the member.
        member: String,
        /// What came.
        received: Received,
    },
    /// A line did not come.
    Missing {
        /// The receiving actor.
        actor: String,
        /// What was listed.
        expected: Expectation,
        /// How it is known.
        proof: Proof,
        /// Bytes that came without an LF.
        #[serde(serialize_with = "excerpt")]
        #[schemars(with = "Excerpt")]
        partial: Vec<u8>,
    },
    /// The connection ended instead.
    Ended {
        /// The actor whose connection it was.
        actor: String,
        /// What was listed.
        expected: Expectation,
        /// How it ended.
        end: End,
        /// Bytes that came without an LF.
        #[serde(serialize_with = "excerpt")]
        #[schemars(with = "Excerpt")]
        partial: Vec<u8>,
    },
    /// The server does not end the connection.
    StillOpen {
        /// The actor whose connection it is.
        actor: String,
        /// How long the suite has waited.
        #[serde(rename = "waited_s", serialize_with = "seconds")]
        #[schemars(with = "f64")]
        waited: Duration,
    },
    /// The connection was reset where it should have ended in order.
    Reset {
        /// The actor whose connection it was.
        actor: String,
    },
    /// The server does not take what an actor sends.
    NotTaken {
        /// The sending actor.
        actor: String,
        /// What the system, or the clock, says.
        reason: String,
    },
    /// A server that should have cut the connection off keeps reading.
    NotCutOff {
        /// The sending actor.
        actor: String,
    },
    /// More than one empty line a second came.
    Flood {
        /// The receiving actor.
        actor: String,
    },
    /// No connection could be opened.
    Refused {
        /// The connecting actor.
        actor: String,
        /// What the system says.
        reason: String,
    },
    /// The process ended although nothing had asked it to.
    Crashed {
        /// How it ended.
        exit: Exit,
    },
    /// The process goes on after it was told to end.
    StillRunning {
        /// How long the suite has waited.
        #[serde(rename = "waited_s", serialize_with = "seconds")]
        #[schemars(with = "f64")]
        waited: Duration,
    },
    /// The process ended with another status than 0.
    ExitStatus {
        /// How it ended.
        exit: Exit,
    },
    /// The server did not start again.
    NotStarted {
        /// What happened.
        error: StartError,
    },
    /// What was received contradicts itself.
    Disagreement {
        /// The contradiction.
        contradiction: Contradiction,
    },
    /// A block took longer than it may.
    TooSlow {
        /// What the block may take, without the suite's patience.
        #[serde(rename = "limit_s", serialize_with = "seconds")]
        #[schemars(with = "f64")]
        limit: Duration,
    },
    /// The client under test did something else than expected.
    Client {
        /// The client.
        actor: String,
        /// What was expected of it.
        expected: Expectation,
        /// What it did instead.
        instead: Instead,
    },
}

/// What a client did instead of what was expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Instead {
    /// It sent this line.
    Sent {
        /// The line, without its LF.
        line: String,
    },
    /// It sent a line that no client may send.
    Unlawful {
        /// The line, and what is wrong with it.
        line: Unlawful,
    },
    /// It sent nothing, but for bytes without an LF.
    Nothing {
        /// How long the suite has waited.
        #[serde(rename = "waited_s", serialize_with = "seconds")]
        #[schemars(with = "f64")]
        waited: Duration,
        /// The bytes.
        #[serde(serialize_with = "excerpt")]
        #[schemars(with = "Excerpt")]
        partial: Vec<u8>,
    },
    /// It ended the connection.
    Ended {
        /// How.
        end: End,
    },
    /// It did not show the text.
    NotShown {
        /// How it is known.
        proof: Proof,
        /// The last of what it showed.
        shown: Excerpt,
    },
    /// It showed a text that must never be shown.
    Shown {
        /// The text.
        text: Excerpt,
    },
    /// It has not closed the connection.
    StillOpen {
        /// How long the suite has waited.
        #[serde(rename = "waited_s", serialize_with = "seconds")]
        #[schemars(with = "f64")]
        waited: Duration,
    },
    /// It does not take what the server sends.
    NotTaken {
        /// What the system, or the clock, says.
        reason: String,
    },
    /// It does not take what its user types.
    InputNotTaken {
        /// What the system, or the clock, says.
        reason: String,
    },
    /// It showed megabytes of output.
    Flood,
}

/// Why no order of the room's events explains what was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Contradiction {
    /// An event was received that no actor caused.
    Uncaused {
        /// The receiving actor.
        actor: String,
        /// The beginning of the line.
        event: Excerpt,
    },
    /// An event was received more often than it happened.
    TooOften {
        /// The receiving actor.
        actor: String,
        /// The beginning of the line.
        event: Excerpt,
        /// How often it was received.
        received: usize,
        /// How often it happened.
        happened: usize,
    },
    /// An event was never received.
    NeverReceived {
        /// The actor that should have received it.
        actor: String,
        /// The beginning of the line.
        event: Excerpt,
    },
    /// A member was announced that the actor knew already.
    AnnouncedTwice {
        /// The receiving actor.
        actor: String,
        /// The beginning of the line.
        event: Excerpt,
    },
    /// An event came from a member that the actor was never told of.
    UnknownMember {
        /// The receiving actor.
        actor: String,
        /// The beginning of the line.
        event: Excerpt,
    },
    /// A member was missing from the list.
    NotListed {
        /// The actor that received the list.
        actor: String,
        /// The member.
        nickname: String,
    },
    /// The list held a nickname that never joined.
    ListedWithoutJoining {
        /// The actor that received the list.
        actor: String,
        /// The nickname.
        nickname: String,
    },
    /// The list held a member that had left.
    ListedAfterLeaving {
        /// The actor that received the list.
        actor: String,
        /// The member.
        nickname: String,
    },
    /// The orders in which events were received form a cycle.
    NoOrder {
        /// The observations that contradict each other.
        observations: Vec<Observation>,
    },
}

/// One event came before another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Observation {
    /// The actor that received them in this order. `None`: they happened in this order.
    pub actor: Option<String>,
    /// The beginning of the earlier line.
    pub before: Excerpt,
    /// The beginning of the later line.
    pub after: Excerpt,
}

impl Problem {
    /// The actor whom it concerns, where it concerns one.
    pub fn actor(&self) -> Option<&str> {
        match self {
            Self::Different { actor, .. }
            | Self::Unlisted { actor, .. }
            | Self::Ghost { actor, .. }
            | Self::Missing { actor, .. }
            | Self::Ended { actor, .. }
            | Self::StillOpen { actor, .. }
            | Self::Reset { actor }
            | Self::NotTaken { actor, .. }
            | Self::NotCutOff { actor }
            | Self::Flood { actor }
            | Self::Refused { actor, .. }
            | Self::Client { actor, .. } => Some(actor),
            _ => None,
        }
    }

    /// What was expected, where that can be named.
    pub fn expected(&self) -> Option<&Expectation> {
        match self {
            Self::Different { expected, .. }
            | Self::Missing { expected, .. }
            | Self::Ended { expected, .. }
            | Self::Client { expected, .. } => Some(expected),
            Self::Unlisted { .. } | Self::Ghost { .. } => Some(&Expectation::Nothing),
            Self::StillOpen { .. } | Self::Reset { .. } => Some(&Expectation::End),
            _ => None,
        }
    }
}

fn seconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}

fn excerpt<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    Excerpt::of(bytes).serialize(serializer)
}
