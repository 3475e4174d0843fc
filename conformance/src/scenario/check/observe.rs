//! What actors receive, and which effects that settles.

use driver::wire::ServerLine;

use super::state::{Actor, Effect, State};
use crate::scenario::ast::Await;
use crate::scenario::counters::Counters;
use crate::scenario::presence::Presence;

impl State {
    pub(super) fn observe(&mut self, observer: &str, what: &Await, counters: &Counters) {
        match what {
            Await::Line(line) | Await::Eventually(line) | Await::Perhaps(line) => {
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
                    actor.close();
                }
            }
        }
    }

    fn observe_line(&mut self, observer: &str, line: &str) {
        let seen = self.messages_observed();
        let Some(observing) = self.actors.get_mut(observer) else {
            return;
        };
        observing.answered = true;
        match ServerLine::parse(line) {
            ServerLine::Error { .. } => observing.observe_refusal(),
            ServerLine::Welcome { nickname, .. } => {
                nickname.clone_into(&mut observing.nickname);
                observing.pending.pop_front();
                observing.seen = seen;
                observing.presence = observing.presence.welcome();
            }
            ServerLine::Left { nickname, .. } => self.observe_left(nickname),
            ServerLine::Joined { nickname, .. } => self.observe_joined(nickname),
            ServerLine::Message { nickname, text } => {
                self.observe_message(observer, nickname, text);
            }
            _ => {}
        }
    }

    fn observe_left(&mut self, nickname: &str) {
        let gone = self.actors.values_mut().find(|actor| {
            let leaves = matches!(actor.presence, Presence::Leaving | Presence::Reset);
            // A member that the server drops leaves without an act of its own.
            actor.nickname == nickname && (leaves || actor.paused)
        });
        if let Some(actor) = gone {
            actor.pending.clear();
            actor.presence = actor.presence.observe_left();
            actor.nickname.clear();
        }
    }

    fn observe_joined(&mut self, nickname: &str) {
        let joined = self
            .actors
            .values_mut()
            .find(|actor| actor.presence == Presence::Naming && !actor.pending.is_empty());
        if let Some(actor) = joined {
            actor.pending.pop_front();
            nickname.clone_into(&mut actor.nickname);
        }
    }

    fn observe_message(&mut self, observer: &str, nickname: &str, text: &str) {
        let speaker = self
            .actors
            .iter()
            .find(|(_, actor)| actor.nickname == nickname);
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
            // The lines of one connection are processed in order (ORDER-2): everything before this one is settled too.
            let said = speaker.pending.iter().position(
                |effect| matches!(effect, Effect::Message(message) if message == text.as_bytes()),
            );
            speaker.pending.drain(..said.map_or(0, |at| at + 1));
        }
    }
}

impl Actor {
    fn observe_refusal(&mut self) {
        let naming = self.presence == Presence::Naming;
        let refused = self
            .pending
            .iter()
            .position(|effect| naming || matches!(effect, Effect::Answer));
        // The lines of one connection are processed in order (ORDER-2): everything before this one is settled too.
        self.pending.drain(..refused.map_or(0, |at| at + 1));
    }
}
