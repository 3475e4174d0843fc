//! Who did what, who received what, and whether one order of events explains it all (ORDER-1, ORDER-4).
//!
//! Every event is a node of a graph. An arrow means "before": because one member received the two in that order, because
//! one was over before the other began, or because a member that never received an event must have joined after it. The
//! logs of a correct server leave no cycle.
//!
//! - `record`: what is recorded
//! - `align`: which event each received line stands for
//! - `order`, `members`: what a member's log, and its list of members, say
//! - `graph`: the arrows, and the search for a cycle

mod align;
mod graph;
mod members;
mod order;
mod record;

use std::collections::BTreeSet;

use driver::wire::Event;

use self::graph::{Arrow, Graph};
use self::record::{Caused, Ending, EventKey, Membership, Record};
use crate::runner::problem::{Contradiction, Observation};

pub(super) use self::record::MembershipId;

/// What was caused and received so far.
#[derive(Debug, Default)]
pub(super) struct History(Record);

impl History {
    /// Whatever comes now comes after everything so far.
    pub(super) fn next_phase(&mut self) {
        self.0.phase += 1;
    }

    /// A member has been welcomed, and the `* here` lines named these members.
    pub(super) fn joined(
        &mut self,
        actor: &str,
        nickname: &str,
        here: BTreeSet<String>,
    ) -> MembershipId {
        let id = self.0.memberships.len();
        let phase = self.0.phase;
        self.caused(Event::Joined(nickname), id, Some(phase));
        self.0.memberships.push(Membership {
            actor: actor.to_owned(),
            nickname: nickname.to_owned(),
            joined: phase,
            here,
            received: Vec::new(),
            end: None,
            lossy: None,
        });
        id
    }

    /// A member has sent a line that is a message.
    pub(super) fn said(&mut self, id: MembershipId, text: &str) {
        let nickname = self.0.memberships[id].nickname.clone();
        self.caused(Event::Said(&nickname, text), id, Some(self.0.phase));
    }

    /// A member leaves, or has been dropped. Only the first call for a membership counts.
    pub(super) fn left(&mut self, id: MembershipId, is_dropped: bool) {
        let phase = self.0.phase;
        let membership = &mut self.0.memberships[id];
        if membership.end.is_some() {
            return;
        }
        membership.end = Some(if is_dropped {
            Ending::Cut
        } else {
            Ending::Orderly(phase)
        });
        let nickname = membership.nickname.clone();
        self.caused(Event::Left(&nickname), id, (!is_dropped).then_some(phase));
    }

    /// How many memberships there were and are.
    pub(super) fn memberships(&self) -> usize {
        self.0.memberships.len()
    }

    /// Whether a member with this nickname has left, in any case of its letters.
    pub(super) fn has_left(&self, nickname: &str) -> bool {
        let mut all = self.0.memberships.iter();
        let is_it = |it: &Membership| it.nickname.eq_ignore_ascii_case(nickname);
        let mut same = all.by_ref().filter(|it| is_it(it)).peekable();
        same.peek().is_some() && same.all(|it| it.end.is_some())
    }

    /// A member has reset its connection, or closed it without reading on. What it said in the same phase may be lost if
    /// nobody has observed it before: `is_unobserved`.
    pub(super) fn broken_off(&mut self, id: MembershipId, is_unobserved: bool) {
        self.left(id, false);
        let phase = self.0.phase;
        let membership = &mut self.0.memberships[id];
        membership.end = Some(Ending::Cut);
        membership.lossy = is_unobserved.then_some(phase);
    }

    /// The server has dropped a member, perhaps one that was leaving already.
    pub(super) fn dropped(&mut self, id: MembershipId) {
        self.left(id, true);
        self.0.memberships[id].end = Some(Ending::Cut);
    }

    /// Whether a member has left by itself, or at the shutdown, and is owed everything before that.
    pub(super) fn is_owed_all(&self, id: MembershipId) -> bool {
        matches!(self.0.memberships[id].end, Some(Ending::Orderly(_)))
    }

    /// A member has received an event.
    pub(super) fn received(&mut self, id: MembershipId, event: Event<'_>) {
        let received = &mut self.0.memberships[id].received;
        received.push(EventKey::of(event));
    }

    /// Whether one order explains what these actors have received; all of them when none is named. `has_lists`: newcomers are told
    /// who is there.
    ///
    /// # Errors
    /// What contradicts what.
    pub(super) fn judge(&self, actors: &[String], has_lists: bool) -> Result<(), Contradiction> {
        let record = &self.0;
        let mut graph = Graph::new(&record.caused, record.phase);
        for (id, membership) in record.memberships.iter().enumerate() {
            if actors.is_empty() || actors.contains(&membership.actor) {
                let log = align::align(record, id)?;
                order::add_log(record, id, &log, &mut graph)?;
                if has_lists {
                    members::check_list(record, id, &mut graph)?;
                }
            }
        }
        match graph.cycle() {
            Some(cycle) => Err(self.no_order(&cycle)),
            None => Ok(()),
        }
    }

    fn caused(&mut self, event: Event<'_>, membership: MembershipId, phase: Option<usize>) {
        let event = EventKey::of(event);
        self.0.caused.push(Caused {
            event,
            membership,
            phase,
        });
    }

    /// The contradiction of a cycle: what one member received, or what follows from the scenario, makes one observation.
    fn no_order(&self, cycle: &[Arrow]) -> Contradiction {
        let mut parts: Vec<Arrow> = Vec::new();
        for arrow in cycle {
            match parts.last_mut() {
                Some(last) if last.witness == arrow.witness => last.after = arrow.after,
                _ => parts.push(*arrow),
            }
        }
        // The cycle may begin in the middle of an observation.
        if let [first, .., last] = parts.as_mut_slice()
            && first.witness == last.witness
        {
            first.before = last.before;
            parts.pop();
        }
        let excerpt = |index: usize| Some(self.0.caused.get(index)?.event.excerpt());
        let observations = parts.iter().filter_map(|part| {
            Some(Observation {
                actor: part.witness.map(|id| self.0.memberships[id].actor.clone()),
                before: excerpt(part.before)?,
                after: excerpt(part.after)?,
            })
        });
        Contradiction::NoOrder {
            observations: observations.collect(),
        }
    }
}

#[cfg(test)]
mod tests;
