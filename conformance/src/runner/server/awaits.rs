//! What must come to actors.

use std::collections::BTreeSet;

use super::actor::{Actor, State, matches, take_first};
use super::blame::Violation;
use super::stage::{Played, Stage, Stop};
use super::wait::{Came, Wanted};
use crate::runner::problem::{Expectation, Problem};
use crate::scenario::{Await, Counters, Who};
use driver::wire::{End, Event};

/// Something must come, to one actor or to several.
pub(super) async fn perform(
    stage: &Stage<'_>,
    who: &Who,
    what: &Await,
    counters: &Counters,
) -> Played {
    let protagonist = stage.protagonist.borrow().clone();
    let actors = match who {
        Who::Actor(actor) => vec![stage.actor(&actor.text(counters))],
        Who::Others => stage.members(|member| member.name != protagonist && member.is_listening()),
    };
    for actor in actors {
        match what {
            Await::Line(text) => {
                let listed = stage.alias.listed(&text.text(counters));
                let text = line(stage, &actor, &listed).await?;
                if text.starts_with("* welcome ") {
                    welcomed(&actor, &text);
                    stage.begin_visit(&actor, stage.nicknames_but(&actor));
                }
            }
            Await::Eventually(text) => {
                let text = stage.alias.listed(&text.text(counters));
                if take_first(&actor.early, |early| *early == text).is_none() {
                    line(stage, &actor, &text).await?;
                    take_first(&actor.floating, |floating| {
                        stage.alias.listed(floating) == text
                    });
                }
            }
            Await::Lines(count) => lines(stage, &actor, *count).await?,
            Await::HereLines => {
                let present = stage.members(|member| member.name != actor.name).len();
                stage.here_lines(&actor, present).await?;
            }
            Await::Closed => closed(stage, &actor).await?,
            Await::Dropped => dropped(stage, &actor).await?,
        }
    }
    Ok(())
}

/// Exactly this line comes next. Gives what came: it may have further words.
pub(super) async fn line(stage: &Stage<'_>, actor: &Actor, listed: &str) -> Played<String> {
    let received = match stage.next(actor, Wanted::Line(listed)).await? {
        Came::Line(received) => received,
        Came::Marker => return Ok(listed.to_owned()),
        Came::End(end) => return Err(stage.ended(actor, Expectation::line(listed), end)),
    };
    match received.text() {
        Some(text) if matches(listed, text) => Ok(text.to_owned()),
        _ => {
            let blame = actor.wrong.get().and_then(Violation::id);
            let (actor, expected) = (actor.name.clone(), Expectation::line(listed));
            Err(Stop {
                blame,
                ..Stop::new(Problem::Different {
                    actor,
                    expected,
                    received,
                })
            })
        }
    }
}

/// The actor is a member from now on.
pub(super) fn welcomed(actor: &Actor, welcome: &str) {
    actor
        .nickname
        .replace(welcome.split(' ').nth(2).unwrap_or_default().to_owned());
    if actor.state.get() == State::Naming {
        actor.state.set(State::Member);
    }
}

impl Stage<'_> {
    /// Exactly so many `* here` lines come next, one for each member, in any order.
    pub(super) async fn here_lines(&self, actor: &Actor, count: usize) -> Played {
        let mut missing = self.nicknames_but(actor);
        let mut here = BTreeSet::new();
        for _ in 0..count {
            let listed = missing.first().map(|nickname| format!("* here {nickname}"));
            let wanted = listed.as_deref().map_or(Wanted::Here, Wanted::Line);
            let came = self.next(actor, wanted).await?;
            let received = match came {
                Came::Line(received) => received,
                Came::Marker => continue,
                Came::End(end) => return Err(self.ended(actor, wanted.expectation(), end)),
            };
            let nickname = received
                .text()
                .and_then(|text| text.strip_prefix("* here "))
                .map(|rest| rest.split(' ').next().unwrap_or_default());
            let nickname = nickname.filter(|nickname| {
                (self.concurrent.get() || missing.contains(*nickname)) && !here.contains(*nickname)
            });
            let Some(nickname) = nickname.map(str::to_owned) else {
                let (actor, expected) = (actor.name.clone(), wanted.expectation());
                return Err(Stop::blaming(
                    Problem::Different {
                        actor,
                        expected,
                        received,
                    },
                    Violation::FalseList,
                ));
            };
            missing.remove(&nickname);
            here.insert(nickname);
        }
        if actor.visit.get().is_none() {
            self.begin_visit(actor, here);
        }
        Ok(())
    }

    fn begin_visit(&self, actor: &Actor, here: BTreeSet<String>) {
        let nickname = actor.nickname.borrow().clone();
        actor.visit.set(Some(self.chronicle.borrow_mut().joined(
            &actor.name,
            &nickname,
            here,
        )));
    }

    fn nicknames_but(&self, actor: &Actor) -> BTreeSet<String> {
        let others = self.members(|member| member.name != actor.name);
        others
            .iter()
            .map(|member| member.nickname.borrow().clone())
            .collect()
    }
}

async fn lines(stage: &Stage<'_>, actor: &Actor, count: usize) -> Played {
    for _ in 0..count {
        match stage.next(actor, Wanted::Event).await? {
            Came::Line(received) => {
                let event = received.text().and_then(Event::parse);
                let by_others =
                    event.is_some_and(|event| event.nickname() != *actor.nickname.borrow());
                if !by_others {
                    return Err(stage.unlisted(actor, received));
                }
            }
            Came::Marker => {}
            Came::End(end) => return Err(stage.ended(actor, Expectation::Event, end)),
        }
    }
    Ok(())
}

/// The server ends the connection in order, and nothing comes before that.
pub(super) async fn closed(stage: &Stage<'_>, actor: &Actor) -> Played {
    match stage.next(actor, Wanted::End).await? {
        Came::Line(received) => return Err(stage.unlisted(actor, received)),
        Came::End(End::Reset) => {
            return Err(Stop::blaming(
                Problem::Reset {
                    actor: actor.name.clone(),
                },
                Violation::Reset,
            ));
        }
        Came::End(End::Fin) | Came::Marker => {}
    }
    actor.visit.set(None);
    if stage.is_cut_off_later(actor) {
        actor.state.set(State::Away);
    } else {
        actor.leaves(State::Away);
    }
    Ok(())
}

/// The member finds a gapless beginning of what it was owed, and then the end.
async fn dropped(stage: &Stage<'_>, actor: &Actor) -> Played {
    actor
        .connection()
        .inspect(|connection| connection.pause(false));
    loop {
        match stage.next(actor, Wanted::End).await? {
            Came::Line(received) if received.text().and_then(Event::parse).is_none() => {
                return Err(stage.unlisted(actor, received));
            }
            Came::Line(_) | Came::Marker => {}
            Came::End(_) => break,
        }
    }
    if let Some(visit) = actor.visit.take() {
        stage.chronicle.borrow_mut().left(visit, true);
    }
    actor.leaves(State::Away);
    stage
        .chronicle
        .borrow()
        .judge(&[])
        .map_err(|contradiction| Stop::new(Problem::Disagreement { contradiction }))
}
