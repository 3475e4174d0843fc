//! One step after the other, and at the end the proof that nothing else comes.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::peer::Peer;
use super::program::Program;
use crate::requirement::Id;
use crate::runner::client_problem::{ClientProblem, Instead};
use crate::runner::outcome::{Failure, Outcome};
use crate::runner::patience::Patience;
use crate::runner::problem::{Problem, Proof};
use crate::runner::trace::{MomentKind, Trace};
use crate::runner::unrolled as cue;
use crate::scenario::{ClientStep, Counters, Scenario, StepKind};
use driver::process::ClientCommand;
use driver::wire::{Activity, JudgedLine};

/// The harness in the role of the server, with one client.
pub(super) struct Stage<'a> {
    scenario: &'a Scenario,
    pub(super) command: &'a ClientCommand,
    pub(super) patience: Patience,
    pub(super) on_stall: &'a dyn Fn(),
    pub(super) activity: Rc<Activity>,
    trace: RefCell<Trace>,
    begin: Instant,
    /// The client's name in the scenario, and its nickname.
    pub(super) actor: String,
    pub(super) program: Option<Program>,
    pub(super) peer: Option<Peer>,
    /// The client has been welcomed, and has not been told goodbye.
    pub(super) is_member: bool,
    /// What must not be shown, and where the scenario says so.
    pub(super) forbidden: Vec<(Vec<u8>, usize)>,
    /// What the user has typed.
    pub(super) typed: Vec<Vec<u8>>,
    pub(super) markers: usize,
}

/// Why a scenario does not go on.
pub(super) enum Stop {
    NotStarted(String),
    Failed(Box<ClientProblem>, Option<Id>),
}

pub(super) type Played<T = ()> = Result<T, Stop>;

/// A piece of a line is followed by its rest after this time.
const PIECE: Duration = Duration::from_millis(30);

/// Whoever reads the report sees so many bytes of what a client showed instead.
const SHOWN: usize = 240;

impl<'a> Stage<'a> {
    pub(super) fn new(
        scenario: &'a Scenario,
        command: &'a ClientCommand,
        patience: Patience,
        on_stall: &'a dyn Fn(),
    ) -> Self {
        Self {
            scenario,
            command,
            patience,
            on_stall,
            activity: Rc::default(),
            trace: RefCell::default(),
            begin: Instant::now(),
            actor: String::new(),
            program: None,
            peer: None,
            is_member: false,
            forbidden: Vec::new(),
            typed: Vec::new(),
            markers: 0,
        }
    }

    pub(super) async fn perform(mut self) -> (Outcome, Trace) {
        let outcome = match self.play().await {
            Ok(()) => Outcome::Passed,
            Err((Stop::NotStarted(reason), ..)) => Outcome::NotStarted(reason),
            Err((Stop::Failed(problem, blame), line, counters)) => {
                let blame = problem.blame().or(blame);
                Outcome::Failed(Box::new(Failure {
                    blame: blame.unwrap_or_else(|| self.scenario.first_id().clone()),
                    problem: Problem::Client(problem),
                    line,
                    counters,
                    unread: Vec::new(),
                    output: self.output().await,
                }))
            }
        };
        if let Some(program) = &self.program {
            program.process.kill().await;
        }
        (outcome, self.trace.take())
    }

    async fn play(&mut self) -> Result<(), (Stop, Option<usize>, String)> {
        let cues = cue::unroll(&self.scenario.steps, &Counters::default());
        for (step, counters) in cues.iter().flat_map(cue::Cue::steps) {
            let StepKind::Client {
                actor,
                step: client,
                blame,
            } = &step.kind
            else {
                continue;
            };
            self.actor = actor.text(counters);
            let played = self.step(client, counters, step.line).await;
            played.map_err(|stop| {
                let stop = match stop {
                    Stop::Failed(problem, id) => {
                        Stop::Failed(problem, id.or_else(|| blame.clone()))
                    }
                    stop => stop,
                };
                (stop, Some(step.line), counters.describe())
            })?;
        }
        self.fence()
            .await
            .map_err(|stop| (stop, None, String::new()))?;
        self.check_forbidden()
            .map_err(|(stop, line)| (stop, Some(line), String::new()))
    }

    async fn step(&mut self, step: &ClientStep, counters: &Counters, line: usize) -> Played {
        let text = step
            .text()
            .map(|text| text.bytes(counters))
            .unwrap_or_default();
        let line_text = String::from_utf8_lossy(&text).into_owned();
        match step {
            ClientStep::Connects => self.connect().await,
            ClientStep::Joins => {
                self.connect().await?;
                let nickname = self.actor.clone();
                self.says(&nickname).await?;
                self.hear(format!("* welcome {nickname} 0\n").as_bytes())
                    .await?;
                // What is typed too early is the client's affair: wait until it knows that it is in.
                self.shows_marker().await
            }
            ClientStep::Says(_) => self.says(&line_text).await,
            ClientStep::EventuallySays(_) => {
                while self.next_line(&line_text).await? != line_text {}
                Ok(())
            }
            ClientStep::Hears(_) => self.hear(&[&text, &b"\n"[..]].concat()).await,
            ClientStep::Receives(_) => {
                self.hear(&text).await?;
                if !text.ends_with(b"\n") {
                    // Nothing tells when the client has read a piece. One that is too slow gets it with the next, and passes.
                    tokio::time::sleep(PIECE).await;
                }
                Ok(())
            }
            ClientStep::IsSilent => self.is_silent().await,
            ClientStep::Types(_) => self.type_in(&[&text, &b"\n"[..]].concat()).await,
            ClientStep::Leaves => {
                self.note(MomentKind::Typed, b"(the end of the input)");
                self.is_member = false;
                if let Some(program) = &mut self.program {
                    program.user_leaves();
                }
                Ok(())
            }
            ClientStep::Shows(_) => self.shows(&text, &line_text).await,
            ClientStep::Tells => {
                let told = self
                    .until(|stage| stage.program_mut().tells().then_some(()))
                    .await?;
                told.ok_or_else(|| self.not_shown("something", Proof::Waited(self.patience.hang)))
            }
            ClientStep::NeverShows(_) => {
                self.forbidden.push((text, line));
                Ok(())
            }
            ClientStep::Closes => self.closes().await,
            ClientStep::IsClosed => {
                self.is_member = false;
                if let Some(peer) = &mut self.peer {
                    peer.close();
                }
                self.note(MomentKind::Ended, b"FIN");
                Ok(())
            }
        }
    }

    pub(super) async fn hear(&mut self, bytes: &[u8]) -> Played {
        self.note(
            MomentKind::Received,
            bytes.strip_suffix(b"\n").unwrap_or(bytes),
        );
        let lines = String::from_utf8_lossy(bytes);
        for line in lines.lines() {
            if line.starts_with("* welcome ") {
                self.is_member = true;
            } else if line == "<quit>" {
                self.is_member = false;
            }
        }
        let hang = self.patience.hang;
        let sent = match &mut self.peer {
            Some(peer) => peer.send(bytes, hang).await,
            None => Ok(()),
        };
        sent.map_err(|reason| self.failed("", Instead::NotTaken(reason)))
    }

    pub(super) async fn type_in(&mut self, bytes: &[u8]) -> Played {
        self.note(
            MomentKind::Typed,
            bytes.strip_suffix(b"\n").unwrap_or(bytes),
        );
        self.typed.push(bytes.to_vec());
        let hang = self.patience.hang;
        let typed = self.program_mut().type_in(bytes, hang).await;
        typed.map_err(|reason| self.failed("", Instead::Deaf(reason)))
    }

    #[expect(
        clippy::expect_used,
        reason = "the parser lets no step come before the first, which starts the program"
    )]
    pub(super) fn program_mut(&mut self) -> &mut Program {
        self.program.as_mut().expect("the first step starts it")
    }

    pub(super) fn note(&self, kind: MomentKind, bytes: &[u8]) {
        self.trace
            .borrow_mut()
            .note(self.begin.elapsed(), &self.actor, kind, bytes);
    }

    pub(super) fn note_line(&self, line: &JudgedLine) {
        match line {
            Ok(line) => self.note(MomentKind::Sent, line.as_bytes()),
            Err(unlawful) => self.note(MomentKind::Sent, &unlawful.bytes),
        }
    }

    pub(super) fn failed_by(&self, expected: &str, line: JudgedLine) -> Stop {
        self.note_line(&line);
        self.failed(expected, line.map_or_else(Instead::Unlawful, Instead::Sent))
    }

    pub(super) fn failed(&self, expected: &str, instead: Instead) -> Stop {
        let problem = ClientProblem {
            actor: self.actor.clone(),
            expected: expected.to_owned(),
            instead,
        };
        Stop::Failed(Box::new(problem), None)
    }

    pub(super) fn not_shown(&self, expected: &str, proof: Proof) -> Stop {
        let shown = self.program.as_ref().map(|program| program.rest(SHOWN));
        self.failed(
            expected,
            Instead::NotShown(proof, shown.unwrap_or_default()),
        )
    }

    /// What the client has printed last on its standard error.
    pub(super) async fn output(&self) -> Vec<String> {
        match &self.program {
            Some(program) => program.process.last_lines().await,
            None => Vec::new(),
        }
    }
}
