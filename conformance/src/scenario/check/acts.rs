//! What actors do, and which effects somebody must observe.

use std::ops::Range;

use driver::wire::{ClientLine, SentLines};

use super::state::{Actor, Checked, Effect, State};
use crate::scenario::ast::{Act, ServerAct};
use crate::scenario::counters::Counters;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::presence::Presence;

impl State {
    pub(super) fn act(
        &mut self,
        name: &str,
        act: &Act,
        counters: &Counters,
        span: &Range<usize>,
    ) -> Checked {
        self.can_act(name, act, span)?;
        if matches!(act, Act::Connects | Act::Joins { .. }) {
            // Its messages are counted anew.
            for observer in self.actors.values_mut() {
                observer.seen.remove(name);
            }
        }
        let (seen, concurrent) = (self.messages_observed(), self.concurrent);
        let actor = self.actors.entry(name.to_owned()).or_default();
        match act {
            Act::Connects => {
                *actor = Actor {
                    presence: actor.presence.connect(),
                    ..Actor::default()
                };
            }
            Act::Joins { nickname } => {
                *actor = Actor {
                    presence: actor.presence.connect().welcome(),
                    nickname: nickname
                        .as_ref()
                        .map_or(name.to_owned(), |text| text.text(counters)),
                    seen,
                    ..Actor::default()
                };
            }
            Act::Says(line) => {
                let bytes = [line.bytes(counters), vec![b'\n']].concat();
                return self.sends(name, &bytes, span);
            }
            Act::Sends(bytes) => return self.sends(name, &bytes.bytes(counters), span),
            Act::SendsUntilCutOff(_) | Act::KeepsSending(_) | Act::Stays => {}
            Act::StopsReading => actor.paused = true,
            Act::ResumesReading => actor.paused = false,
            Act::Closes => actor.close(),
            Act::HalfCloses => {
                actor.ends(span);
                actor.presence = actor.presence.leave();
            }
            Act::Resets | Act::HangsUp => {
                if !actor.pending.is_empty() && !concurrent {
                    return Err(Diagnostic::new(
                        span.clone(),
                        format!("{name} ends the connection before everything that it sent has been observed"),
                    )
                    .help("a reset may destroy what the server has not read yet; inside `together` either is lawful"));
                }
                actor.ends(span);
                actor.presence = actor.presence.reset();
            }
        }
        Ok(())
    }

    fn can_act(&self, name: &str, act: &Act, span: &Range<usize>) -> Checked {
        let actor = self.actors.get(name);
        let connected = actor.is_some_and(|actor| actor.presence != Presence::Away);
        match act {
            Act::Connects | Act::Joins { .. } if connected => {
                return Err(
                    Diagnostic::new(span.clone(), format!("{name} is already connected"))
                        .help("an actor can connect again after `closes`, `resets` or `is closed`"),
                );
            }
            Act::Connects | Act::Joins { .. } | Act::SendsUntilCutOff(_) => {}
            _ if !connected => {
                let message = format!("{name} is not connected");
                return Err(Diagnostic::new(span.clone(), message));
            }
            _ => {}
        }
        match act {
            Act::Joins { .. } | Act::Closes | Act::HalfCloses | Act::Resets | Act::HangsUp => {
                self.nothing_pending(Some(name), span)
            }
            _ => Ok(()),
        }
    }

    fn sends(&mut self, name: &str, bytes: &[u8], span: &Range<usize>) -> Checked {
        let Some(actor) = self.actors.get_mut(name) else {
            return Ok(());
        };
        actor.acted = span.clone();
        let mut effects = Vec::new();
        for line in actor.sent.feed(bytes) {
            if actor.presence == Presence::Leaving {
                break; // LEAVE-2: ignored
            }
            effects.push(match ClientLine::parse(&line) {
                ClientLine::Empty => continue,
                ClientLine::Quit(_) => {
                    actor.presence = actor.presence.leave();
                    Effect::Leave
                }
                ClientLine::Text(_) => Effect::Message(line),
                ClientLine::UnknownCommand(_) | ClientLine::Refused(..) => Effect::Answer,
            });
        }
        if effects.is_empty() {
            return Ok(());
        }
        actor.pending.extend(effects);
        self.nothing_pending(Some(name), span)
    }

    /// Two actors have asked at once, and one of them becomes a member.
    pub(super) fn wins(&mut self, winner: &str, loser: &str, span: &Range<usize>) -> Checked {
        let asks = |name: &str| {
            let actor = self.actors.get(name);
            actor.is_some_and(|actor| actor.presence == Presence::Naming)
        };
        let acted = self.unsettled.take();
        let both = |names: &Vec<String>| {
            names
                .iter()
                .all(|name| [winner, loser].contains(&name.as_str()))
        };
        if !(asks(winner) && asks(loser) && acted.is_some_and(|(_, names)| both(&names))) {
            let message = format!("{winner} and {loser} have not asked for a nickname together");
            return Err(Diagnostic::new(span.clone(), message).help(
                "both connect before a `together` block in which only they act, and each sends a nickname there",
            ));
        }
        let seen = self.messages_observed();
        if let Some(winner) = self.actors.get_mut(winner) {
            winner.presence = winner.presence.welcome();
            winner.answered = true;
            winner.seen = seen;
        }
        if let Some(loser) = self.actors.get_mut(loser) {
            loser.acted = span.clone();
            loser.pending.push_back(Effect::Answer);
        }
        Ok(())
    }

    pub(super) fn server(&mut self, act: ServerAct, span: &Range<usize>) -> Checked {
        self.nothing_pending(None, span)?;
        let unknown = |actor: &Actor| actor.presence == Presence::Naming && !actor.answered;
        if let Some((name, _)) = self.actors.iter().find(|(_, actor)| unknown(actor)) {
            let message = format!("the server may not have accepted the connection of {name} yet");
            return Err(Diagnostic::new(span.clone(), message)
                .help(format!("let {name} send a line that is answered")));
        }
        for (name, actor) in &mut self.actors {
            actor.sent = SentLines::default();
            if matches!(act, ServerAct::Interrupted | ServerAct::Terminated) {
                actor.presence = actor.presence.stop_server();
            } else if actor.presence != Presence::Away && !(actor.paused && act == ServerAct::Exits)
            {
                // Who does not read sees the end of its connection only afterwards.
                let message = format!("{name} is still connected");
                return Err(Diagnostic::new(span.clone(), message)
                    .help("list the goodbye and `is closed` for every actor"));
            }
        }
        Ok(())
    }
}

impl Actor {
    /// The actor sends nothing more. If it was a member, others can observe that it leaves.
    fn ends(&mut self, span: &Range<usize>) {
        (self.acted, self.sent) = (span.clone(), SentLines::default());
        if self.presence == Presence::Member {
            self.pending.push_back(Effect::Leave);
        }
    }
}
