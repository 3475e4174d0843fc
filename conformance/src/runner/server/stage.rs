//! The stage: the actors, the server, and what has happened so far.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::actor::{Actor, State};
use super::alias::Alias;
use super::blame::Violation;
use super::chronicle::Chronicle;
use super::fence;
use crate::requirement::Id;
use crate::runner::outcome::{Failure, NotStarted, Outcome, StepPlace, Unread};
use crate::runner::patience::Patience;
use crate::runner::problem::Problem;
use crate::runner::target::Target;
use crate::runner::trace::{Happening, Trace};
use crate::runner::unrolled::{self as cue, Cue};
use crate::scenario::{Act, Await, Counters, Scenario, StepKind, Who};
use driver::process::{Process, port};
use driver::wire::{Activity, Event};

/// Everything that a scenario is performed with.
pub(super) struct Stage<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) cues: Vec<Cue<'a>>,
    /// How many of `cues` have begun.
    pub(super) begun: Cell<usize>,
    pub(super) patience: Patience,
    pub(super) alias: Rc<Alias>,
    pub(super) activity: Rc<Activity>,
    pub(super) actors: RefCell<BTreeMap<String, Rc<Actor>>>,
    pub(super) chronicle: RefCell<Chronicle>,
    pub(super) trace: RefCell<Trace>,
    begin: Instant,
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
    pub(super) on_stall: &'a dyn Fn(),
    pub(super) target: &'a Target,
    pub(super) port: RefCell<Option<port::Port>>,
    pub(super) process: RefCell<Option<Rc<Process>>>,
    /// Somebody has connected once: from now on, a start that fails is the server's failure.
    pub(super) has_started: Cell<bool>,
    /// Held while the server starts: those who connect at the same time wait for it.
    pub(super) starting: tokio::sync::Mutex<()>,
    pub(super) sleepers: BTreeSet<String>,
    pub(super) cut_off: BTreeSet<String>,
}

/// Why a scenario does not go on.
#[derive(Debug)]
pub(super) struct Stop {
    pub(super) problem: Box<Problem>,
    /// The requirement, where the problem itself tells; else the step says.
    pub(super) blame: Option<Id>,
    /// The step; none after the last one.
    pub(super) step: Option<StepPlace>,
}

impl Stop {
    pub(super) fn new(problem: Problem) -> Self {
        Self {
            problem: Box::new(problem),
            blame: None,
            step: None,
        }
    }

    pub(super) fn blaming(problem: Problem, violation: Violation) -> Self {
        Self {
            blame: violation.id(),
            ..Self::new(problem)
        }
    }
}

pub(super) type Played<T = ()> = Result<T, Stop>;

impl<'a> Stage<'a> {
    pub(super) fn new(
        scenario: &'a Scenario,
        target: &'a Target,
        patience: Patience,
        on_stall: &'a dyn Fn(),
    ) -> Self {
        let cues = cue::unroll(&scenario.steps, &Counters::default());
        // Others may be in a room that was open before.
        let alias = if let Target::Running(_) = target {
            Alias::for_this_run()
        } else {
            Alias::default()
        };
        let stage = Self {
            scenario,
            cues: Vec::new(),
            begun: Cell::new(0),
            patience,
            alias: Rc::new(alias),
            activity: Rc::default(),
            actors: RefCell::default(),
            chronicle: RefCell::default(),
            trace: RefCell::default(),
            begin: Instant::now(),
            protagonist: RefCell::default(),
            concurrent: Cell::new(false),
            markers: Cell::new(0),
            within: Cell::new(None),
            stopping: Cell::new(false),
            on_stall,
            target,
            port: RefCell::default(),
            process: RefCell::default(),
            has_started: Cell::new(false),
            starting: tokio::sync::Mutex::default(),
            sleepers: cue::actors_who(&cues, |act| matches!(act, Act::StopsReading)),
            cut_off: cue::actors_who(&cues, |act| matches!(act, Act::SendsUntilCutOff(_))),
        };
        for (step, counters) in cues.iter().flat_map(Cue::steps) {
            if let StepKind::Await {
                who: Who::Actor(actor),
                what: Await::Eventually(line),
                ..
            } = &step.kind
            {
                let actor = stage.actor(&actor.text(counters));
                actor.floating.borrow_mut().push(line.text(counters));
            }
        }
        Self { cues, ..stage }
    }

    /// The actor of this name.
    pub(super) fn actor(&self, name: &str) -> Rc<Actor> {
        let mut actors = self.actors.borrow_mut();
        Rc::clone(
            actors
                .entry(name.to_owned())
                .or_insert_with(|| Rc::new(Actor::new(name, Rc::clone(&self.alias)))),
        )
    }

    /// The members that fulfil the condition, by name.
    pub(super) fn members(&self, condition: impl Fn(&Actor) -> bool) -> Vec<Rc<Actor>> {
        let actors = self.actors.borrow();
        actors
            .values()
            .filter(|actor| actor.state.get() == State::Member && condition(actor))
            .cloned()
            .collect()
    }

    /// Notes what happened.
    pub(super) fn note(&self, actor: &str, what: Happening) {
        self.trace
            .borrow_mut()
            .note(self.begin.elapsed(), Some(actor), what);
    }

    /// Notes what happened to the process under test.
    pub(super) fn note_process(&self, what: Happening) {
        self.trace
            .borrow_mut()
            .note(self.begin.elapsed(), None, what);
    }

    /// Sends bytes. Once the actor has said goodbye, it does not matter whether the server still takes them.
    pub(super) async fn send(&self, actor: &Actor, bytes: &[u8]) -> Played {
        let Some(connection) = actor.connection() else {
            return Ok(());
        };
        let sent = connection.send(bytes, self.patience.hang).await;
        self.activity.progressed();
        match sent {
            Err(error) if actor.state.get() != State::Leaving => {
                let problem = Problem::NotTaken {
                    actor: actor.name.clone(),
                    reason: error.to_string(),
                };
                Err(self.crash().unwrap_or_else(|| Stop::new(problem)))
            }
            _ => Ok(()),
        }
    }

    /// What the performance amounts to.
    pub(super) async fn outcome(&self, played: Played) -> Outcome {
        let Err(stop) = played else {
            return Outcome::Passed;
        };
        if let (Problem::NotStarted { error }, false) = (&*stop.problem, self.has_started.get()) {
            return Outcome::NotStarted(NotStarted {
                error: error.clone(),
                output: self.output().await,
            });
        }
        // What came just before a crash may have hidden it.
        let ended = matches!(
            *stop.problem,
            Problem::Ended { .. } | Problem::Missing { .. } | Problem::NotTaken { .. }
        );
        if ended && let Some(process) = self.process() {
            process.wait(Duration::from_millis(100)).await;
        }
        let (problem, blame) = match self.crash() {
            Some(crash) if ended => (crash.problem, crash.blame),
            _ => (stop.problem, stop.blame),
        };
        Outcome::Failed(Box::new(Failure {
            problem: *problem,
            blame: blame.unwrap_or_else(|| self.scenario.first_id().clone()),
            step: stop.step,
            unread: self.unread(),
            output: self.output().await,
        }))
    }

    /// What the server has printed last.
    async fn output(&self) -> Vec<String> {
        match self.process() {
            Some(process) => process.last_lines().await,
            None => Vec::new(),
        }
    }

    fn unread(&self) -> Vec<Unread> {
        const SHOWN: usize = 5;
        let actors = self.actors.borrow();
        let waiting = actors
            .values()
            .filter_map(|actor| Some((actor, actor.connection()?.waiting())));
        let unread = waiting.map(|(actor, mut lines)| {
            let own = |line: &str| Event::parse(line).is_some_and(|event| fence::is_own(&event));
            lines.retain(|line| !line.text().is_some_and(own));
            let more = lines.len().saturating_sub(SHOWN);
            lines.truncate(SHOWN);
            let actor = actor.name.clone();
            Unread { actor, lines, more }
        });
        unread.filter(|unread| !unread.lines.is_empty()).collect()
    }

    /// Ends everything: connections, and the server with all that it has started.
    pub(super) async fn strike(&self) {
        let actors: Vec<_> = self.actors.borrow().values().cloned().collect();
        let connections: Vec<_> = actors
            .iter()
            .filter_map(|actor| actor.leaves(State::Away))
            .collect();
        if self.process().is_none() {
            // The server goes on, and the next scenario is to find an empty room.
            for connection in &connections {
                connection.half_close();
                connection.drain(self.patience.stall).await;
            }
        }
        self.forget_process().await;
    }
}
