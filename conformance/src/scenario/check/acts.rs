//! What actors do, and what of it somebody must observe.

use std::ops::Range;

use super::{Actor, Check, Checked, Deed};
use crate::scenario::presence::Presence;
use crate::scenario::{Act, Counters, Diagnostic, ServerAct};
use driver::wire::{ClientLine, SentLines};

impl Check {
    pub(super) fn act(
        &mut self,
        name: &str,
        act: &Act,
        counters: &Counters,
        span: &Range<usize>,
    ) -> Checked {
        let connected = self
            .actors
            .get(name)
            .is_some_and(|actor| actor.presence != Presence::Away);
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
                    presence: Presence::Naming,
                    ..Actor::default()
                }
            }
            Act::Joins { nickname } => {
                let nickname = nickname
                    .as_ref()
                    .map_or(name.to_owned(), |text| text.text(counters));
                *actor = Actor {
                    presence: Presence::Member,
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
                if actor.presence == Presence::Member {
                    actor.pending.push_back(Deed::Leaves);
                }
                actor.presence = actor.presence.leave();
                (actor.acted, actor.unfinished) = (span.clone(), SentLines::default());
            }
            Act::Resets => {
                if !actor.pending.is_empty() {
                    return Err(Diagnostic::new(
                        span.clone(),
                        format!("{name} resets before all that it sent has been observed"),
                    )
                    .help("a reset may destroy what the server has not read yet"));
                }
                (actor.acted, actor.unfinished) = (span.clone(), SentLines::default());
                if actor.presence == Presence::Member {
                    actor.pending.push_back(Deed::Leaves);
                }
                actor.presence = actor.presence.reset();
            }
        }
        Ok(())
    }

    fn sends(&mut self, name: &str, bytes: &[u8], span: &Range<usize>) -> Checked {
        let Some(actor) = self.actors.get_mut(name) else {
            return Ok(());
        };
        actor.acted = span.clone();
        let mut deeds = Vec::new();
        for line in actor.unfinished.feed(bytes) {
            if actor.presence == Presence::Leaving {
                break; // LEAVE-2: ignored
            }
            deeds.push(match ClientLine::parse(&line) {
                ClientLine::Empty => continue,
                ClientLine::Quit(_) => {
                    actor.presence = actor.presence.leave();
                    Deed::Leaves
                }
                ClientLine::Text(_) => Deed::Message(line),
                ClientLine::UnknownCommand(_) | ClientLine::Refused(..) => Deed::Answered,
            });
        }
        if deeds.is_empty() {
            return Ok(());
        }
        actor.pending.extend(deeds);
        self.nothing_pending(Some(name), span)
    }

    pub(super) fn server(&mut self, act: ServerAct, span: &Range<usize>) -> Checked {
        self.nothing_pending(None, span)?;
        let unknown = |actor: &Actor| actor.presence == Presence::Naming && !actor.answered;
        if let Some((name, _)) = self.actors.iter().find(|(_, actor)| unknown(actor)) {
            let message = format!("the server may not have accepted {name}'s connection yet");
            return Err(Diagnostic::new(span.clone(), message)
                .help(format!("let {name} send a line that is answered")));
        }
        for actor in self.actors.values_mut() {
            actor.unfinished = SentLines::default();
            if matches!(act, ServerAct::Interrupted | ServerAct::Terminated) {
                actor.presence = actor.presence.stop_server();
            } else if actor.presence != Presence::Away {
                let message = format!("{} is still connected", actor.nickname);
                return Err(Diagnostic::new(span.clone(), message)
                    .help("list the goodbye, and `is closed`, for every actor"));
            }
        }
        Ok(())
    }
}
