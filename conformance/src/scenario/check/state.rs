//! What the checker knows at one point of a scenario.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use driver::wire::SentLines;

use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::presence::Presence;

pub(super) type Checked = Result<(), Diagnostic>;

#[derive(Default)]
pub(super) struct State {
    pub(super) actors: BTreeMap<String, Actor>,
    /// A `together` block in which several actors acted, and their names, until they agree.
    pub(super) unsettled: Option<(Range<usize>, Vec<String>)>,
    /// The current step is inside such a block.
    pub(super) concurrent: bool,
}

#[derive(Default)]
pub(super) struct Actor {
    pub(super) presence: Presence,
    pub(super) nickname: String,
    /// The effects of its acts that nobody has observed yet.
    pub(super) pending: VecDeque<Effect>,
    /// The place of its last act.
    pub(super) acted: Range<usize>,
    pub(super) sent: SentLines,
    /// It has stopped reading, so the server may drop it.
    pub(super) paused: bool,
    /// The server has sent it something, and so has accepted the connection.
    pub(super) answered: bool,
    /// How many of its messages the fastest observer has seen.
    pub(super) observed: usize,
    /// How many messages of each other actor it has seen.
    pub(super) seen: BTreeMap<String, usize>,
}

/// An effect of an act that somebody can observe.
pub(super) enum Effect {
    /// A message for the other members.
    Message(Vec<u8>),
    /// An answer to the actor: a refusal or a welcome.
    Answer,
    /// The end of its membership.
    Leave,
}

impl State {
    /// Checks that every effect of the other actors' acts has been observed.
    pub(super) fn nothing_pending(&self, but: Option<&str>, span: &Range<usize>) -> Checked {
        if self.concurrent {
            return Ok(());
        }
        if self.unsettled.is_some() {
            return Err(Diagnostic::new(
                span.clone(),
                "several actors have acted together, and have not agreed yet",
            )
            .help("put `everyone agrees` before this step"));
        }
        let pending = self
            .actors
            .iter()
            .find(|(name, actor)| !actor.pending.is_empty() && Some(name.as_str()) != but);
        match pending {
            Some((name, actor)) => Err(Diagnostic::new(
                span.clone(),
                format!("this step may happen before or after the last act of {name}, which nobody has observed yet"),
            )
            .related(actor.acted.clone(), format!("the last act of {name}"))
            .help("list what the others receive of it before this step, or use `together`")),
            None => Ok(()),
        }
    }

    /// Everything that any actor did has been observed, by everybody.
    pub(super) fn settle_all(&mut self) {
        for actor in self.actors.values_mut() {
            actor.pending.clear();
            actor.presence = actor.presence.settle();
            actor.observed = 0;
            actor.seen.clear();
        }
    }

    /// The number of messages of each actor that somebody has observed.
    pub(super) fn messages_observed(&self) -> BTreeMap<String, usize> {
        self.actors
            .iter()
            .map(|(name, actor)| (name.clone(), actor.observed))
            .collect()
    }
}

impl Actor {
    /// The connection has ended.
    pub(super) fn close(&mut self) {
        *self = Self {
            presence: self.presence.close(),
            ..Self::default()
        };
    }
}
