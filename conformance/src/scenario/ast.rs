//! What a scenario is made of.

use std::ops::Range;
use std::time::Duration;

use driver::process::Setting;

use super::ClientStep;
use super::text::Template;
use crate::requirement::{Class, Id};

/// A transcript that a person understands and that the harness performs.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Unique in the whole specification.
    pub name: String,
    /// Whom it checks: a server, with scripted clients, or a client, with the harness in the role of the server.
    pub class: Class,
    /// The requirements it proves. The first is to blame when a step names none.
    pub proves: Vec<Id>,
    /// Settings of the server under test, by `with`.
    pub settings: Vec<(Setting, u64)>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// The file it stands in, such as `02-lines.md`.
    pub file: String,
    /// The line of its opening fence, from 1.
    pub line: usize,
    /// Its text, without the fence. The first line of it is line `line + 1` of the file.
    pub source: String,
}

/// One line of a scenario.
#[derive(Debug, Clone)]
pub struct Step {
    /// Line of the file, from 1.
    pub line: usize,
    /// Byte range in the file.
    pub span: Range<usize>,
    /// What it says.
    pub kind: StepKind,
}

/// What a step says.
#[derive(Debug, Clone)]
pub enum StepKind {
    /// An actor does something.
    Act {
        /// The actor's name.
        actor: Template,
        /// What it does.
        act: Act,
    },
    /// Something must come.
    Await {
        /// To whom.
        who: Who,
        /// What.
        what: Await,
        /// The requirement in brackets, to blame when it does not come.
        blame: Option<Id>,
    },
    /// A step with a client under test.
    Client {
        /// The actor's name, which is the client's nickname.
        actor: Template,
        /// What it does, or what is done to it.
        step: ClientStep,
        /// The requirement in brackets, to blame when it fails.
        blame: Option<Id>,
    },
    /// Logs are compared: one order must explain them all.
    Agree {
        /// The actors; none stands for every member.
        actors: Vec<Template>,
    },
    /// Something is done with the process under test.
    Server(ServerAct),
    /// `repeat N as NAME`
    Repeat {
        /// How often.
        times: usize,
        /// The name of its counter.
        counter: String,
        /// The block.
        body: Vec<Step>,
    },
    /// A block in which different actors go on at the same time.
    Together(Vec<Step>),
    /// A block with a time limit of its own, besides the harness's patience.
    Within(Duration, Vec<Step>),
}

/// What an actor does.
#[derive(Debug, Clone)]
pub enum Act {
    /// Opens a connection.
    Connects,
    /// Connects, sends the nickname, and receives the welcome and the `* here` lines.
    Joins {
        /// The nickname; the actor's own name without it.
        nickname: Option<Template>,
    },
    /// Sends a line.
    Says(Template),
    /// Sends these bytes in one write.
    Sends(Template),
    /// Sends these bytes until the server has cut the connection off.
    SendsUntilCutOff(Template),
    /// Sends these bytes every tenth of a second for as long as the connection lasts. Errors that come back are not counted.
    KeepsSending(Template),
    /// Shuts down writing, reads the goodbye and the end, closes.
    Closes,
    /// Shuts down writing.
    HalfCloses,
    /// Ends the connection with a RST.
    Resets,
    /// Leaves what arrives unread.
    StopsReading,
    /// Reads again.
    ResumesReading,
}

/// To whom something must come.
#[derive(Debug, Clone)]
pub enum Who {
    /// To this actor.
    Actor(Template),
    /// To every member but the one that acted last.
    Others,
}

/// What must come.
#[derive(Debug, Clone)]
pub enum Await {
    /// Exactly this line, as the next one. For `*` and `!` lines further words are allowed.
    Line(Template),
    /// This line, at any time up to now.
    Eventually(Template),
    /// So many lines, each an event.
    Lines(usize),
    /// The `* here` lines of all members, in any order.
    HereLines,
    /// The end of the connection, and nothing before it.
    Closed,
    /// The end of the connection after a gapless part of what the member was owed.
    Dropped,
}

/// What is done with the process under test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerAct {
    /// SIGINT
    Interrupted,
    /// SIGTERM
    Terminated,
    /// Waits for exit status 0.
    Exits,
    /// Starts it again on the same port.
    Restarts,
}

impl Scenario {
    /// The requirement to blame when a step names none.
    pub fn first_id(&self) -> &Id {
        &self.proves[0]
    }

    /// The name of its chapter: `lines` for `02-lines.md`.
    pub fn chapter(&self) -> &str {
        let stem = self.file.trim_end_matches(".md");
        stem.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-')
    }

    /// Whether a step anywhere in it fulfils the condition.
    pub fn any_step(&self, condition: &dyn Fn(&StepKind) -> bool) -> bool {
        fn any(steps: &[Step], condition: &dyn Fn(&StepKind) -> bool) -> bool {
            steps
                .iter()
                .any(|step| condition(&step.kind) || any(step.kind.body(), condition))
        }
        any(&self.steps, condition)
    }

    /// Whether it does something with the process, which must then be the harness's own.
    pub fn needs_process(&self) -> bool {
        self.any_step(&|step| matches!(step, StepKind::Server(_)))
    }
}

impl StepKind {
    /// The requirement in the step's brackets.
    pub fn blame(&self) -> Option<&Id> {
        match self {
            Self::Await { blame, .. } | Self::Client { blame, .. } => blame.as_ref(),
            _ => None,
        }
    }

    /// The block of the step, if it has one.
    pub fn body(&self) -> &[Step] {
        match self {
            Self::Repeat { body, .. } | Self::Together(body) | Self::Within(_, body) => body,
            _ => &[],
        }
    }
}
