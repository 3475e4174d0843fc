//! Fences: what has not come before a marker that travels the same way does not come at all.
//!
//! A server processes the lines of one connection in order, and sends everything on a connection in one sequence
//! (ORDER-2, ORDER-3). So when a marker has arrived, everything that its sender caused before has arrived too.

use std::rc::Rc;

use super::actor::{Actor, Marker, State, matches};
use super::awaits;
use super::blame::Violation;
use super::stage::{Played, Stage, Stop};
use super::wait::{Came, Wanted};
use crate::runner::problem::{Expectation, Problem};
use driver::wire::{Event, Received};

/// How the members that belong to the harness are called.
pub(super) const FENCE: &str = "fence";

/// How strict a fence is about the lines before the marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    /// Nothing may come.
    Silence,
    /// Events may come; the chronicle judges them.
    Events,
}

impl Stage<'_> {
    /// Proves the silence after the last step: for the members, and for those who are still naming.
    pub(super) async fn last_fence(&self) -> Played {
        self.fence(Strictness::Silence).await?;
        let naming: Vec<_> = self
            .actors
            .borrow()
            .values()
            .filter(|actor| actor.state.get() == State::Naming)
            .cloned()
            .collect();
        for actor in naming {
            self.fence_naming(&actor).await?;
        }
        Ok(())
    }

    /// Each member in turn sends a marker, which must reach every other member next.
    pub(super) async fn fence(&self, strictness: Strictness) -> Played {
        let members = self.members(|actor| !actor.is_mid_line());
        let listeners = self.members(Actor::is_listening);
        match members.as_slice() {
            [] => Ok(()),
            [only] => self.fence_alone(only, strictness).await,
            [first, ..] => {
                for sender in members.iter().chain([first]) {
                    self.fence_from(sender, &listeners, strictness).await?;
                }
                Ok(())
            }
        }
    }

    async fn fence_from(
        &self,
        sender: &Rc<Actor>,
        listeners: &[Rc<Actor>],
        strictness: Strictness,
    ) -> Played {
        let (number, text) = self.next_marker();
        let line = format!("{}: {text}", sender.nickname.borrow());
        self.send(sender, format!("{text}\n").as_bytes()).await?;
        for listener in listeners
            .iter()
            .filter(|listener| listener.name != sender.name)
        {
            listener.markers.borrow_mut().push(Marker {
                line: line.clone(),
                number,
            });
        }
        for listener in listeners
            .iter()
            .filter(|listener| listener.name != sender.name)
        {
            self.await_marker(listener, number, &line, strictness)
                .await?;
        }
        Ok(())
    }

    /// Waits for a marker. A fence that does not come shows what every scenario relies on.
    async fn await_marker(
        &self,
        actor: &Actor,
        number: usize,
        line: &str,
        strictness: Strictness,
    ) -> Played {
        let relied_on = match Event::parse(line) {
            Some(Event::Joined(_)) => Violation::NotAnnounced,
            Some(Event::Left(_)) => Violation::LeftTwice,
            _ => Violation::NotHeard,
        };
        let awaited = self.marker(actor, number, line, strictness).await;
        awaited.map_err(|stop| match *stop.problem {
            Problem::Missing { .. } => Stop {
                blame: stop.blame.or_else(|| relied_on.id()),
                ..stop
            },
            _ => stop,
        })
    }

    async fn marker(
        &self,
        actor: &Actor,
        number: usize,
        line: &str,
        strictness: Strictness,
    ) -> Played {
        loop {
            match self.next(actor, Wanted::Marker(number, line)).await? {
                Came::Marker => return Ok(()),
                Came::Line(received)
                    if strictness == Strictness::Events && is_event_of_others(actor, &received) => {
                }
                Came::Line(received) => return Err(self.unlisted(actor, received)),
                Came::End(end) => return Err(self.ended(actor, Expectation::line(line), end)),
            }
        }
    }

    /// A room of one gets a second member for the fence. What that one hears does not matter.
    async fn fence_alone(&self, only: &Rc<Actor>, strictness: Strictness) -> Played {
        let (extra, nickname) = self.extra().await?;
        for notice in ["* joined ", "* left "] {
            let line = format!("{notice}{nickname}");
            let (number, _) = self.next_marker();
            only.markers.borrow_mut().push(Marker {
                line: line.clone(),
                number,
            });
            if notice == "* left " {
                self.send(&extra, b"<quit>\n").await?;
            }
            self.await_marker(only, number, &line, strictness).await?;
            if notice == "* joined " {
                self.fence_pair(only, &extra, strictness).await?;
            }
        }
        Ok(())
    }

    /// A member that belongs to the harness, and its nickname.
    async fn extra(&self) -> Played<(Rc<Actor>, String)> {
        let extra = Rc::new(Actor::new(FENCE, Rc::clone(&self.alias)));
        self.connect(&extra).await?;
        let nickname = self.alias.nickname(FENCE);
        extra.nickname.borrow_mut().clone_from(&nickname);
        extra.state.set(State::Member);
        self.send(&extra, format!("{nickname}\n").as_bytes())
            .await?;
        Ok((extra, nickname))
    }

    /// Two rounds of markers between a member and the extra one.
    async fn fence_pair(
        &self,
        only: &Rc<Actor>,
        extra: &Rc<Actor>,
        strictness: Strictness,
    ) -> Played {
        for _ in 0..2 {
            self.fence_from(extra, std::slice::from_ref(only), strictness)
                .await?;
            let (_, text) = self.next_marker();
            self.send(only, format!("{text}\n").as_bytes()).await?;
            let heard = format!("{}: {text}", only.nickname.borrow());
            while !matches!(self.next(extra, Wanted::Event).await?, Came::End(_)) {
                if *extra.last.borrow() == heard {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Meets who is already in the room of a server that is running, so that they are not counted.
    pub(super) async fn meet_strangers(&self) -> Played {
        if self.alias.is_plain() {
            return Ok(());
        }
        let (extra, nickname) = self.extra().await?;
        let welcome = format!("* welcome {nickname}");
        let text = awaits::line(self, &extra, &welcome).await?;
        let count = text
            .split(' ')
            .nth(3)
            .and_then(|count| count.parse().ok())
            .unwrap_or(0);
        for _ in 0..count {
            let text = awaits::line(self, &extra, "* here").await?;
            self.alias.meet(text.split(' ').nth(2).unwrap_or_default());
        }
        extra.state.set(State::Leaving);
        self.send(&extra, b"<quit>\n").await?;
        while !matches!(self.next(&extra, Wanted::End).await?, Came::End(_)) {}
        Ok(())
    }

    /// A connection in naming takes a nickname: its next line must be the welcome, or the room is full.
    async fn fence_naming(&self, actor: &Rc<Actor>) -> Played {
        const GUARANTEED_SEATS: usize = 5;
        let present = self.members(|_| true).len() + self.alias.strangers();
        let nickname = self.alias.nickname(&format!("{FENCE}-{}", actor.name));
        self.send(actor, format!("{nickname}\n").as_bytes()).await?;
        let welcome = format!("* welcome {nickname} {present}");
        match self.next(actor, Wanted::Line(&welcome)).await? {
            Came::Line(line) if line.text().is_some_and(|text| matches(&welcome, text)) => {}
            Came::Line(line)
                if present >= GUARANTEED_SEATS
                    && line.text().is_some_and(|text| matches("! room-full", text)) =>
            {
                drop(actor.leaves(State::Away));
                return Ok(());
            }
            Came::Line(received) => return Err(self.unlisted(actor, received)),
            Came::End(end) => return Err(self.ended(actor, Expectation::line(welcome), end)),
            Came::Marker => {}
        }
        *actor.nickname.borrow_mut() = nickname.clone();
        actor.state.set(State::Member);
        self.here_lines(actor, present - self.alias.strangers())
            .await?;
        let announced = format!("* joined {nickname}");
        for member in self.members(|member| member.name != actor.name && member.is_listening()) {
            let (number, _) = self.next_marker();
            member.markers.borrow_mut().push(Marker {
                line: announced.clone(),
                number,
            });
            self.await_marker(&member, number, &announced, Strictness::Silence)
                .await?;
        }
        Ok(())
    }

    /// Sends markers that must reach the actor after what it waits for; none where there is no such way.
    pub(super) async fn send_probe(&self, actor: &Actor, wanted: Wanted<'_>) -> Vec<usize> {
        let speakers = |condition: &dyn Fn(&Actor) -> bool| {
            self.members(|member| {
                member.name != actor.name && !member.is_mid_line() && condition(member)
            })
        };
        let senders = match wanted {
            Wanted::End => Vec::new(),
            // Lines of different clients may be processed in any order: only when everybody's marker has come has
            // everything come.
            Wanted::Event | Wanted::Here => speakers(&|_| true),
            Wanted::Line(line) | Wanted::Marker(_, line) => match Event::parse(line) {
                Some(Event::Said(nickname, _) | Event::Joined(nickname)) => {
                    speakers(&|member| *member.nickname.borrow() == nickname)
                }
                // The place of `* left` in the order is certain once the connection has ended (LEAVE-6).
                Some(Event::Left(nickname)) if self.has_ended(nickname) => speakers(&|_| true),
                Some(Event::Left(_)) => Vec::new(),
                None if line == "<quit>" || actor.is_mid_line() => Vec::new(),
                None => return self.probe_reply(actor).await,
            },
        };
        let mut numbers = Vec::new();
        for sender in senders {
            let (number, text) = self.next_marker();
            let line = format!("{}: {text}", sender.nickname.borrow());
            for member in self.members(|member| member.name != sender.name) {
                let line = line.clone();
                member.markers.borrow_mut().push(Marker { line, number });
            }
            // If the server takes nothing, nothing comes either, and the waiting tells.
            let _ = self.send(&sender, format!("{text}\n").as_bytes()).await;
            numbers.push(number);
        }
        numbers
    }

    fn has_ended(&self, nickname: &str) -> bool {
        let actors = self.actors.borrow();
        let mut gone = actors
            .values()
            .filter(|actor| actor.state.get() == State::Away);
        gone.any(|actor| *actor.nickname.borrow() == nickname)
    }

    /// A line that is refused: its error comes after the reply to every line before it. It must be an error that no
    /// later step of the actor lists, or the one could be taken for the other.
    async fn probe_reply(&self, actor: &Actor) -> Vec<usize> {
        let (number, _) = self.next_marker();
        let probes: [(&str, &[u8]); 3] = [
            ("! unknown-command", PROBE),
            ("! control-character", b"\x07\n"),
            ("! not-utf8", b"\xFF\n"),
        ];
        let unlisted = probes
            .into_iter()
            .find(|(reply, _)| !self.is_listed_later(actor, reply));
        let Some((reply, bytes)) = unlisted else {
            return Vec::new();
        };
        let line = reply.to_owned();
        actor.markers.borrow_mut().push(Marker { line, number });
        let _ = self.send(actor, bytes).await;
        vec![number]
    }

    fn next_marker(&self) -> (usize, String) {
        self.markers.set(self.markers.get() + 1);
        (
            self.markers.get(),
            format!("~marker {}~", self.markers.get()),
        )
    }
}

/// A command that no server knows. One that knows no commands passes it on to the others, where it does not count.
const PROBE: &[u8] = b"<marker>\n";

/// Whether a line is a probe that was passed on.
pub(super) fn is_probe(line: &str) -> bool {
    matches!(Event::parse(line), Some(Event::Said(_, "<marker>")))
}

/// An event that the harness has caused, not the scenario.
pub(super) fn is_own(event: &Event<'_>) -> bool {
    let nickname = event.nickname();
    nickname.starts_with(FENCE)
        || matches!(event, Event::Said(_, text) if text.starts_with("~marker "))
}

fn is_event_of_others(actor: &Actor, received: &Received) -> bool {
    let event = received.text().and_then(Event::parse);
    event.is_some_and(|event| event.nickname() != *actor.nickname.borrow())
}
