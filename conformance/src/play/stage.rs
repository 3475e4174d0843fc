//! The stage: the actors, the server, and waiting. What comes is taken; what can no longer come is told at once.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::actor::{Actor, State, matches, take_first};
use super::blame::{self, Violation};
use super::chronicle::Chronicle;
use super::cue::{self, Cue};
use super::fence;
use super::verdict::{Failure, Outcome, Problem, Proof};
use super::{Patience, Target};
use crate::script::{Act, Await, Counters, Scenario, StepKind, Who};
use crate::server::{Process, StartError, port};
use crate::spec::Id;
use crate::wire::{Activity, Connection, End, Event, Received};

/// Everything that a scenario is performed with.
pub(super) struct Stage<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) cues: Vec<Cue<'a>>,
    /// How many of `cues` have begun.
    pub(super) begun: Cell<usize>,
    pub(super) patience: Patience,
    pub(super) activity: Rc<Activity>,
    pub(super) actors: RefCell<BTreeMap<String, Rc<Actor>>>,
    pub(super) chronicle: RefCell<Chronicle>,
    /// Who acted last: `others` are the members but this one.
    pub(super) protagonist: RefCell<String>,
    /// Inside a `together` block.
    pub(super) concurrent: Cell<bool>,
    /// How many markers have been sent.
    pub(super) markers: Cell<usize>,
    /// A `within` block: when it began, and its limit.
    pub(super) within: Cell<Option<(Instant, Duration)>>,
    /// The server was told to end.
    pub(super) stopping: Cell<bool>,
    target: &'a Target,
    port: RefCell<Option<port::Port>>,
    process: RefCell<Option<Rc<Process>>>,
    /// Held while the server starts: those who connect at the same time wait for it.
    starting: tokio::sync::Mutex<()>,
    sleepers: Vec<String>,
    cut_off: Vec<String>,
}

/// Why a scenario does not go on.
#[derive(Debug)]
pub(super) struct Stop {
    pub(super) problem: Problem,
    /// The requirement, where the problem itself tells; else the step says.
    pub(super) blame: Option<Id>,
    /// The step, and its counters; none after the last step.
    pub(super) step: Option<(usize, String)>,
}

impl Stop {
    pub(super) fn new(problem: Problem) -> Self {
        Self { problem, blame: None, step: None }
    }

    pub(super) fn blaming(problem: Problem, violation: Violation) -> Self {
        Self { problem, blame: violation.id(), step: None }
    }
}

pub(super) type Played<T = ()> = Result<T, Stop>;

/// What an actor waits for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted<'a> {
    /// This line.
    Line(&'a str),
    /// Any event.
    Event,
    /// This marker, which is this line.
    Marker(usize, &'a str),
    /// The end of the connection.
    End,
}

/// What came.
#[derive(Debug)]
pub(super) enum Came {
    Line(Received),
    Marker,
    End(End),
}

impl<'a> Stage<'a> {
    pub(super) fn new(scenario: &'a Scenario, target: &'a Target, patience: Patience) -> Self {
        let cues = cue::unroll(&scenario.steps, &Counters::default());
        let stage = Self {
            scenario,
            cues: Vec::new(),
            begun: Cell::new(0),
            patience,
            activity: Rc::default(),
            actors: RefCell::default(),
            chronicle: RefCell::default(),
            protagonist: RefCell::default(),
            concurrent: Cell::new(false),
            markers: Cell::new(0),
            within: Cell::new(None),
            stopping: Cell::new(false),
            target,
            port: RefCell::default(),
            process: RefCell::default(),
            starting: tokio::sync::Mutex::default(),
            sleepers: scenario.actors_who(&|act| matches!(act, Act::StopsReading)),
            cut_off: scenario.actors_who(&|act| matches!(act, Act::SendsUntilCutOff(_))),
        };
        for (step, counters) in cues.iter().flat_map(Cue::steps) {
            if let StepKind::Await { who: Who::Actor(actor), what: Await::Eventually(line), .. } = &step.kind {
                let actor = stage.actor(&actor.text(counters));
                actor.floating.borrow_mut().push(line.text(counters));
            }
        }
        Self { cues, ..stage }
    }

    /// The actor of this name.
    pub(super) fn actor(&self, name: &str) -> Rc<Actor> {
        let mut actors = self.actors.borrow_mut();
        Rc::clone(actors.entry(name.to_owned()).or_insert_with(|| Rc::new(Actor::new(name))))
    }

    /// The members that fulfil the condition, by name.
    pub(super) fn members(&self, condition: impl Fn(&Actor) -> bool) -> Vec<Rc<Actor>> {
        let actors = self.actors.borrow();
        actors.values().filter(|actor| actor.state.get() == State::Member && condition(actor)).cloned().collect()
    }

    /// Opens a connection for the actor. The first one waits until the server listens.
    pub(super) async fn connect(&self, actor: &Actor) -> Played {
        let small_buffer = self.sleepers.contains(&actor.name);
        let connection = match self.target {
            Target::Running(address) => self.open(*address, small_buffer).await,
            Target::Command { .. } => {
                let _waiting = self.starting.lock().await;
                if self.process().is_none() {
                    self.start(small_buffer).await.map_err(|error| Stop::new(Problem::Start(error)))?
                } else {
                    self.open(self.address(), small_buffer).await
                }
            }
        };
        let connection = connection.map_err(|error| {
            let refused = Problem::Refused { actor: actor.name.clone(), reason: error.to_string() };
            self.crash().unwrap_or_else(|| Stop::blaming(refused, Violation::Ended))
        })?;
        *actor.connection.borrow_mut() = Some(Rc::new(connection));
        actor.state.set(State::Naming);
        self.activity.progressed();
        Ok(())
    }

    async fn open(&self, address: SocketAddr, small_buffer: bool) -> io::Result<Connection> {
        let opening = Connection::open(address, small_buffer, Rc::clone(&self.activity));
        tokio::time::timeout(self.patience.hang, opening).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    fn address(&self) -> SocketAddr {
        let port = self.port.borrow().as_ref().map_or(0, port::Port::number);
        SocketAddr::from((Ipv4Addr::LOCALHOST, port))
    }

    /// Starts the server and opens the first connection to it. Somebody else may have taken the port: then another one.
    async fn start(&self, small_buffer: bool) -> Result<io::Result<Connection>, StartError> {
        const TRIES: usize = 3;
        let Target::Command { command, fixed_port } = self.target else { return Ok(Err(io::ErrorKind::NotConnected.into())) };
        for attempt in 1.. {
            if self.port.borrow().is_none() {
                let port = match fixed_port {
                    Some(number) => port::Port::fixed(*number),
                    None => port::Port::reserve().map_err(|error| StartError::NoPort(error.to_string()))?,
                };
                *self.port.borrow_mut() = Some(port);
            }
            let port = self.address().port();
            let process = Rc::new(Process::start(&command.words(port, &self.scenario.settings))?);
            *self.process.borrow_mut() = Some(Rc::clone(&process));
            match self.first_connection(&process, small_buffer).await {
                Err(StartError::Ended { .. }) if fixed_port.is_none() && attempt < TRIES && !port::is_free(port) => {
                    process.kill().await;
                    *self.port.borrow_mut() = None;
                }
                opened => return opened.map(Ok),
            }
        }
        Ok(Err(io::ErrorKind::AddrInUse.into()))
    }

    async fn first_connection(&self, process: &Process, small_buffer: bool) -> Result<Connection, StartError> {
        const LONGEST_PAUSE: Duration = Duration::from_millis(50);
        let begin = Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            if let Ok(connection) = self.open(self.address(), small_buffer).await {
                return Ok(connection);
            }
            let port = self.address().port();
            if let Some(status) = process.status() {
                return Err(StartError::Ended { port, status: status.to_string() });
            }
            if begin.elapsed() > self.patience.start {
                return Err(StartError::NotListening { port, waited: self.patience.start });
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// The process under test.
    pub(super) fn process(&self) -> Option<Rc<Process>> {
        self.process.borrow().clone()
    }

    /// Forgets the process, so that the next connection starts another one, on the same port.
    pub(super) async fn forget_process(&self) {
        if let Some(process) = self.process.take() {
            process.kill().await;
        }
    }

    /// The problem, if the server has ended by itself.
    pub(super) fn crash(&self) -> Option<Stop> {
        if self.stopping.get() {
            return None;
        }
        let status = self.process()?.status()?;
        Some(Stop::blaming(Problem::Crashed { status: status.to_string() }, Violation::Ended))
    }

    /// Sends bytes. Once the actor has said goodbye, it does not matter whether the server still takes them.
    pub(super) async fn send(&self, actor: &Actor, bytes: &[u8]) -> Played {
        let Some(connection) = actor.connection() else { return Ok(()) };
        let sent = connection.send(bytes, self.patience.hang).await;
        self.activity.progressed();
        match sent {
            Err(error) if actor.state.get() != State::Leaving => {
                let problem = Problem::NotTaken { actor: actor.name.clone(), reason: error.to_string() };
                Err(self.crash().unwrap_or_else(|| Stop::new(problem)))
            }
            _ => Ok(()),
        }
    }

    /// Waits until something comes to the actor: a line, or the end.
    ///
    /// Lines that may come before their place, and in a `together` block other events, are noted and passed over.
    pub(super) async fn next(&self, actor: &Actor, wanted: Wanted<'_>) -> Played<Came> {
        let mut probe = None;
        loop {
            let head = actor.head();
            if let Wanted::Marker(number, _) = wanted
                && actor.has_met(Some(number))
            {
                return Ok(Came::Marker);
            }
            if let Some(line) = head {
                let passed_over = self.passes_over(actor, &line, wanted);
                self.take(actor, &line);
                if passed_over {
                    continue;
                }
                return Ok(Came::Line(line));
            }
            if actor.has_met(probe) {
                return Err(self.missing(actor, wanted, Proof::Overtaken));
            }
            let Some(connection) = actor.connection() else { return Ok(Came::End(End::Fin)) };
            if let Some(end) = connection.ended() {
                return Ok(Came::End(end));
            }
            if connection.is_flooded() {
                return Err(Stop::blaming(Problem::Flood { actor: actor.name.clone() }, Violation::Flood));
            }
            self.wait(actor, wanted, &mut probe).await?;
        }
    }

    async fn wait(&self, actor: &Actor, wanted: Wanted<'_>, probe: &mut Option<usize>) -> Played {
        const TICK: Duration = Duration::from_millis(20);
        tokio::select! {
            () = self.activity.next() => return Ok(()),
            () = tokio::time::sleep(TICK) => {}
        }
        if let Some((begin, limit)) = self.within.get()
            && begin.elapsed() > limit + self.patience.hang
        {
            return Err(Stop::new(Problem::TooSlow { limit }));
        }
        let quiet = self.activity.quiet_for();
        if quiet >= self.patience.stall && probe.is_none() {
            if let Some(crash) = self.crash() {
                return Err(crash);
            }
            self.look_for_strays(actor)?;
            self.look_at_partial(actor, wanted)?;
            *probe = Some(self.send_probe(actor, wanted).await);
        }
        if quiet >= self.patience.hang {
            return Err(self.missing(actor, wanted, Proof::Waited(self.patience.hang)));
        }
        Ok(())
    }

    fn missing(&self, actor: &Actor, wanted: Wanted<'_>, proof: Proof) -> Stop {
        let (actor_name, waited) = (actor.name.clone(), self.patience.hang);
        let expected = match wanted {
            Wanted::Line(line) | Wanted::Marker(_, line) => line.to_owned(),
            Wanted::Event => "another event".to_owned(),
            Wanted::End => return Stop::new(Problem::StillOpen { actor: actor_name, waited }),
        };
        let partial = actor.connection().map_or_else(Vec::new, |connection| connection.partial());
        Stop::new(Problem::Missing { actor: actor_name, expected, proof, partial })
    }

    fn passes_over(&self, actor: &Actor, line: &Received, wanted: Wanted<'_>) -> bool {
        let Some(text) = line.text() else { return false };
        if matches!(wanted, Wanted::Line(listed) if matches(listed, text)) {
            return false;
        }
        if let Some(listed) = take_first(&actor.floating, |listed| matches(listed, text)) {
            actor.early.borrow_mut().push(listed);
            return true;
        }
        let event = Event::parse(text).is_some_and(|event| event.nickname() != *actor.nickname.borrow());
        self.concurrent.get() && event && actor.visit.get().is_some() && !matches!(wanted, Wanted::Event)
    }

    /// Takes the line at the head of the inbox, and notes what it tells.
    pub(super) fn take(&self, actor: &Actor, line: &Received) {
        if let Some(connection) = actor.connection() {
            connection.pop();
        }
        let Some(text) = line.text() else { return };
        // What is wrong with a line depends on what was known before it: blame is looked up before it is learned.
        if blame::by_line(actor, line).is_none() {
            actor.learn(text);
        }
        if let (Some(visit), Some(event)) = (actor.visit.get(), Event::parse(text).filter(|event| !fence::is_own(event))) {
            self.chronicle.borrow_mut().received(visit, event);
        }
        if let Some(Event::Left(nickname)) = Event::parse(text) {
            self.somebody_left(nickname);
        }
    }

    /// A member that the server has dropped is no member any more; a reset has been noticed.
    fn somebody_left(&self, nickname: &str) {
        let actors = self.actors.borrow();
        for actor in actors.values().filter(|actor| *actor.nickname.borrow() == nickname) {
            match actor.state.get() {
                State::Reset => actor.state.set(State::Away),
                State::Member if actor.connection().is_some_and(|connection| connection.is_paused()) => {
                    actor.state.set(State::Leaving);
                    if let Some(visit) = actor.visit.get() {
                        self.chronicle.borrow_mut().left(visit, true);
                    }
                }
                _ => {}
            }
        }
    }

    /// A line that waits at another actor, and that no later step lists, is a verdict already.
    fn look_for_strays(&self, waiting: &Actor) -> Played {
        if self.concurrent.get() {
            return Ok(());
        }
        let others: Vec<_> = self.actors.borrow().values().filter(|actor| actor.name != waiting.name).cloned().collect();
        for actor in others.iter().filter(|actor| actor.is_listening() || actor.state.get() == State::Naming) {
            let Some(line) = actor.head() else { continue };
            if !self.is_listed_next(actor, &line) {
                return Err(self.unlisted(actor, line));
            }
        }
        Ok(())
    }

    fn is_listed_next(&self, actor: &Actor, line: &Received) -> bool {
        let Some(text) = line.text() else { return false };
        if actor.floating.borrow().iter().any(|listed| matches(listed, text)) {
            return true;
        }
        // The step that is being performed may be for several actors.
        let rest = &self.cues[self.begun.get().saturating_sub(1)..];
        for (step, counters) in rest.iter().flat_map(Cue::steps) {
            match &step.kind {
                StepKind::Await { who: Who::Others, what: Await::Line(listed), .. } if matches(&listed.text(counters), text) => return true,
                StepKind::Await { who: Who::Others, .. } => {}
                StepKind::Await { who: Who::Actor(name), what, .. } if name.text(counters) == actor.name => match what {
                    Await::Line(listed) => return matches(&listed.text(counters), text),
                    _ => return true,
                },
                StepKind::Act { actor: name, act: Act::Closes } if name.text(counters) == actor.name => return true,
                StepKind::Agree { .. } => return true,
                _ => {}
            }
        }
        false
    }

    /// Bytes without an LF that cannot become the listed line are a verdict already.
    fn look_at_partial(&self, actor: &Actor, wanted: Wanted<'_>) -> Played {
        let partial = actor.connection().map_or_else(Vec::new, |connection| connection.partial());
        let (Wanted::Line(listed) | Wanted::Marker(_, listed)) = wanted else { return Ok(()) };
        let possible = actor.floating.borrow().iter().map(String::as_str).chain([listed]).any(|line| {
            let length = partial.len().min(line.len());
            partial[..length] == line.as_bytes()[..length] && (partial.len() <= line.len() || line.starts_with(['*', '!']))
        });
        let marker = actor.markers.borrow().iter().any(|marker| marker.line.as_bytes().starts_with(&partial));
        if partial.is_empty() || possible || marker || self.concurrent.get() {
            return Ok(());
        }
        Err(self.missing(actor, wanted, Proof::Waited(self.patience.stall)))
    }

    /// The connection has ended where a line was listed.
    pub(super) fn ended(&self, actor: &Actor, expected: &str, end: End) -> Stop {
        let partial = actor.connection().map_or_else(Vec::new, |connection| connection.partial());
        let (actor, expected) = (actor.name.clone(), expected.to_owned());
        self.crash().unwrap_or_else(|| Stop::new(Problem::Ended { actor, expected, end, partial }))
    }

    /// Whether the actor goes on sending after its connection has been ended: then it keeps its side.
    pub(super) fn is_cut_off_later(&self, actor: &Actor) -> bool {
        self.cut_off.contains(&actor.name)
    }

    /// A line came for which no step asks.
    pub(super) fn unlisted(&self, actor: &Actor, received: Received) -> Stop {
        let blame = blame::by_silence_broken(actor, &received).and_then(Violation::id);
        Stop { problem: Problem::Unlisted { actor: actor.name.clone(), received }, blame, step: None }
    }

    /// What the performance amounts to.
    pub(super) async fn outcome(&self, played: Played) -> Outcome {
        let Err(stop) = played else { return Outcome::Passed };
        if let Problem::Start(error) = &stop.problem {
            return Outcome::NotStarted(self.with_output(error.to_string()));
        }
        // What came just before a crash may have hidden it.
        let ended = matches!(stop.problem, Problem::Ended { .. } | Problem::Missing { .. } | Problem::NotTaken { .. });
        if ended && let Some(process) = self.process() {
            process.wait(Duration::from_millis(100)).await;
        }
        let (problem, blame) = match self.crash() {
            Some(crash) if ended => (crash.problem, crash.blame),
            _ => (stop.problem, stop.blame),
        };
        let (line, counters) = stop.step.unzip();
        Outcome::Failed(Box::new(Failure {
            problem,
            blame: blame.unwrap_or_else(|| self.scenario.first_id().clone()),
            line,
            counters: counters.unwrap_or_default(),
            unread: self.unread(),
            output: self.process().map(|process| process.last_lines()).unwrap_or_default(),
        }))
    }

    fn with_output(&self, error: String) -> String {
        let output = self.process().map(|process| process.last_lines()).unwrap_or_default();
        if output.is_empty() { error } else { format!("{error}; it printed:\n    {}", output.join("\n    ")) }
    }

    fn unread(&self) -> Vec<(String, Vec<String>)> {
        const SHOWN: usize = 5;
        let actors = self.actors.borrow();
        let waiting = actors.values().filter_map(|actor| Some((actor, actor.connection()?.waiting())));
        let unread = waiting.map(|(actor, lines)| {
            let more = lines.len().saturating_sub(SHOWN);
            let mut shown: Vec<_> = lines.iter().take(SHOWN).map(Received::to_string).collect();
            shown.extend((more > 0).then(|| format!("… and {more} more")));
            (actor.name.clone(), shown)
        });
        unread.filter(|(_, lines)| !lines.is_empty()).collect()
    }

    /// Ends everything: connections, and the server with all that it has started.
    pub(super) async fn strike(&self) {
        self.actors.borrow_mut().values().for_each(|actor| drop(actor.leaves(State::Away)));
        self.forget_process().await;
    }
}
