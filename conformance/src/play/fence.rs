//! Fences: what has not come before a marker that travels the same way does not come at all.
//!
//! A server processes the lines of one connection in order, and sends everything on a connection in one sequence
//! (ORDER-2, ORDER-3). So when a marker has arrived, everything that its sender caused before has arrived too.

use std::rc::Rc;

use super::actor::{Actor, Marker, State, matches};
use super::awaits;
use super::stage::{Played, Stage};
use super::wait::{Came, Wanted};
use crate::wire::{Event, Received};

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

    async fn await_marker(
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
                Came::End(end) => return Err(self.ended(actor, line, end)),
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
            Came::End(end) => return Err(self.ended(actor, &welcome, end)),
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

    /// Sends a marker that must reach the actor after what it waits for. The number is of no use where there is no such way.
    pub(super) async fn send_probe(&self, actor: &Actor, wanted: Wanted<'_>) -> usize {
        let (number, text) = self.next_marker();
        match wanted {
            Wanted::End => {}
            Wanted::Event => {
                // Only when everybody's marker has come has everything come.
                let senders =
                    self.members(|member| member.name != actor.name && !member.is_mid_line());
                for (nth, sender) in senders.iter().enumerate() {
                    let number = if nth + 1 == senders.len() {
                        number
                    } else {
                        self.next_marker().0
                    };
                    self.probe_from(sender, number, &text).await;
                }
            }
            Wanted::Line(line) | Wanted::Marker(_, line) => match Event::parse(line) {
                Some(Event::Said(nickname, _) | Event::Joined(nickname)) => {
                    let senders = self.members(|member| {
                        *member.nickname.borrow() == nickname && !member.is_mid_line()
                    });
                    if let Some(sender) = senders.iter().find(|sender| sender.name != actor.name) {
                        self.probe_from(sender, number, &text).await;
                    }
                }
                Some(Event::Left(nickname)) => {
                    // The place of `* left` in the order is certain once the connection has ended (LEAVE-6).
                    let ended = self.actors.borrow().values().any(|gone| {
                        gone.state.get() == State::Away && *gone.nickname.borrow() == nickname
                    });
                    let senders =
                        self.members(|member| member.name != actor.name && !member.is_mid_line());
                    if let (true, Some(sender)) = (ended, senders.first()) {
                        self.probe_from(sender, number, &text).await;
                    }
                }
                None if line == "<quit>" || actor.is_mid_line() => {}
                None => self.probe_reply(actor, number, line).await,
            },
        }
        number
    }

    async fn probe_from(&self, sender: &Rc<Actor>, number: usize, text: &str) {
        let line = format!("{}: {text}", sender.nickname.borrow());
        for member in self.members(|member| member.name != sender.name) {
            member.markers.borrow_mut().push(Marker {
                line: line.clone(),
                number,
            });
        }
        // If the server takes nothing, nothing comes either, and the waiting tells.
        let _ = self.send(sender, format!("{text}\n").as_bytes()).await;
    }

    /// A line that is refused: its error comes after the reply to every line before it.
    async fn probe_reply(&self, actor: &Actor, number: usize, expected: &str) {
        let (bytes, reply) = if expected.starts_with("! unknown-command") {
            (b"\x07\n".to_vec(), "! control-character")
        } else {
            (
                format!("<marker-{number}>\n").into_bytes(),
                "! unknown-command",
            )
        };
        actor.markers.borrow_mut().push(Marker {
            line: reply.to_owned(),
            number,
        });
        // A server that knows no commands passes it on.
        let passed_on = format!("{}: <marker-{number}>", actor.nickname.borrow());
        for member in self.members(|member| member.name != actor.name) {
            member.markers.borrow_mut().push(Marker {
                line: passed_on.clone(),
                number,
            });
        }
        let _ = self.send(actor, &bytes).await;
    }

    fn next_marker(&self) -> (usize, String) {
        self.markers.set(self.markers.get() + 1);
        (
            self.markers.get(),
            format!("~marker {}~", self.markers.get()),
        )
    }
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
