//! One step after the other, and at the end the proof that nothing else comes.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::time::timeout;

use super::command::ClientCommand;
use super::peer::{Line, Peer};
use super::problem::{ClientProblem, Instead};
use super::program::Program;
use crate::play::{Failure, MomentKind, Outcome, Patience, Problem, Proof, Trace, cue};
use crate::script::{ClientStep, Counters, Scenario, StepKind};
use crate::spec::Id;
use crate::wire::{Activity, End};

/// The harness in the role of the server, with one client.
pub(super) struct Stage<'a> {
    scenario: &'a Scenario,
    command: &'a ClientCommand,
    patience: Patience,
    on_stall: &'a dyn Fn(),
    activity: Rc<Activity>,
    trace: RefCell<Trace>,
    begin: Instant,
    /// The client's name in the scenario, and its nickname.
    actor: String,
    program: Option<Program>,
    peer: Option<Peer>,
    /// The client has been welcomed, and has not been told goodbye.
    is_member: bool,
    /// What must not be shown, and where the scenario says so.
    forbidden: Vec<(Vec<u8>, usize)>,
    /// What the user has typed.
    typed: Vec<Vec<u8>>,
    markers: usize,
}

/// Why a scenario does not go on.
enum Stop {
    NotStarted(String),
    Failed(Box<ClientProblem>, Option<Id>),
}

type Played<T = ()> = Result<T, Stop>;

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
                    output: self.output(),
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
                    .await
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

    /// Starts the client, and takes its connection.
    async fn connect(&mut self) -> Played {
        let not_started = |reason: String| Stop::NotStarted(reason);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener =
            listener.map_err(|error| not_started(format!("no port for the client: {error}")))?;
        let port = listener
            .local_addr()
            .map_err(|error| not_started(error.to_string()))?
            .port();
        let words = self.command.words(port, &self.actor);
        let program = Program::start(&words, Rc::clone(&self.activity))
            .map_err(|error| not_started(error.to_string()))?;
        self.program = Some(program);
        let deadline = Instant::now() + self.patience.start;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            // Who ends without connecting says so by ending; the clock is only for who does neither.
            match timeout(left.min(Duration::from_millis(50)), listener.accept()).await {
                Ok(Ok((stream, _))) => {
                    let peer = Peer::new(stream, Rc::clone(&self.activity));
                    self.peer = Some(peer.map_err(|error| not_started(error.to_string()))?);
                    self.note(MomentKind::Connected, b"");
                    self.activity.progressed();
                    return Ok(());
                }
                Ok(Err(error)) => return Err(not_started(error.to_string())),
                Err(_) if left.is_zero() => {
                    let seconds = self.patience.start.as_secs();
                    return Err(not_started(format!(
                        "the client has not connected after {seconds} s"
                    )));
                }
                Err(_) => {
                    if let Some(status) = self.program_mut().process.status() {
                        let output = self.output().join("\n    ");
                        return Err(not_started(format!(
                            "the client ended before it connected: {status}; it printed:\n    {output}"
                        )));
                    }
                }
            }
        }
    }

    async fn says(&mut self, expected: &str) -> Played {
        let line = self.next_line(expected).await?;
        if line == expected {
            return Ok(());
        }
        Err(self.failed(expected, Instead::Sent(line)))
    }

    /// The next line that the client sends.
    async fn next_line(&mut self, expected: &str) -> Played<String> {
        let came = self
            .until(|stage| {
                let peer = stage.peer.as_ref()?;
                peer.pop().map(Ok).or_else(|| peer.ended().map(Err))
            })
            .await?;
        match came {
            Some(Ok(line)) => {
                self.note_line(&line);
                line.map_err(|unlawful| self.failed(expected, Instead::Unlawful(unlawful)))
            }
            Some(Err(end)) => Err(self.failed(expected, Instead::Ended(end))),
            None => {
                let partial = self.peer.as_ref().map(Peer::partial).unwrap_or_default();
                Err(self.failed(expected, Instead::Nothing(self.patience.hang, partial)))
            }
        }
    }

    /// No marker can prove this silence, so it is waited for; a client that is slow enough passes.
    async fn is_silent(&mut self) -> Played {
        let line = self
            .until_for(self.patience.stall, |stage| stage.peer.as_ref()?.pop())
            .await?;
        line.map_or(Ok(()), |line| Err(self.failed_by("", line)))
    }

    async fn hear(&mut self, bytes: &[u8]) -> Played {
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

    async fn type_in(&mut self, bytes: &[u8]) -> Played {
        self.note(
            MomentKind::Typed,
            bytes.strip_suffix(b"\n").unwrap_or(bytes),
        );
        self.typed.push(bytes.to_vec());
        let hang = self.patience.hang;
        let typed = self.program_mut().type_in(bytes, hang).await;
        typed.map_err(|reason| self.failed("", Instead::Deaf(reason)))
    }

    /// Waits for a text. What comes after it being shown first proves that it is lost.
    async fn shows(&mut self, text: &[u8], told: &str) -> Played {
        let stall = self.patience.stall;
        if self
            .until_for(stall, |stage| stage.program_mut().shows(text).then_some(()))
            .await?
            .is_some()
        {
            self.note(MomentKind::Shown, text);
            return Ok(());
        }
        let marker = self.send_marker().await?;
        let shown = self
            .until(|stage| {
                let overtaken = marker
                    .as_ref()
                    .is_some_and(|marker| stage.program_mut().will_show(marker));
                // In this order: what was shown before the marker was looked for has come.
                let program = stage.program_mut();
                if program.shows(text) {
                    Some(true)
                } else {
                    overtaken.then_some(false)
                }
            })
            .await?;
        match shown {
            Some(true) => {
                self.note(MomentKind::Shown, text);
                Ok(())
            }
            Some(false) => Err(self.not_shown(told, Proof::Overtaken)),
            None => Err(self.not_shown(told, Proof::Waited(self.patience.hang))),
        }
    }

    async fn closes(&mut self) -> Played {
        let came = self
            .until(|stage| {
                let peer = stage.peer.as_ref()?;
                peer.pop().map(Ok).or_else(|| peer.ended().map(Err))
            })
            .await?;
        self.is_member = false;
        match came {
            Some(Err(End::Fin)) => {
                self.note(MomentKind::HalfClosed, b"");
                Ok(())
            }
            Some(Err(end)) => Err(self.failed("", Instead::Ended(end))),
            Some(Ok(line)) => Err(self.unlisted(line)),
            None => Err(self.failed("", Instead::StillOpen(self.patience.hang))),
        }
    }

    /// Proves that nothing else comes: what is typed last is sent next, and what is sent last is shown.
    async fn fence(&mut self) -> Played {
        let has_user = self.program.as_ref().is_some_and(Program::has_user);
        if self.is_member && has_user {
            let typed = self.new_marker();
            self.type_in(&[&typed, &b"\n"[..]].concat()).await?;
            let expected = String::from_utf8_lossy(&typed).into_owned();
            let line = self.next_line(&expected).await?;
            if line != expected {
                return Err(self.unlisted(Ok(line)));
            }
        }
        if let Some(marker) = self.send_marker().await? {
            let shown = self
                .until(|stage| stage.program_mut().shows(&marker).then_some(()))
                .await?;
            let told = String::from_utf8_lossy(&marker).into_owned();
            shown.ok_or_else(|| self.not_shown(&told, Proof::Waited(self.patience.hang)))?;
        }
        match self.peer.as_ref().and_then(Peer::pop) {
            Some(line) => Err(self.unlisted(line)),
            None => Ok(()),
        }
    }

    fn check_forbidden(&mut self) -> Result<(), (Stop, usize)> {
        for (text, line) in std::mem::take(&mut self.forbidden) {
            if self.program_mut().has_shown(&text) {
                return Err((self.failed("", Instead::Shown(text)), line));
            }
        }
        Ok(())
    }

    /// Sends a member's message that is unlike any other, where the client can show one.
    async fn send_marker(&mut self) -> Played<Option<Vec<u8>>> {
        if !self.is_member || !self.peer.as_ref().is_some_and(Peer::is_open) {
            return Ok(None);
        }
        let marker = self.new_marker();
        self.hear(&[b"fence: ", &marker[..], b"\n"].concat())
            .await?;
        Ok(Some(marker))
    }

    fn new_marker(&mut self) -> Vec<u8> {
        self.markers += 1;
        format!("marker-{}-{}", std::process::id(), self.markers).into_bytes()
    }

    /// Waits until something is so, or until nothing has happened for as long as the harness waits.
    async fn until<T>(
        &mut self,
        condition: impl FnMut(&mut Self) -> Option<T>,
    ) -> Played<Option<T>> {
        self.until_for(self.patience.hang, condition).await
    }

    async fn until_for<T>(
        &mut self,
        limit: Duration,
        mut condition: impl FnMut(&mut Self) -> Option<T>,
    ) -> Played<Option<T>> {
        let activity = Rc::clone(&self.activity);
        activity.progressed();
        loop {
            let changed = activity.next();
            if let Some(value) = condition(self) {
                return Ok(Some(value));
            }
            if self.program.as_ref().is_some_and(Program::is_flooding) {
                return Err(self.failed("", Instead::Flood));
            }
            let quiet = activity.quiet_for();
            if quiet >= limit {
                return Ok(None);
            }
            if quiet >= self.patience.stall {
                (self.on_stall)();
            }
            let step = if quiet < self.patience.stall {
                self.patience.stall
            } else {
                limit
            };
            let _ = timeout(step.min(limit).saturating_sub(quiet), changed).await;
        }
    }

    #[expect(
        clippy::expect_used,
        reason = "the parser lets no step come before the first, which starts the program"
    )]
    fn program_mut(&mut self) -> &mut Program {
        self.program.as_mut().expect("the first step starts it")
    }

    fn note(&self, kind: MomentKind, bytes: &[u8]) {
        self.trace
            .borrow_mut()
            .note(self.begin.elapsed(), &self.actor, kind, bytes);
    }

    fn note_line(&self, line: &Line) {
        match line {
            Ok(line) => self.note(MomentKind::Sent, line.as_bytes()),
            Err(unlawful) => self.note(MomentKind::Sent, unlawful.line()),
        }
    }

    fn failed_by(&self, expected: &str, line: Line) -> Stop {
        self.note_line(&line);
        self.failed(expected, line.map_or_else(Instead::Unlawful, Instead::Sent))
    }

    fn failed(&self, expected: &str, instead: Instead) -> Stop {
        let problem = ClientProblem {
            actor: self.actor.clone(),
            expected: expected.to_owned(),
            instead,
        };
        Stop::Failed(Box::new(problem), None)
    }

    /// A line that no step listed. What the user has typed before was sent twice, or too late.
    fn unlisted(&self, line: Line) -> Stop {
        let known = |line: &String| {
            let typed = format!("{line}\n");
            self.typed.iter().any(|known| known == typed.as_bytes())
        };
        let blame = line.as_ref().ok().filter(|line| known(line));
        let blame = blame.and_then(|_| Id::parse("CLIENT-11"));
        match self.failed_by("", line) {
            Stop::Failed(problem, None) => Stop::Failed(problem, blame),
            stop => stop,
        }
    }

    fn not_shown(&self, expected: &str, proof: Proof) -> Stop {
        let shown = self.program.as_ref().map(|program| program.rest(SHOWN));
        self.failed(
            expected,
            Instead::NotShown(proof, shown.unwrap_or_default()),
        )
    }

    fn output(&self) -> Vec<String> {
        let process = self.program.as_ref().map(|program| &program.process);
        process
            .map(|process| process.last_lines())
            .unwrap_or_default()
    }
}
