//! Waiting: what comes is taken, and what can no longer come is told at once.

use std::time::Duration;

use super::actor::{Actor, State, matches, take_first};
use super::blame::Violation;
use super::fence::{self, FENCE};
use super::stage::{Played, Stage, Stop};
use crate::runner::problem::{Expectation, Problem, Proof};
use crate::runner::trace::Happening;
use crate::runner::unrolled::Cue;
use crate::scenario::{Act, Await, StepKind, Who};
use driver::wire::{End, Event, Excerpt, Received};

/// What an actor waits for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted<'a> {
    /// This line.
    Line(&'a str),
    /// The `* here` line of any member.
    Here,
    /// Any event.
    Event,
    /// This marker, which is this line.
    Marker(usize, &'a str),
    /// The end of the connection.
    End,
}

impl Wanted<'_> {
    /// The same as it is reported.
    pub(super) fn expectation(self) -> Expectation {
        match self {
            Self::Line(line) | Self::Marker(_, line) => Expectation::line(line),
            Self::Here => Expectation::Here,
            Self::Event => Expectation::Event,
            Self::End => Expectation::End,
        }
    }
}

/// What came.
#[derive(Debug)]
pub(super) enum Came {
    Line(Received),
    Marker,
    End(End),
}

impl Stage<'_> {
    /// Waits until something comes to the actor: a line, or the end.
    ///
    /// Lines that may come before their place, and in a `together` block other events, are noted and passed over.
    pub(super) async fn next(&self, actor: &Actor, wanted: Wanted<'_>) -> Played<Came> {
        let mut probe = None;
        loop {
            let head = actor.head();
            if let Wanted::Marker(number, _) = wanted
                && actor.has_met(&[number])
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
            if probe
                .as_deref()
                .is_some_and(|markers| actor.has_met(markers))
            {
                return Err(self.missing(actor, wanted, Proof::Overtaken));
            }
            let Some(connection) = actor.connection() else {
                return Ok(Came::End(End::Fin));
            };
            if let Some(end) = connection.ended() {
                self.note(&actor.name, Happening::Ended { end });
                return Ok(Came::End(end));
            }
            if connection.is_flooded() {
                return Err(Stop::blaming(
                    Problem::Flood {
                        actor: actor.name.clone(),
                    },
                    Violation::Flood,
                ));
            }
            self.wait(actor, wanted, &mut probe).await?;
        }
    }

    async fn wait(
        &self,
        actor: &Actor,
        wanted: Wanted<'_>,
        probe: &mut Option<Vec<usize>>,
    ) -> Played {
        const TICK: Duration = Duration::from_millis(20);
        tokio::select! {
            () = self.activity.next() => return Ok(()),
            () = tokio::time::sleep(TICK) => {}
        }
        if let Some((since, limit)) = self.within.get()
            && since.elapsed() > limit + self.patience.hang
        {
            return Err(Stop::new(Problem::TooSlow { limit }));
        }
        let quiet = self.activity.quiet_for();
        if quiet >= self.patience.stall && probe.is_none() {
            (self.on_stall)();
            if let Some(crash) = self.crash() {
                return Err(crash);
            }
            self.look_for_strays(actor)?;
            self.look_at_partial(actor, wanted)?;
            *probe = Some(self.send_probe(actor, wanted).await);
        }
        if quiet >= self.patience.hang {
            return Err(self.missing(
                actor,
                wanted,
                Proof::Waited {
                    time: self.patience.hang,
                },
            ));
        }
        Ok(())
    }

    fn missing(&self, actor: &Actor, wanted: Wanted<'_>, proof: Proof) -> Stop {
        let (actor_name, waited) = (actor.name.clone(), self.patience.hang);
        if matches!(wanted, Wanted::End) {
            let actor = actor_name;
            return Stop::new(Problem::StillOpen { actor, waited });
        }
        let partial = actor
            .connection()
            .map_or_else(Vec::new, |connection| connection.partial());
        Stop::new(Problem::Missing {
            actor: actor_name,
            expected: wanted.expectation(),
            proof,
            partial,
        })
    }

    fn passes_over(&self, actor: &Actor, line: &Received, wanted: Wanted<'_>) -> bool {
        let Some(text) = line.text() else {
            return false;
        };
        if matches!(wanted, Wanted::Line(listed) if matches(listed, text)) {
            return false;
        }
        if let Some(listed) = take_first(&actor.floating, |listed| {
            matches(&self.alias.listed(listed), text)
        }) {
            actor.early.borrow_mut().push(self.alias.listed(&listed));
            return true;
        }
        let event =
            Event::parse(text).is_some_and(|event| event.nickname() != *actor.nickname.borrow());
        self.concurrent.get()
            && event
            && actor.visit.get().is_some()
            && !matches!(wanted, Wanted::Event)
    }

    /// Takes the line at the head of the inbox, and notes what it tells.
    pub(super) fn take(&self, actor: &Actor, line: &Received) {
        if let Some(connection) = actor.connection() {
            connection.pop();
        }
        if actor.name != FENCE {
            let text = Excerpt::of(line.bytes());
            self.note(&actor.name, Happening::Received { text });
        }
        actor.judge(line);
        let Some(text) = line.text() else { return };
        if actor.wrong.get().is_none() {
            actor.learn(text);
        }
        if let (Some(visit), Some(event)) = (
            actor.visit.get(),
            Event::parse(text).filter(|event| !fence::is_own(event)),
        ) {
            self.chronicle.borrow_mut().received(visit, event);
        }
        if let Some(Event::Left(nickname)) = Event::parse(text) {
            self.somebody_left(nickname);
        }
    }

    /// A member that the server has dropped is no member any more; a reset has been noticed.
    fn somebody_left(&self, nickname: &str) {
        let actors = self.actors.borrow();
        for actor in actors
            .values()
            .filter(|actor| *actor.nickname.borrow() == nickname)
        {
            match actor.state.get() {
                State::Reset => actor.state.set(State::Away),
                State::Member
                    if actor
                        .connection()
                        .is_some_and(|connection| connection.is_paused()) =>
                {
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
        let others: Vec<_> = self
            .actors
            .borrow()
            .values()
            .filter(|actor| actor.name != waiting.name)
            .cloned()
            .collect();
        for actor in others
            .iter()
            .filter(|actor| actor.is_listening() || actor.state.get() == State::Naming)
        {
            let Some(line) = actor.head() else { continue };
            if !self.is_listed_next(actor, &line) {
                actor.judge(&line);
                return Err(self.unlisted(actor, line));
            }
        }
        Ok(())
    }

    fn is_listed_next(&self, actor: &Actor, line: &Received) -> bool {
        let Some(text) = line.text() else {
            return false;
        };
        if actor
            .floating
            .borrow()
            .iter()
            .any(|listed| matches(&self.alias.listed(listed), text))
        {
            return true;
        }
        // The step that is being performed may be for several actors.
        let rest = &self.cues[self.begun.get().saturating_sub(1)..];
        for (step, counters) in rest.iter().flat_map(Cue::steps) {
            match &step.kind {
                StepKind::Await {
                    who: Who::Others,
                    what: Await::Line(listed),
                    ..
                } if matches(&self.alias.listed(&listed.text(counters)), text) => return true,
                StepKind::Await {
                    who: Who::Others, ..
                } => {}
                StepKind::Await {
                    who: Who::Actor(name),
                    what,
                    ..
                } if name.text(counters) == actor.name => match what {
                    Await::Line(listed) => {
                        return matches(&self.alias.listed(&listed.text(counters)), text);
                    }
                    _ => return true,
                },
                StepKind::Act {
                    actor: name,
                    act: Act::Closes,
                } if name.text(counters) == actor.name => return true,
                StepKind::Agree { .. } => return true,
                _ => {}
            }
        }
        false
    }

    /// Whether a step that is performed now or later lists a line that begins so for the actor.
    pub(super) fn is_listed_later(&self, actor: &Actor, start: &str) -> bool {
        let rest = &self.cues[self.begun.get().saturating_sub(1)..];
        rest.iter()
            .flat_map(Cue::steps)
            .any(|(step, counters)| match &step.kind {
                StepKind::Await {
                    who: Who::Actor(name),
                    what: Await::Line(line),
                    ..
                } => name.text(counters) == actor.name && line.text(counters).starts_with(start),
                _ => false,
            })
    }

    /// Bytes without an LF that cannot become the listed line are a verdict already.
    fn look_at_partial(&self, actor: &Actor, wanted: Wanted<'_>) -> Played {
        let partial = actor
            .connection()
            .map_or_else(Vec::new, |connection| connection.partial());
        let (Wanted::Line(listed) | Wanted::Marker(_, listed)) = wanted else {
            return Ok(());
        };
        let possible = actor
            .floating
            .borrow()
            .iter()
            .map(String::as_str)
            .chain([listed])
            .any(|line| {
                let length = partial.len().min(line.len());
                partial[..length] == line.as_bytes()[..length]
                    && (partial.len() <= line.len() || line.starts_with(['*', '!']))
            });
        let marker = actor
            .markers
            .borrow()
            .iter()
            .any(|marker| marker.line.as_bytes().starts_with(&partial));
        if partial.is_empty() || possible || marker || self.concurrent.get() {
            return Ok(());
        }
        Err(self.missing(
            actor,
            wanted,
            Proof::Waited {
                time: self.patience.stall,
            },
        ))
    }

    /// The connection has ended where a line was listed.
    pub(super) fn ended(&self, actor: &Actor, expected: Expectation, end: End) -> Stop {
        let partial = actor
            .connection()
            .map_or_else(Vec::new, |connection| connection.partial());
        let actor = actor.name.clone();
        self.crash().unwrap_or_else(|| {
            Stop::new(Problem::Ended {
                actor,
                expected,
                end,
                partial,
            })
        })
    }

    /// Whether the actor goes on sending after its connection has been ended: then it keeps its side.
    pub(super) fn is_cut_off_later(&self, actor: &Actor) -> bool {
        self.cut_off.contains(&actor.name)
    }

    /// A line came for which no step asks.
    pub(super) fn unlisted(&self, actor: &Actor, received: Received) -> Stop {
        let wrong = actor.wrong.get().or(actor.needless.get());
        let blame = wrong.and_then(Violation::id);
        let actor = actor.name.clone();
        Stop {
            blame,
            ..Stop::new(Problem::Unlisted { actor, received })
        }
    }
}
