//! What actors receive, and what is settled by it.

use std::collections::BTreeMap;

use super::{Actor, Check, Deed, State};
use crate::scenario::{Await, Counters};

impl Check {
    pub(super) fn observe(&mut self, observer: &str, what: &Await, counters: &Counters) {
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

    pub(super) fn settle_all(&mut self) {
        for actor in self.actors.values_mut() {
            actor.pending.clear();
            if actor.state == State::Reset {
                actor.state = State::Away;
            }
        }
    }

    pub(super) fn messages_observed(&self) -> BTreeMap<String, usize> {
        self.actors
            .iter()
            .map(|(name, actor)| (name.clone(), actor.observed))
            .collect()
    }
}
