//! One run of a scenario against a server: the actors, the server, and what has happened so far.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use driver::process::{Process, Setting, StartError};
use driver::wire::{Event, Received, ServerLine};
use tokio::time::Instant;

use super::abort::{Abort, StepResult};
use super::actor::Actor;
use super::alias::Alias;
use super::clock::Clock;
use super::history::History;
use super::own::{FENCE, OwnLines, Recipients, is_own, is_probe};
use super::rest::until_at_rest;
use super::script::Script;
use super::tongue::Tongue;
use super::under_test::UnderTest;
use super::violation::Violation;
use crate::runner::conduct::Conduct;
use crate::runner::outcome::{Failure, NotStarted, Outcome, Unread};
use crate::runner::patience::Patience;
use crate::runner::problem::Problem;
use crate::runner::target::Target;
use crate::runner::trace::{Happening, Trace};
use crate::scenario::Scenario;
use crate::scenario::presence::Presence;

/// Everything that a scenario is performed with.
pub(super) struct ServerRun<'a> {
    scenario: &'a Scenario,
    pub(super) script: Script<'a>,
    pub(super) clock: Clock<'a>,
    pub(super) server: UnderTest<'a>,
    pub(super) alias: Rc<Alias>,
    pub(super) tongue: Tongue,
    /// The lines that the suite has caused.
    pub(super) own: Rc<OwnLines>,
    actors: RefCell<BTreeMap<String, Rc<Actor>>>,
    pub(super) history: RefCell<History>,
    pub(super) trace: RefCell<Trace>,
    /// The actor that acted last: `others` are all members but this one.
    pub(super) last_actor: RefCell<String>,
    /// The last act of anybody was `joins`.
    pub(super) has_joined: Cell<bool>,
    /// Inside a `together` block.
    pub(super) concurrent: Cell<bool>,
    pub(super) conduct: Conduct,
    /// A probe has been sent, which may have set a line free.
    pub(super) is_probed: Cell<bool>,
}

impl<'a> ServerRun<'a> {
    pub(super) fn new(
        scenario: &'a Scenario,
        target: &'a Target,
        patience: Patience,
        conduct: Conduct,
        on_stall: &'a dyn Fn(),
    ) -> Self {
        let (target, dialect) = target.and_dialect();
        let tongue = Tongue::new(dialect);
        // On a server that was running before there may be other members.
        let alias = if target.is_shared() {
            Alias::for_this_run(if tongue.is_dialect() { "" } else { "-" })
        } else {
            Alias::default()
        };
        let run = Self {
            scenario,
            script: Script::new(scenario),
            clock: Clock::new(patience_with(scenario, patience), on_stall),
            server: UnderTest::new(target, tongue.clone(), scenario),
            alias: Rc::new(alias),
            tongue,
            own: Rc::default(),
            actors: RefCell::default(),
            history: RefCell::default(),
            trace: RefCell::default(),
            last_actor: RefCell::default(),
            has_joined: Cell::new(false),
            concurrent: Cell::new(false),
            conduct,
            is_probed: Cell::new(false),
        };
        for (actor, line) in run.script.eventual_lines() {
            run.actor(&actor).eventual.borrow_mut().push(line);
        }
        run
    }

    /// The actor of this name.
    pub(super) fn actor(&self, name: &str) -> Rc<Actor> {
        let mut actors = self.actors.borrow_mut();
        let new = || Rc::new(self.new_actor(name));
        Rc::clone(actors.entry(name.to_owned()).or_insert_with(new))
    }

    /// An actor that is not part of the cast.
    pub(super) fn new_actor(&self, name: &str) -> Actor {
        Actor::new(name, Rc::clone(&self.alias), Rc::clone(&self.own))
    }

    /// The actors that fulfil the condition, by name.
    pub(super) fn actors(&self, condition: impl Fn(&Actor) -> bool) -> Vec<Rc<Actor>> {
        let actors = self.actors.borrow();
        let chosen = actors.values().filter(|actor| condition(actor));
        chosen.cloned().collect()
    }

    /// The members that fulfil the condition, by name.
    pub(super) fn members(&self, condition: impl Fn(&Actor) -> bool) -> Vec<Rc<Actor>> {
        self.actors(|actor| actor.presence.get() == Presence::Member && condition(actor))
    }

    /// The nicknames of all members but this one.
    pub(super) fn nicknames_but(&self, actor: &Actor) -> BTreeSet<String> {
        let others = self.members(|member| member.name != actor.name);
        let nicknames = others.iter().map(|member| member.nickname.borrow().clone());
        nicknames.collect()
    }

    /// Whether the scenario is about this requirement, so that a line which can mean several things means that.
    pub(super) fn is_about(&self, id: &str) -> bool {
        self.scenario.first_id().as_str() == id
    }

    /// Whether the server has the number of seats that it has by default.
    pub(super) fn has_default_capacity(&self) -> bool {
        let mut settings = self.scenario.settings.iter();
        settings.all(|(setting, _)| *setting != Setting::Capacity) && self.alias.strangers() == 0
    }

    /// Waits, in a dialect and outside `together`, until the server has read what was sent, and all its threads sleep. Many servers
    /// welcome a member before they register it, or change a table while they walk over it.
    pub(super) async fn until_at_rest(&self) {
        if !self.tongue.waits_for_rest() || self.concurrent.get() {
            return;
        }
        until_at_rest(|| {
            let connections = self.actors(|_| true).into_iter();
            let mut connections = connections.filter_map(|actor| actor.connection());
            if connections.any(|connection| connection.has_been_read() == Some(false)) {
                return Some(false);
            }
            self.server.with_process(Process::is_asleep)?
        })
        .await;
        // This was no silence of the server.
        self.clock.activity.progressed();
    }

    /// A listed line as it must arrive.
    pub(super) fn listed(&self, line: &str) -> String {
        self.tongue.listed(self.alias.listed(line))
    }

    /// Notes what happened to an actor.
    pub(super) fn note(&self, actor: &str, what: Happening) {
        if actor != FENCE {
            let mut trace = self.trace.borrow_mut();
            trace.note(self.clock.elapsed(), Some(actor), what);
        }
    }

    /// Notes what happened to the process under test.
    pub(super) fn note_process(&self, what: Happening) {
        let mut trace = self.trace.borrow_mut();
        trace.note(self.clock.elapsed(), None, what);
    }

    /// Sends a marker. Returns its number and the line in which it arrives at all other members.
    pub(super) async fn send_marker(&self, sender: &Actor) -> StepResult<(usize, String)> {
        let text = self.own.marker_text();
        let line = ServerLine::message(&sender.nickname.borrow(), &text).to_string();
        let recipients = if self.tongue.has_echo() {
            Recipients::All
        } else {
            Recipients::AllBut(sender.name.clone())
        };
        let number = self.own.expect(line.clone(), recipients);
        self.send(sender, format!("{text}\n").as_bytes()).await?;
        Ok((number, line))
    }

    /// Opens a connection for the actor.
    pub(super) async fn connect(&self, actor: &Actor) -> StepResult {
        let small_buffer = self.script.slow_readers.contains(&actor.name);
        let opened = self.server.connect(small_buffer, &self.clock).await;
        let opened = opened.map_err(|launch| {
            let error = launch.error;
            Abort::new(Problem::NotStarted { error })
        })?;
        let connection = opened.map_err(|error| {
            if let Some(error) = StartError::of_suite(&error) {
                return Abort::new(Problem::NotStarted { error });
            }
            let (actor, reason) = (actor.name.clone(), error.to_string());
            let refused = Problem::Refused { actor, reason };
            self.crash_or(Abort::blaming(refused, Violation::Ended))
        })?;
        actor.connected(connection);
        self.note(&actor.name, Happening::Connected);
        self.clock.activity.progressed();
        Ok(())
    }

    /// Sends bytes. Once the actor has said goodbye, it does not matter whether the server still takes them.
    pub(super) async fn send(&self, actor: &Actor, bytes: &[u8]) -> StepResult {
        let Some(connection) = actor.connection() else {
            return Ok(());
        };
        let presence = actor.presence.get();
        if presence != Presence::Member {
            self.until_at_rest().await;
        }
        let sent = connection.send(bytes, self.clock.patience.hang).await;
        self.clock.activity.progressed();
        if presence == Presence::Naming && self.tongue.welcomes_silently() {
            self.until_at_rest().await;
            connection.rest();
        }
        match sent {
            Err(error) if actor.presence.get() != Presence::Leaving => {
                let (actor, reason) = (actor.name.clone(), error.to_string());
                Err(self.crash_or(Abort::new(Problem::NotTaken { actor, reason })))
            }
            _ => Ok(()),
        }
    }

    /// From now on the server is to end the actor's connection.
    pub(super) fn begin_leaving(&self, actor: &Actor) {
        actor.change(Presence::leave);
        actor.sent.take();
        if let Some(connection) = actor.connection() {
            connection.leave();
        }
        if let Some(membership) = actor.membership.get() {
            self.history.borrow_mut().left(membership, false);
        }
    }

    /// Aborts with the crash of the server, if it has crashed.
    pub(super) fn crash(&self) -> Option<Abort> {
        match self.server.crash() {
            Ok(None) => None,
            Ok(Some(exit)) => Some(Abort::blaming(Problem::Crashed { exit }, Violation::Ended)),
            Err(error) => Some(Abort::new(Problem::NotStarted { error })),
        }
    }

    /// The crash of the server explains a problem that came with it.
    pub(super) fn crash_or(&self, abort: Abort) -> Abort {
        self.crash().unwrap_or(abort)
    }

    /// How the scenario ended.
    pub(super) async fn outcome(&self, result: StepResult) -> Outcome {
        // A server that has ended by itself has not passed: what answered may have been another one.
        let Some(abort) = result.err().or_else(|| self.crash()) else {
            return Outcome::Passed;
        };
        let abort = self.explained(abort).await;
        if let Problem::NotStarted { error } = &*abort.problem
            && (!self.server.has_started.get() || error.is_no_verdict())
        {
            return Outcome::NotStarted(NotStarted {
                error: error.clone(),
                output: self.server.output().await,
            });
        }
        let first_id = || self.scenario.first_id().clone();
        Outcome::Failed(Box::new(Failure {
            in_dialect: self.tongue.in_dialect(&abort.problem).map(Box::new),
            problem: *abort.problem,
            blame: abort.blame.unwrap_or_else(first_id),
            step: abort.step,
            unread: self.unread(),
            beyond_signals: self.server.beyond_signals(),
            output: self.server.output().await,
        }))
    }

    /// The crash of the server, if that is what the end of a connection comes from.
    async fn explained(&self, abort: Abort) -> Abort {
        let is_end = match *abort.problem {
            Problem::Ended { .. }
            | Problem::Reset { .. }
            | Problem::Refused { .. }
            | Problem::NotTaken { .. } => true,
            Problem::Missing { .. } => false,
            _ => return abort,
        };
        if is_end {
            // Others may use the processor meanwhile.
            (self.clock.on_stall)();
            self.server.wait_for_crash().await;
        }
        let step = abort.step.clone();
        Abort {
            step,
            ..self.crash_or(abort)
        }
    }

    /// The lines that wait for each actor, without those that the suite has caused.
    fn unread(&self) -> Vec<Unread> {
        const SHOWN: usize = 5;
        let own =
            |line: &str| is_probe(line) || Event::parse(line).is_some_and(|event| is_own(&event));
        let unread = self.actors(|_| true).into_iter().filter_map(|actor| {
            let mut lines = actor.connection()?.waiting();
            lines.retain(|line| !line.text().is_some_and(own));
            let more = lines.len().saturating_sub(SHOWN);
            lines.truncate(SHOWN);
            let actor = actor.name.clone();
            (!lines.is_empty()).then_some(Unread { actor, lines, more })
        });
        unread.collect()
    }

    /// Ends everything: connections, and the server with all that it has started.
    pub(super) async fn tear_down(&self) {
        let actors = self.actors(|_| true);
        let connections: Vec<_> = actors
            .iter()
            .filter_map(|actor| actor.disconnect())
            .collect();
        if self.server.with_process(|_| ()).is_none() {
            // The server goes on, and the next scenario needs an empty room: read every connection to its end.
            connections
                .iter()
                .for_each(|connection| connection.half_close());
            let deadline = Instant::now() + self.clock.patience.hang;
            for connection in &connections {
                let left = deadline.saturating_duration_since(Instant::now());
                // Who came in or left may show only in what nobody has asked for.
                let look =
                    |line: Received| line.text().into_iter().for_each(|it| self.alias.notice(it));
                connection.drain(left, look).await;
            }
        }
        let processes = self.server.stop().await;
        if processes > 0 {
            self.note_process(Happening::Swept { processes });
        }
    }
}

/// Where a scenario sets the naming timeout, it waits for it.
fn patience_with(scenario: &Scenario, patience: Patience) -> Patience {
    let hang = patience.hang + Duration::from_secs(scenario.naming_timeout());
    Patience { hang, ..patience }
}
