//! Who did what, who received what, and whether one order of events explains it all.
//!
//! Every event is a node of a graph. An arrow says "before": because one member received the two in that order, because
//! the one was over before the other began, or because a member that never received an event must have come after it.
//! A correct server leaves no cycle. (ORDER-1, ORDER-4)

mod graph;

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use self::graph::Graph;
use crate::runner::problem::{Contradiction, Observation};
use driver::wire::{Event, Excerpt};

/// One membership, from the welcome to the end of the connection.
pub(super) type VisitId = usize;

/// What was done and received so far.
#[derive(Debug, Default)]
pub(super) struct Chronicle {
    acts: Vec<Deed>,
    visits: Vec<Visit>,
    /// Counts what happens one after the other; what happens together has the same number.
    phase: usize,
}

/// An event that an actor has caused.
#[derive(Debug, Clone)]
struct Deed {
    event: Key,
    visit: VisitId,
    /// None when nobody knows when: the server dropped the member.
    phase: Option<usize>,
}

#[derive(Debug)]
struct Visit {
    actor: String,
    nickname: String,
    joined: usize,
    here: BTreeSet<String>,
    log: Vec<Key>,
    end: Option<Ending>,
}

/// How a membership ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// By a goodbye: everything before it has been delivered.
    Orderly(usize),
    /// By a reset or because the server dropped it: the end may be missing.
    Cut,
}

/// An event, as short as it can be told from others. A text counts by its hash: texts can be long, and many.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    kind: Kind,
    nickname: String,
    shown: String,
    text: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Joined,
    Left,
    Said,
}

impl Key {
    fn of(event: Event<'_>) -> Self {
        let (kind, text, line) = match event {
            Event::Joined(nickname) => (Kind::Joined, "", format!("* joined {nickname}")),
            Event::Left(nickname) => (Kind::Left, "", format!("* left {nickname}")),
            Event::Said(nickname, text) => {
                let start: String = text.chars().take(40).collect();
                (Kind::Said, text, format!("{nickname}: {start}"))
            }
        };
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        Self {
            kind,
            nickname: event.nickname().to_owned(),
            shown: line,
            text: hasher.finish(),
        }
    }
}

impl Key {
    fn excerpt(&self) -> Excerpt {
        self.shown.as_str().into()
    }
}

impl Chronicle {
    /// What comes now comes after everything so far.
    pub(super) fn next_phase(&mut self) {
        self.phase += 1;
    }

    /// A member has been welcomed; `here` is whom it was told of.
    pub(super) fn joined(
        &mut self,
        actor: &str,
        nickname: &str,
        here: BTreeSet<String>,
    ) -> VisitId {
        let visit = self.visits.len();
        let (actor, nickname) = (actor.to_owned(), nickname.to_owned());
        self.acts.push(Deed {
            event: Key::of(Event::Joined(&nickname)),
            visit,
            phase: Some(self.phase),
        });
        self.visits.push(Visit {
            actor,
            nickname,
            joined: self.phase,
            here,
            log: Vec::new(),
            end: None,
        });
        visit
    }

    /// A member has sent a line that is a message.
    pub(super) fn said(&mut self, visit: VisitId, text: &str) {
        let event = Key::of(Event::Said(&self.visits[visit].nickname, text));
        self.acts.push(Deed {
            event,
            visit,
            phase: Some(self.phase),
        });
    }

    /// A member leaves, or has been dropped. Only the first call for a visit counts.
    pub(super) fn left(&mut self, visit: VisitId, dropped: bool) {
        if self.visits[visit].end.is_some() {
            return;
        }
        self.visits[visit].end = Some(if dropped {
            Ending::Cut
        } else {
            Ending::Orderly(self.phase)
        });
        let event = Key::of(Event::Left(&self.visits[visit].nickname));
        self.acts.push(Deed {
            event,
            visit,
            phase: (!dropped).then_some(self.phase),
        });
    }

    /// A member has reset its connection.
    pub(super) fn reset(&mut self, visit: VisitId) {
        self.left(visit, false);
        self.visits[visit].end = Some(Ending::Cut);
    }

    /// A member has received an event.
    pub(super) fn received(&mut self, visit: VisitId, event: Event<'_>) {
        self.visits[visit].log.push(Key::of(event));
    }

    /// Whether there is one order that explains what these actors have received; of all, when none is named.
    ///
    /// # Errors
    /// What contradicts what, in words.
    pub(super) fn judge(&self, actors: &[String]) -> Result<(), Contradiction> {
        let judged = |visit: &Visit| actors.is_empty() || actors.contains(&visit.actor);
        let mut graph = Graph::new(&self.acts, self.phase);
        for (id, visit) in self
            .visits
            .iter()
            .enumerate()
            .filter(|(_, visit)| judged(visit))
        {
            let log = self.align(id, visit)?;
            self.relate(id, visit, &log, &mut graph)?;
        }
        match graph.cycle() {
            Some(cycle) => Err(self.tell(&cycle)),
            None => Ok(()),
        }
    }

    /// Which act each line of a log stands for. A line that could stand for several is left out.
    fn align(&self, id: VisitId, visit: &Visit) -> Result<Vec<usize>, Contradiction> {
        let mut acts: HashMap<&Key, Vec<usize>> = HashMap::new();
        for (at, act) in self
            .acts
            .iter()
            .enumerate()
            .filter(|(_, act)| act.visit != id)
        {
            acts.entry(&act.event).or_default().push(at);
        }
        let mut counts: HashMap<&Key, usize> = HashMap::new();
        for event in &visit.log {
            *counts.entry(event).or_default() += 1;
        }
        let mut met: HashMap<&Key, usize> = HashMap::new();
        let mut aligned = Vec::new();
        for event in &visit.log {
            let Some(candidates) = acts.get(event) else {
                let actor = visit.actor.clone();
                let event = event.excerpt();
                return Err(Contradiction::Uncaused { actor, event });
            };
            let surplus = candidates.len().checked_sub(counts[event]).ok_or_else(|| {
                Contradiction::TooOften {
                    actor: visit.actor.clone(),
                    event: event.excerpt(),
                    received: counts[event],
                    happened: candidates.len(),
                }
            })?;
            let nth = met.entry(event).or_default();
            // A member that is still there has seen the last of them; of one that has left, nobody knows.
            if visit.end.is_none() || surplus == 0 {
                aligned.push(candidates[surplus + *nth]);
            }
            *nth += 1;
        }
        Ok(aligned)
    }

    /// Adds what one member's log says about the order.
    fn relate(
        &self,
        id: VisitId,
        visit: &Visit,
        log: &[usize],
        graph: &mut Graph,
    ) -> Result<(), Contradiction> {
        let Some(joined) = self.acts.iter().position(|act| act.visit == id) else {
            return Ok(());
        };
        let mut previous = joined;
        for at in log {
            graph.arrow(previous, *at, Some(id));
            previous = *at;
        }
        let received: BTreeSet<_> = log.iter().copied().collect();
        let ambiguous = |at: usize| visit.end.is_some() && visit.log.contains(&self.acts[at].event);
        for (at, act) in self
            .acts
            .iter()
            .enumerate()
            .filter(|(_, act)| act.visit != id)
        {
            if received.contains(&at) || ambiguous(at) {
                continue;
            }
            let Some(phase) = act.phase else { continue };
            let during = match visit.end {
                None => phase > visit.joined,
                Some(Ending::Orderly(end)) => phase > visit.joined && phase < end,
                Some(Ending::Cut) => {
                    // What is missing comes after all that was received.
                    if phase > visit.joined {
                        graph.arrow(previous, at, Some(id));
                    }
                    false
                }
            };
            if during {
                let actor = visit.actor.clone();
                let event = act.event.excerpt();
                return Err(Contradiction::NeverReceived { actor, event });
            }
            if visit.end.is_none() {
                graph.arrow(at, joined, Some(id));
            }
        }
        self.relate_list(id, joined, graph)
    }

    /// Checks that the list of members is true (ORDER-4), and adds what the `* here` lines say about the order.
    fn relate_list(
        &self,
        id: VisitId,
        joined: usize,
        graph: &mut Graph,
    ) -> Result<(), Contradiction> {
        let visit = &self.visits[id];
        let mut present = visit.here.clone();
        for event in &visit.log {
            let consistent = match event.kind {
                Kind::Joined => present.insert(event.nickname.clone()),
                Kind::Left => present.remove(&event.nickname),
                Kind::Said => present.contains(&event.nickname),
            };
            if !consistent {
                let (actor, kind) = (visit.actor.clone(), event.kind);
                let event = event.excerpt();
                return Err(match kind {
                    Kind::Joined => Contradiction::AnnouncedTwice { actor, event },
                    Kind::Left | Kind::Said => Contradiction::UnknownMember { actor, event },
                });
            }
        }
        for other in self
            .visits
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != id)
            .map(|(_, other)| other)
        {
            let there = other.joined < visit.joined
                && !matches!(other.end, Some(Ending::Orderly(end)) if end <= visit.joined);
            let both_still_there = other.end.is_none() && visit.end.is_none();
            let here = visit.here.contains(&other.nickname);
            if (there && other.end != Some(Ending::Cut) && !here)
                || (both_still_there && !present.contains(&other.nickname))
            {
                return Err(Contradiction::NotListed {
                    actor: visit.actor.clone(),
                    nickname: other.nickname.clone(),
                });
            }
        }
        for nickname in &visit.here {
            let mut visits = self
                .visits
                .iter()
                .enumerate()
                .filter(|(_, other)| other.nickname == *nickname);
            match (visits.next(), visits.next()) {
                (None, _) => {
                    return Err(Contradiction::ListedWithoutJoining {
                        actor: visit.actor.clone(),
                        nickname: nickname.clone(),
                    });
                }
                (Some((_, other)), None) if matches!(other.end, Some(Ending::Orderly(end)) if end < visit.joined) =>
                {
                    return Err(Contradiction::ListedAfterLeaving {
                        actor: visit.actor.clone(),
                        nickname: nickname.clone(),
                    });
                }
                (Some((other, _)), None) => {
                    let theirs = self.acts.iter().position(|act| act.visit == other);
                    theirs
                        .into_iter()
                        .for_each(|theirs| graph.arrow(theirs, joined, None));
                }
                (Some(_), Some(_)) => {} // one of several visits
            }
        }
        Ok(())
    }

    fn tell(&self, cycle: &[(usize, usize, Option<VisitId>)]) -> Contradiction {
        let excerpt = |at: &usize| self.acts.get(*at).map(|act| act.event.excerpt());
        let observed = cycle.iter().filter_map(|(before, after, witness)| {
            Some(Observation {
                actor: self.visits[(*witness)?].actor.clone(),
                before: excerpt(before)?,
                after: excerpt(after)?,
            })
        });
        Contradiction::NoOrder {
            observations: observed.collect(),
        }
    }
}

#[cfg(test)]
mod tests;
