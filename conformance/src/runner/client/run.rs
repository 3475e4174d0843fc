//! One run of a scenario against a client: the client's process, its connection, and what has happened so far.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use driver::wire::{Activity, Excerpt, JudgedLine, ServerLine};
use tokio::time::timeout;

use super::abort::{Abort, StepResult};
use super::peer::Peer;
use super::program::Program;
use crate::requirement::Id;
use crate::runner::patience::Patience;
use crate::runner::problem::{Expectation, Instead, Problem, Proof};
use crate::runner::trace::{Happening, Trace};

/// The suite in the role of the server, with one client.
pub(super) struct ClientRun<'a> {
    pub(super) patience: Patience,
    /// Called when nothing has happened for a while, so that other scenarios may use the processor.
    on_stall: &'a dyn Fn(),
    pub(super) activity: Rc<Activity>,
    pub(super) trace: RefCell<Trace>,
    began: Instant,
    /// The client's name in the scenario, and its nickname.
    pub(super) actor: String,
    pub(super) program: Option<Program>,
    pub(super) peer: Option<Peer>,
    /// The client has been welcomed, and neither side has said goodbye.
    pub(super) is_member: bool,
    /// What must not be shown, and the line of the scenario that says so.
    pub(super) forbidden: Vec<(Vec<u8>, usize)>,
    /// What the user has typed.
    pub(super) typed: Vec<Vec<u8>>,
    markers: usize,
}

impl<'a> ClientRun<'a> {
    pub(super) fn new(patience: Patience, on_stall: &'a dyn Fn()) -> Self {
        Self {
            patience,
            on_stall,
            activity: Rc::default(),
            trace: RefCell::default(),
            began: Instant::now(),
            actor: String::new(),
            program: None,
            peer: None,
            is_member: false,
            forbidden: Vec::new(),
            typed: Vec::new(),
            markers: 0,
        }
    }

    #[expect(
        clippy::expect_used,
        reason = "the parser lets no step come before the first, which starts the program"
    )]
    pub(super) fn program_mut(&mut self) -> &mut Program {
        self.program.as_mut().expect("the first step starts it")
    }

    /// Sends bytes to the client; the welcome and the goodbye among them change its membership.
    pub(super) async fn send(&mut self, bytes: &[u8]) -> StepResult {
        let text = Excerpt::of(bytes.strip_suffix(b"\n").unwrap_or(bytes));
        self.note(Happening::Received { text });
        for line in String::from_utf8_lossy(bytes).lines() {
            match ServerLine::parse(line) {
                ServerLine::Welcome { .. } => self.is_member = true,
                ServerLine::Quit => self.is_member = false,
                _ => {}
            }
        }
        let hang = self.patience.hang;
        let sent = match &mut self.peer {
            Some(peer) => peer.send(bytes, hang).await,
            None => Ok(()),
        };
        sent.map_err(|reason| self.failed(Expectation::Nothing, Instead::NotTaken { reason }))
    }

    /// Types bytes, as the client's user.
    pub(super) async fn type_in(&mut self, bytes: &[u8]) -> StepResult {
        let text = Excerpt::of(bytes.strip_suffix(b"\n").unwrap_or(bytes));
        self.note(Happening::Typed { text });
        self.typed.push(bytes.to_vec());
        let hang = self.patience.hang;
        let typed = self.program_mut().type_in(bytes, hang).await;
        typed.map_err(|reason| self.failed(Expectation::Nothing, Instead::InputNotTaken { reason }))
    }

    /// A text that no scenario uses.
    pub(super) fn new_marker(&mut self) -> Vec<u8> {
        self.markers += 1;
        format!("marker-{}-{}", std::process::id(), self.markers).into_bytes()
    }

    /// Sends a message with a text that no scenario uses, where the client can show one.
    pub(super) async fn send_marker(&mut self) -> StepResult<Option<Vec<u8>>> {
        if !self.is_member || !self.peer.as_ref().is_some_and(Peer::is_open) {
            return Ok(None);
        }
        let marker = self.new_marker();
        self.send(&[b"fence: ", &marker[..], b"\n"].concat())
            .await?;
        Ok(Some(marker))
    }

    /// Waits until the condition holds. `None` when nothing has happened for as long as the suite waits.
    pub(super) async fn until<T>(
        &mut self,
        condition: impl FnMut(&mut Self) -> Option<T>,
    ) -> StepResult<Option<T>> {
        self.until_for(self.patience.hang, condition).await
    }

    /// Waits until the condition holds. `None` when nothing has happened for `limit`.
    pub(super) async fn until_for<T>(
        &mut self,
        limit: Duration,
        mut condition: impl FnMut(&mut Self) -> Option<T>,
    ) -> StepResult<Option<T>> {
        let activity = Rc::clone(&self.activity);
        let stall = self.patience.stall;
        activity.progressed();
        loop {
            let changed = activity.next();
            if let Some(value) = condition(self) {
                return Ok(Some(value));
            }
            if self.program.as_ref().is_some_and(Program::is_flooding) {
                return Err(self.failed(Expectation::Nothing, Instead::Flood));
            }
            let quiet = activity.quiet_for();
            if quiet >= limit {
                return Ok(None);
            }
            if quiet >= stall {
                (self.on_stall)();
            }
            let next_look = if quiet < stall { stall } else { limit };
            let _ = timeout(next_look.min(limit).saturating_sub(quiet), changed).await;
        }
    }

    pub(super) fn note(&self, what: Happening) {
        let mut trace = self.trace.borrow_mut();
        trace.note(self.began.elapsed(), Some(&self.actor), what);
    }

    pub(super) fn note_line(&self, line: &JudgedLine) {
        let bytes = match line {
            Ok(line) => line.as_bytes(),
            Err(unlawful) => &unlawful.bytes,
        };
        let text = Excerpt::of(bytes);
        self.note(Happening::Sent { text });
    }

    /// A line that no client may send breaks a requirement of its own, whatever the step is about.
    pub(super) fn failed(&self, expected: Expectation, instead: Instead) -> Abort {
        let blame = match &instead {
            Instead::Unlawful { line } => Id::parse(line.breach.requirement()),
            _ => None,
        };
        let problem = Problem::Client {
            actor: self.actor.clone(),
            expected,
            instead,
        };
        Abort::Failed(Box::new(problem), blame)
    }

    /// A line came where nothing was expected.
    pub(super) fn surplus_line(&self, line: JudgedLine) -> Abort {
        self.note_line(&line);
        match line {
            Ok(line) => self.failed(Expectation::Nothing, Instead::Sent { line }),
            Err(line) => self.failed(Expectation::Nothing, Instead::Unlawful { line }),
        }
    }

    /// The client has not shown what was expected.
    pub(super) fn not_shown(&self, expected: Expectation, proof: Proof) -> Abort {
        /// How much of what it showed instead is reported, in bytes.
        const SHOWN: usize = 240;
        let shown = self.program.as_ref().map(|program| program.rest(SHOWN));
        let shown = Excerpt::of(&shown.unwrap_or_default());
        self.failed(expected, Instead::NotShown { proof, shown })
    }

    /// The last lines that the client printed on its standard error.
    pub(super) async fn output(&self) -> Vec<String> {
        match &self.program {
            Some(program) => program.process.last_lines().await,
            None => Vec::new(),
        }
    }
}
