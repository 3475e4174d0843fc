//! A transcript is determined: a correct server can produce nothing else.
//!
//! If one actor acts before the previous observable act of another has been observed (received, answered, ended), a
//! correct server may process the two in either order. Such a scenario is refused, unless it says `together`.

mod acts;
mod observe;

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use super::branches::{acts, branches};
use super::presence::Presence;
use super::{Counters, Diagnostic, Scenario, Step, StepKind, Who};
use driver::wire::SentLines;

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
    presence: Presence,
    nickname: String,
    /// What it did that nobody has observed yet, and where the last of it stands.
    pending: VecDeque<Deed>,
    acted: Range<usize>,
    unfinished: SentLines,
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
                    .filter(|(_, actor)| actor.presence == Presence::Member);
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
            .filter(|actor| actor.presence == Presence::Member)
            .count();
        for (name, actor) in &self.actors {
            let alone = actor.presence == Presence::Member && members == 1;
            if !actor.pending.is_empty() && !alone {
                return Err(Diagnostic::new(
                    actor.acted.clone(),
                    format!("nobody receives what {name} did here"),
                )
                .help("a transcript is complete: list every line that comes"));
            }
            if actor.presence == Presence::Leaving {
                return Err(Diagnostic::new(
                    actor.acted.clone(),
                    format!("{name} leaves, and its connection does not end"),
                )
                .help(format!("list the goodbye and `{name} is closed`")));
            }
            if !actor.unfinished.is_complete() {
                return Err(Diagnostic::new(
                    actor.acted.clone(),
                    format!("{name}'s last line has no end"),
                )
                .help(format!("send the LF, or let {name} leave")));
            }
        }
        Ok(())
    }
}
