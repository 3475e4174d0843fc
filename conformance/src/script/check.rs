//! A transcript is determined: a correct server can produce nothing else.
//!
//! If one actor acts before the previous observable act of another has been observed (received, answered, ended), a
//! correct server may process the two in either order. Such a scenario is refused, unless it says `together`.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use super::branches::{acts, branches};
use super::{Act, Await, Counters, Diagnostic, Scenario, ServerAct, Step, StepKind, Who};
use crate::wire::line::{Unfinished, is_message, is_quit};

/// The first step, if any, whose outcome depends on chance or that cannot be performed.
pub fn determined(scenario: &Scenario) -> Option<Diagnostic> {
    let mut check = Check::default();
    let counters = Counters::default();
    check
        .steps(&scenario.steps, &counters)
        .and_then(|()| check.end())
        .err()
}

#[derive(Default)]
struct Check {
    actors: BTreeMap<String, Actor>,
    /// A `together` in which several actors acted, until they agree.
    unsettled: Option<Range<usize>>,
    /// Inside such a block.
    concurrent: bool,
}

#[derive(Default)]
struct Actor {
    state: State,
    nickname: String,
    /// What it did that nobody has observed yet, and where the last of it stands.
    pending: VecDeque<Deed>,
    acted: Range<usize>,
    unfinished: Unfinished,
    /// It has stopped reading, and may be dropped.
    asleep: bool,
    /// The server has sent it something, and so has accepted the connection.
    answered: bool,
    /// How many of its messages the quickest observer has seen.
    observed: usize,
    /// How many messages this actor has seen of each other one.
    seen: BTreeMap<String, usize>,
}

/// An act that can be observed.
enum Deed {
    /// A line that a member's server passes on.
    Message(Vec<u8>),
    /// A line that is answered: refused, or a nickname.
    Answered,
    /// The end of its membership.
    Leaves,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Away,
    Naming,
    Member,
    /// It has quit or half-closed, or the server ends it.
    Leaving,
    /// It has reset the connection, and nobody knows yet.
    Reset,
}

type Checked = Result<(), Diagnostic>;

impl Check {
    fn steps(&mut self, steps: &[Step], counters: &Counters) -> Checked {
        steps.iter().try_for_each(|step| self.step(step, counters))
    }

    fn step(&mut self, step: &Step, counters: &Counters) -> Checked {
        match &step.kind {
            StepKind::Act { actor, act } => {
                self.act(&actor.text(counters), act, counters, &step.span)
            }
            StepKind::Await {
                who: Who::Others,
                what,
                ..
            } => {
                let members = self
                    .actors
                    .iter()
                    .filter(|(_, actor)| actor.state == State::Member);
                let others: Vec<_> = members.map(|(name, _)| name.clone()).collect();
                others
                    .iter()
                    .for_each(|name| self.observe(name, what, counters));
                Ok(())
            }
            StepKind::Await {
                who: Who::Actor(actor),
                what,
                ..
            } => {
                let name = actor.text(counters);
                if !self.actors.contains_key(&name) {
                    return Err(Diagnostic::new(
                        step.span.clone(),
                        format!("{name} has not connected"),
                    ));
                }
                self.observe(&name, what, counters);
                Ok(())
            }
            StepKind::Agree { .. } => {
                self.unsettled = None;
                self.settle_all();
                Ok(())
            }
            // The parser lets no such step into a scenario that checks a server.
            StepKind::Client { .. } => Ok(()),
            StepKind::Server(act) => self.server(*act, &step.span),
            StepKind::Repeat {
                times,
                counter,
                body,
            } => (1..=*times).try_for_each(|n| self.steps(body, &counters.with(counter, n))),
            StepKind::Within(_, body) => self.steps(body, counters),
            StepKind::Together(body) => self.together(body, counters, &step.span),
        }
    }

    fn together(&mut self, body: &[Step], counters: &Counters, span: &Range<usize>) -> Checked {
        let mut branches = branches(body)?;
        let acting = |branch: &Vec<&Step>| branch.iter().any(|step| acts(step));
        let concurrent = branches.iter().filter(|branch| acting(branch)).count() > 1;
        branches.sort_by_key(|branch| !acting(branch));
        if concurrent {
            self.nothing_pending(None, span)?;
        }
        let outer = std::mem::replace(&mut self.concurrent, concurrent);
        let checked = branches
            .into_iter()
            .flatten()
            .try_for_each(|step| self.step(step, counters));
        self.concurrent = outer;
        if concurrent {
            self.unsettled = Some(span.clone());
            self.actors
                .values_mut()
                .for_each(|actor| actor.pending.clear());
        }
        checked
    }

    fn act(&mut self, name: &str, act: &Act, counters: &Counters, span: &Range<usize>) -> Checked {
        let connected = self
            .actors
            .get(name)
            .is_some_and(|actor| actor.state != State::Away);
        match act {
            Act::Connects | Act::Joins { .. } if connected => {
                return Err(
                    Diagnostic::new(span.clone(), format!("{name} is connected already"))
                        .help("an actor can connect again after `closes`, `resets` or `is closed`"),
                );
            }
            Act::Connects | Act::Joins { .. } | Act::SendsUntilCutOff(_) => {}
            _ if !connected => {
                return Err(Diagnostic::new(
                    span.clone(),
                    format!("{name} is not connected"),
                ));
            }
            _ => {}
        }
        if matches!(
            act,
            Act::Joins { .. } | Act::Closes | Act::HalfCloses | Act::Resets
        ) {
            self.nothing_pending(Some(name), span)?;
        }
        let others_seen = self.messages_observed();
        let actor = self.actors.entry(name.to_owned()).or_default();
        match act {
            Act::Connects => {
                *actor = Actor {
                    state: State::Naming,
                    ..Actor::default()
                }
            }
            Act::Joins { nickname } => {
                let nickname = nickname
                    .as_ref()
                    .map_or(name.to_owned(), |text| text.text(counters));
                *actor = Actor {
                    state: State::Member,
                    nickname,
                    seen: others_seen,
                    ..Actor::default()
                };
            }
            Act::Says(line) => {
                return self.sends(name, &[line.bytes(counters), vec![b'\n']].concat(), span);
            }
            Act::Sends(bytes) => return self.sends(name, &bytes.bytes(counters), span),
            Act::SendsUntilCutOff(_) | Act::KeepsSending(_) => {}
            Act::StopsReading => actor.asleep = true,
            Act::ResumesReading => actor.asleep = false,
            Act::Closes => *actor = Actor::default(),
            Act::HalfCloses => {
                if actor.state == State::Member {
                    actor.pending.push_back(Deed::Leaves);
                }
                (actor.state, actor.acted, actor.unfinished) =
                    (State::Leaving, span.clone(), Unfinished::default());
            }
            Act::Resets => {
                if !actor.pending.is_empty() {
                    return Err(Diagnostic::new(
                        span.clone(),
                        format!("{name} resets before all that it sent has been observed"),
                    )
                    .help("a reset may destroy what the server has not read yet"));
                }
                (actor.acted, actor.unfinished) = (span.clone(), Unfinished::default());
                actor.state = if actor.state == State::Member {
                    actor.pending.push_back(Deed::Leaves);
                    State::Reset
                } else {
                    State::Away
                };
            }
        }
        Ok(())
    }

    fn sends(&mut self, name: &str, bytes: &[u8], span: &Range<usize>) -> Checked {
        let Some(actor) = self.actors.get_mut(name) else {
            return Ok(());
        };
        actor.acted = span.clone();
        let lines = actor
            .unfinished
            .feed(bytes)
            .into_iter()
            .filter(|line| !line.is_empty());
        let mut deeds = Vec::new();
        for line in lines {
            if actor.state == State::Leaving {
                break; // LEAVE-2: ignored
            }
            deeds.push(match line {
                line if is_quit(&line) => {
                    actor.state = State::Leaving;
                    Deed::Leaves
                }
                line if is_message(&line) => Deed::Message(line),
                _ => Deed::Answered,
            });
        }
        if deeds.is_empty() {
            return Ok(());
        }
        actor.pending.extend(deeds);
        self.nothing_pending(Some(name), span)
    }

    fn observe(&mut self, observer: &str, what: &Await, counters: &Counters) {
        match what {
            Await::Line(line) | Await::Eventually(line) => {
                self.observe_line(observer, &line.text(counters))
            }
            Await::Lines(count) => {
                let others = || self.actors.iter().filter(|(name, _)| *name != observer);
                let pending: usize = others().map(|(_, actor)| actor.pending.len()).sum();
                if *count >= pending {
                    self.settle_all();
                }
            }
            Await::HereLines => {}
            Await::Closed | Await::Dropped => {
                if let Some(actor) = self.actors.get_mut(observer) {
                    *actor = Actor::default();
                }
            }
        }
    }

    fn observe_line(&mut self, observer: &str, line: &str) {
        let seen = self.messages_observed();
        if let Some(actor) = self.actors.get_mut(observer) {
            actor.answered = true;
            if line.starts_with("! ") {
                let naming = actor.state == State::Naming;
                let refused = actor
                    .pending
                    .iter()
                    .position(|deed| naming || matches!(deed, Deed::Answered));
                refused.map(|at| actor.pending.remove(at));
            }
            if let Some(rest) = line.strip_prefix("* welcome ") {
                actor.nickname = rest.split(' ').next().unwrap_or_default().to_owned();
                actor.pending.pop_front();
                actor.seen = seen;
                if actor.state == State::Naming {
                    actor.state = State::Member;
                }
            }
        }
        if let Some(nickname) = line.strip_prefix("* left ") {
            let gone = self.actors.values_mut().find(|actor| {
                let leaves = matches!(actor.state, State::Leaving | State::Reset) || actor.asleep;
                actor.nickname == nickname && leaves
            });
            if let Some(actor) = gone {
                actor.pending.clear();
                // A member that the server drops leaves without an act of its own.
                actor.state = if actor.state == State::Reset {
                    State::Away
                } else {
                    State::Leaving
                };
            }
        }
        if let Some(nickname) = line.strip_prefix("* joined ") {
            let joined = self
                .actors
                .values_mut()
                .find(|actor| actor.state == State::Naming && !actor.pending.is_empty());
            if let Some(actor) = joined {
                actor.pending.pop_front();
                actor.nickname = nickname.to_owned();
            }
        }
        let speaker = self.actors.iter().find(|(_, actor)| {
            !actor.nickname.is_empty()
                && line
                    .strip_prefix(&actor.nickname)
                    .is_some_and(|rest| rest.starts_with(": "))
        });
        let Some(speaker) = speaker.map(|(name, _)| name.clone()) else {
            return;
        };
        let Some(observing) = self.actors.get_mut(observer) else {
            return;
        };
        let seen = observing.seen.entry(speaker.clone()).or_default();
        *seen += 1;
        let seen = *seen;
        if let Some(speaker) = self.actors.get_mut(&speaker)
            && seen > speaker.observed
        {
            speaker.observed = seen;
            // The lines of one connection are processed one after the other (ORDER-2): what came before is settled too.
            let text = &line.as_bytes()[speaker.nickname.len() + 2..];
            let said = speaker
                .pending
                .iter()
                .position(|deed| matches!(deed, Deed::Message(message) if message == text));
            speaker.pending.drain(..said.map_or(0, |at| at + 1));
        }
    }

    fn server(&mut self, act: ServerAct, span: &Range<usize>) -> Checked {
        self.nothing_pending(None, span)?;
        let unknown = |actor: &Actor| actor.state == State::Naming && !actor.answered;
        if let Some((name, _)) = self.actors.iter().find(|(_, actor)| unknown(actor)) {
            let message = format!("the server may not have accepted {name}'s connection yet");
            return Err(Diagnostic::new(span.clone(), message)
                .help(format!("let {name} send a line that is answered")));
        }
        for actor in self.actors.values_mut() {
            actor.unfinished = Unfinished::default();
            actor.state = match act {
                _ if actor.state == State::Away => State::Away,
                ServerAct::Interrupted | ServerAct::Terminated => State::Leaving,
                ServerAct::Exits | ServerAct::Restarts => {
                    return Err(Diagnostic::new(
                        span.clone(),
                        format!("{} is still connected", actor.nickname),
                    )
                    .help("list the goodbye, and `is closed`, for every actor"));
                }
            };
        }
        Ok(())
    }

    /// What somebody else did has been observed.
    fn nothing_pending(&self, but: Option<&str>, span: &Range<usize>) -> Checked {
        if let (Some(_), false) = (&self.unsettled, self.concurrent) {
            return Err(Diagnostic::new(
                span.clone(),
                "several actors have acted together, and have not agreed yet",
            )
            .help("put `everyone agrees` before this step"));
        }
        if self.concurrent {
            return Ok(());
        }
        let pending = self
            .actors
            .iter()
            .find(|(name, actor)| !actor.pending.is_empty() && Some(name.as_str()) != but);
        match pending {
            Some((name, actor)) => Err(Diagnostic::new(
                span.clone(),
                format!("this may happen before or after what {name} did last, which nobody has observed yet"),
            )
            .related(actor.acted.clone(), format!("{name} does this"))
            .help("list what is received of it before this step, or use `together`")),
            None => Ok(()),
        }
    }

    fn end(&self) -> Checked {
        if let Some(span) = &self.unsettled {
            return Err(Diagnostic::new(
                span.clone(),
                "several actors act together, and nobody compares what they received",
            )
            .help("end with `everyone agrees`"));
        }
        let members = self
            .actors
            .values()
            .filter(|actor| actor.state == State::Member)
            .count();
        for (name, actor) in &self.actors {
            let alone = actor.state == State::Member && members == 1;
            if !actor.pending.is_empty() && !alone {
                return Err(Diagnostic::new(
                    actor.acted.clone(),
                    format!("nobody receives what {name} did here"),
                )
                .help("a transcript is complete: list every line that comes"));
            }
            if actor.state == State::Leaving {
                return Err(Diagnostic::new(
                    actor.acted.clone(),
                    format!("{name} leaves, and its connection does not end"),
                )
                .help(format!("list the goodbye and `{name} is closed`")));
            }
            if !actor.unfinished.is_empty() {
                return Err(Diagnostic::new(
                    actor.acted.clone(),
                    format!("{name}'s last line has no end"),
                )
                .help(format!("send the LF, or let {name} leave")));
            }
        }
        Ok(())
    }

    fn settle_all(&mut self) {
        for actor in self.actors.values_mut() {
            actor.pending.clear();
            if actor.state == State::Reset {
                actor.state = State::Away;
            }
        }
    }

    fn messages_observed(&self) -> BTreeMap<String, usize> {
        self.actors
            .iter()
            .map(|(name, actor)| (name.clone(), actor.observed))
            .collect()
    }
}
