//! The syntax tree of a scenario.

use std::ops::Range;
use std::time::Duration;

use driver::process::Setting;

use super::text::Template;
use super::turns::Turns;
use crate::requirement::{Class, Id};

/// A transcript that people can read and the runner can perform.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Unique in the whole specification.
    pub name: String,
    /// The programs that it checks: servers, with scripted clients, or clients, with the runner in the role of the server.
    pub class: Class,
    /// The requirements that it proves. A failed step that names none is blamed on the first.
    pub proves: Vec<Id>,
    /// Whether it takes long, from `slowly`. It is performed only when slow scenarios are asked for.
    pub slow: bool,
    /// The settings of the server under test, from `with`.
    pub settings: Vec<(Setting, u64)>,
    /// How many files the process under test may have open, from `with open-files`.
    pub open_files: Option<u64>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// The file that contains it, such as `02-lines.md`.
    pub file: String,
    /// The line of its opening fence, counted from 1.
    pub line: usize,
    /// Its text without the fences. It begins at line `line + 1` of the file.
    pub source: String,
}

/// One line of a scenario.
#[derive(Debug, Clone)]
pub struct Step {
    /// Line in the file, counted from 1.
    pub line: usize,
    /// Byte range in the file.
    pub span: Range<usize>,
    /// The kind of step, with its parts.
    pub kind: StepKind,
}

/// The kinds of steps.
#[derive(Debug, Clone)]
pub enum StepKind {
    /// An actor does something.
    Act {
        /// The actor's name.
        actor: Template,
        /// The action.
        act: Act,
    },
    /// Something must arrive.
    Await {
        /// The recipients.
        who: Who,
        /// The thing awaited.
        what: Await,
        /// The requirement in brackets, to blame if it does not arrive.
        blame: Option<Id>,
    },
    /// A step with a client under test.
    Client {
        /// The actor's name, which is the client's nickname.
        actor: Template,
        /// Something that the client does, or that happens to it.
        step: ClientStep,
        /// The requirement in brackets, to blame if the step fails.
        blame: Option<Id>,
    },
    /// One of two actors that have asked for the same at once becomes a member. From then on it is called by the first name, and
    /// the other one by the second.
    Wins {
        /// The winner, and the loser.
        actors: [Template; 2],
        /// The requirement in brackets, to blame if none of them does.
        blame: Option<Id>,
    },
    /// One order of events must explain what these actors have received.
    Agree {
        /// The actors; empty for every member.
        actors: Vec<Template>,
    },
    /// An action on the process under test.
    Server(ServerAct),
    /// A block that is performed more than once: `repeat`, `for each`.
    Repeat {
        /// How often, and with which values.
        turns: Turns,
        /// The block.
        body: Vec<Step>,
    },
    /// A block in which different actors act concurrently.
    Together(Vec<Step>),
    /// A block with a time limit of its own, beside the runner's patience.
    Within(Duration, Vec<Step>),
}

/// An action of an actor.
#[derive(Debug, Clone)]
pub enum Act {
    /// Opens a connection.
    Connects,
    /// Connects, sends the nickname, and receives the welcome and the `* here` lines.
    Joins {
        /// The nickname; by default the actor's name.
        nickname: Option<Template>,
    },
    /// Sends a line.
    Says(Template),
    /// Sends these bytes in one write.
    Sends(Template),
    /// Sends these bytes until the server has cut off the connection.
    SendsUntilCutOff(Template),
    /// Sends these bytes every tenth of a second while the connection lasts. The refusals in answer are ignored.
    KeepsSending(Template),
    /// Shuts down writing, reads up to the goodbye and the end, and closes.
    Closes,
    /// Shuts down writing.
    HalfCloses,
    /// Ends the connection with a RST.
    Resets,
    /// Closes the connection at once, whatever it has not read.
    HangsUp,
    /// Keeps its side of the connection open from now on, also after the server has ended its own.
    Stays,
    /// Leaves arriving data unread.
    StopsReading,
    /// Reads again.
    ResumesReading,
}

/// The recipients of something awaited.
#[derive(Debug, Clone)]
pub enum Who {
    /// One actor.
    Actor(Template),
    /// Every member except the one that acted last.
    Others,
}

/// Something that must arrive.
#[derive(Debug, Clone)]
pub enum Await {
    /// Exactly this line, as the next one. Lines with `*` and `!` may have further words.
    Line(Template),
    /// This line, now or at any earlier time.
    Eventually(Template),
    /// This line, at any later time or never: the scenario of another requirement decides whether it must.
    Perhaps(Template),
    /// This number of lines, each an event.
    Lines(usize),
    /// The `* here` lines of all members, in any order.
    HereLines,
    /// The end of the connection, and nothing before it.
    Closed,
    /// The end of the connection, after a gapless beginning of what the member was owed.
    Dropped,
}

/// An action on the process under test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerAct {
    /// SIGINT
    Interrupted,
    /// SIGTERM
    Terminated,
    /// Waits until it has ended with status 0.
    Exits,
    /// Starts it again, on the same port.
    Restarts,
}

/// A step with a client under test. The arrows are seen from the actor, as in every scenario: the client sends what follows
/// `->`, and receives what follows `<-`.
#[derive(Debug, Clone)]
pub enum ClientStep {
    /// The client is started, and opens a connection.
    Connects,
    /// The client connects and sends its nickname, and is welcomed to an empty room.
    Joins,
    /// The client sends exactly this line, as the next one.
    Says(Template),
    /// The client sends this line, perhaps after other lawful lines.
    EventuallySays(Template),
    /// The client receives this line.
    Hears(Template),
    /// The client receives these bytes, sent in one write.
    Receives(Template),
    /// The client sends nothing for a moment.
    IsSilent,
    /// The user types this text and Return.
    Types(Template),
    /// The user leaves: standard input ends.
    Leaves,
    /// The client shows this text, after everything that earlier steps have matched.
    Shows(Template),
    /// The client shows anything, after everything that earlier steps have matched.
    Tells,
    /// The client must never show exactly this text.
    NeverShows(Template),
    /// The client closes the connection without sending anything more.
    Closes,
    /// The server ends the connection.
    IsClosed,
}

impl Act {
    /// The text of the action, if it has one.
    fn text(&self) -> Option<&Template> {
        match self {
            Self::Says(text)
            | Self::Sends(text)
            | Self::SendsUntilCutOff(text)
            | Self::KeepsSending(text) => Some(text),
            Self::Joins { nickname } => nickname.as_ref(),
            _ => None,
        }
    }
}

impl Who {
    /// The actor, if it is one.
    fn actor(&self) -> Option<&Template> {
        match self {
            Self::Actor(actor) => Some(actor),
            Self::Others => None,
        }
    }
}

impl Await {
    /// The line, if it is one.
    fn text(&self) -> Option<&Template> {
        match self {
            Self::Line(text) | Self::Eventually(text) | Self::Perhaps(text) => Some(text),
            _ => None,
        }
    }
}

impl ClientStep {
    /// The text of the step, if it has one.
    pub fn text(&self) -> Option<&Template> {
        match self {
            Self::Says(text)
            | Self::EventuallySays(text)
            | Self::Hears(text)
            | Self::Receives(text)
            | Self::Types(text)
            | Self::Shows(text)
            | Self::NeverShows(text) => Some(text),
            _ => None,
        }
    }
}

impl Scenario {
    /// The requirement to blame if a step names none.
    pub fn first_id(&self) -> &Id {
        &self.proves[0]
    }

    /// For how many seconds it has naming connections wait at most.
    pub fn naming_timeout(&self) -> u64 {
        let mut settings = self.settings.iter();
        let timeout = settings.find(|(setting, _)| *setting == Setting::NamingTimeout);
        timeout.map_or(0, |(_, seconds)| *seconds)
    }

    /// The name of its chapter, such as `lines` for `02-lines.md`.
    pub fn chapter(&self) -> &str {
        let stem = self.file.trim_end_matches(".md");
        stem.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-')
    }

    /// Whether any step, at any depth, meets the condition.
    pub fn any_step(&self, condition: &dyn Fn(&StepKind) -> bool) -> bool {
        fn any(steps: &[Step], condition: &dyn Fn(&StepKind) -> bool) -> bool {
            steps
                .iter()
                .any(|step| condition(&step.kind) || any(step.kind.body(), condition))
        }
        any(&self.steps, condition)
    }

    /// Whether it acts on the process, or limits it, so that the runner must have started it itself.
    pub fn needs_process(&self) -> bool {
        self.open_files.is_some() || self.any_step(&|step| matches!(step, StepKind::Server(_)))
    }
}

impl StepKind {
    /// The requirement in brackets at the end of the step.
    pub fn blame(&self) -> Option<&Id> {
        match self {
            Self::Await { blame, .. } | Self::Wins { blame, .. } | Self::Client { blame, .. } => {
                blame.as_ref()
            }
            _ => None,
        }
    }

    /// The texts in it, without those of its block.
    pub(super) fn templates(&self) -> Vec<&Template> {
        match self {
            Self::Act { actor, act } => act.text().into_iter().chain([actor]).collect(),
            Self::Await { who, what, .. } => what.text().into_iter().chain(who.actor()).collect(),
            Self::Wins { actors, .. } => actors.iter().collect(),
            Self::Agree { actors } => actors.iter().collect(),
            Self::Client { actor, step, .. } => step.text().into_iter().chain([actor]).collect(),
            Self::Repeat { turns, .. } => turns.texts(),
            Self::Server(_) | Self::Together(_) | Self::Within(..) => Vec::new(),
        }
    }

    /// The steps of its block; empty for a step without a block.
    pub fn body(&self) -> &[Step] {
        match self {
            Self::Repeat { body, .. } | Self::Together(body) | Self::Within(_, body) => body,
            _ => &[],
        }
    }
}
