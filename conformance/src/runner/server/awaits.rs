//! Steps in which something must come to an actor.

use std::collections::BTreeSet;

use driver::wire::{End, Event, ServerLine};

use super::abort::{Abort, StepResult};
use super::actor::{Actor, take_first};
use super::awaited::Awaited;
use super::instead;
use super::run::ServerRun;
use super::text_match::matches;
use super::unlisted::{ghost, unlisted};
use super::violation::Violation;
use super::wait::{Arrival, ended, next};
use crate::runner::problem::{Expectation, Problem};
use crate::scenario::presence::Presence;
use crate::scenario::{Await, Counters, Who};

/// Something must come, to one actor or to several.
pub(super) async fn perform(
    run: &ServerRun<'_>,
    who: &Who,
    what: &Await,
    counters: &Counters,
) -> StepResult {
    let last_actor = run.last_actor.borrow().clone();
    let actors = match who {
        Who::Actor(actor) => vec![run.actor(&actor.text(counters))],
        Who::Others => run.members(|member| member.name != last_actor && member.is_listening()),
    };
    for actor in actors {
        match what {
            Await::Line(text) => {
                let listed = run.listed(&text.text(counters));
                if run.tongue.passes_over(&actor, &listed) {
                    continue;
                }
                let text = line(run, &actor, &listed).await;
                let text = text.map_err(|abort| blame_notice(run, &listed, abort))?;
                if matches!(ServerLine::parse(&text), ServerLine::Welcome { .. }) {
                    welcomed(&actor, &text);
                    begin_membership(run, &actor, run.nicknames_but(&actor));
                }
            }
            Await::Eventually(text) => {
                let text = run.listed(&text.text(counters));
                if run.tongue.passes_over(&actor, &text) {
                    take_first(&actor.eventual, |listed| run.listed(listed) == text);
                    continue;
                }
                if take_first(&actor.came_early, |early| *early == text).is_none() {
                    line(run, &actor, &text).await?;
                    take_first(&actor.eventual, |listed| run.listed(listed) == text);
                }
            }
            Await::Perhaps(text) => actor.eventual.borrow_mut().push(text.text(counters)),
            Await::Lines(count) => events(run, &actor, *count).await?,
            Await::HereLines if !run.tongue.has_list() => {}
            Await::HereLines => {
                let present = run.members(|member| member.name != actor.name).len();
                here_lines(run, &actor, present).await?;
            }
            Await::Closed => closed(run, &actor).await?,
            Await::Dropped => dropped(run, &actor).await?,
        }
    }
    Ok(())
}

/// Whoever has joined with all that `joins` demands must be announced, whatever the scenario is about.
fn blame_notice(run: &ServerRun<'_>, listed: &str, abort: Abort) -> Abort {
    let is_joining = matches!(ServerLine::parse(listed), ServerLine::Joined { .. });
    match *abort.problem {
        Problem::Missing { .. } if is_joining && run.has_joined.get() => {
            abort.or_blame(Violation::NotAnnounced)
        }
        _ => abort,
    }
}

/// Exactly this line comes next. Returns the line that came: it may have further words.
pub(super) async fn line(run: &ServerRun<'_>, actor: &Actor, listed: &str) -> StepResult<String> {
    let received = match next(run, actor, Awaited::Line(listed)).await? {
        Arrival::Line(received) => received,
        Arrival::Marker => return Ok(listed.to_owned()),
        Arrival::End(end) => return Err(ended(run, actor, Expectation::line(listed), end)),
    };
    match received.text() {
        Some(text) if matches(listed, text) => {
            if matches!(ServerLine::parse(text), ServerLine::Welcome { .. }) {
                run.until_at_rest().await;
            }
            Ok(text.to_owned())
        }
        _ => {
            let instead = || instead::by_line(run, actor, listed, &received);
            let violation = actor.violation.get().or_else(instead);
            let problem = ghost(actor, &received).unwrap_or_else(|| Problem::Different {
                actor: actor.name.clone(),
                expected: Expectation::line(listed),
                received,
            });
            Err(Abort::blaming(problem, violation))
        }
    }
}

/// The actor is a member from now on. Returns the count of the welcome.
pub(super) fn welcomed(actor: &Actor, welcome: &str) -> Option<usize> {
    actor.change(Presence::welcome);
    let ServerLine::Welcome {
        nickname, count, ..
    } = ServerLine::parse(welcome)
    else {
        return None;
    };
    actor.nickname.replace(nickname.to_owned());
    count
}

/// Exactly so many `* here` lines come next, one for each member, in any order.
pub(super) async fn here_lines(run: &ServerRun<'_>, actor: &Actor, count: usize) -> StepResult {
    let mut missing = run.nicknames_but(actor);
    let mut here = BTreeSet::new();
    for _ in 0..count {
        let listed = missing
            .first()
            .map(|nickname| ServerLine::here(nickname).to_string());
        let awaited = listed.as_deref().map_or(Awaited::Here, Awaited::Line);
        let received = match next(run, actor, awaited).await? {
            Arrival::Line(received) => received,
            Arrival::Marker => continue,
            Arrival::End(end) => return Err(ended(run, actor, awaited.expectation(), end)),
        };
        let nickname = match received.text().map(ServerLine::parse) {
            Some(ServerLine::Here { nickname, .. }) => Some(nickname.to_owned()),
            _ => None,
        };
        let is_expected = |nickname: &String| {
            let may_come = run.concurrent.get() || missing.contains(nickname);
            may_come && !here.contains(nickname)
        };
        let Some(nickname) = nickname.filter(is_expected) else {
            let different = Problem::Different {
                actor: actor.name.clone(),
                expected: awaited.expectation(),
                received,
            };
            return Err(Abort::blaming(different, Violation::FalseList));
        };
        missing.remove(&nickname);
        here.insert(nickname);
    }
    if actor.membership.get().is_none() {
        begin_membership(run, actor, here);
    }
    Ok(())
}

pub(super) fn begin_membership(run: &ServerRun<'_>, actor: &Actor, here: BTreeSet<String>) {
    let nickname = actor.nickname.borrow().clone();
    let mut history = run.history.borrow_mut();
    let membership = history.joined(&actor.name, &nickname, here);
    actor.membership.set(Some(membership));
}

/// So many events of other members come.
async fn events(run: &ServerRun<'_>, actor: &Actor, count: usize) -> StepResult {
    for _ in 0..count {
        match next(run, actor, Awaited::Event).await? {
            Arrival::Line(received) => {
                let text = received.text();
                if !text.is_some_and(|text| actor.is_event_of_others(text)) {
                    return Err(unlisted(actor, received));
                }
            }
            Arrival::Marker => {}
            Arrival::End(end) => return Err(ended(run, actor, Expectation::Event, end)),
        }
    }
    Ok(())
}

/// The server ends the connection in order, and nothing comes before that.
pub(super) async fn closed(run: &ServerRun<'_>, actor: &Actor) -> StepResult {
    let mut arrival = next(run, actor, Awaited::End).await?;
    let owes_goodbye = run.tongue.owes_goodbye(actor);
    if matches!(&arrival, Arrival::Line(line) if !owes_goodbye && line.text() == Some("<quit>")) {
        arrival = next(run, actor, Awaited::End).await?;
    }
    match arrival {
        Arrival::Line(received) => {
            let is_event = received.text().and_then(Event::parse).is_some();
            let is_at_the_end = is_event && run.server.is_stopping.get();
            let abort = unlisted(actor, received);
            return Err(if is_at_the_end {
                abort.blame(Violation::EventAtTheEnd)
            } else {
                abort
            });
        }
        Arrival::End(End::Reset) if owes_goodbye || run.tongue.ends_in_order() => {
            let actor = actor.name.clone();
            return Err(Abort::blaming(Problem::Reset { actor }, Violation::Reset));
        }
        Arrival::End(_) | Arrival::Marker => {}
    }
    actor.membership.set(None);
    if run.script.staying.contains(&actor.name) {
        actor.change(Presence::close);
    } else {
        actor.disconnect();
    }
    Ok(())
}

/// The member receives a gapless beginning of what it was owed, and then the end. Where it is leaving, the server's system may
/// have taken all of it, and the goodbye.
async fn dropped(run: &ServerRun<'_>, actor: &Actor) -> StepResult {
    actor.pause(false);
    let is_leaving =
        (actor.membership.get()).is_some_and(|id| run.history.borrow().is_owed_all(id));
    let mut is_whole = false;
    loop {
        match next(run, actor, Awaited::End).await? {
            Arrival::Line(received) => {
                let text = received.text();
                if is_leaving && !is_whole && text == Some("<quit>") {
                    is_whole = true;
                } else if text == Some("<quit>") {
                    return Err(unlisted(actor, received).blame(Violation::GoodbyeAtDrop));
                } else if is_whole || text.and_then(Event::parse).is_none() {
                    return Err(unlisted(actor, received));
                }
            }
            Arrival::Marker => {}
            Arrival::End(_) => break,
        }
    }
    let mut history = run.history.borrow_mut();
    if let Some(membership) = actor.membership.take()
        && !is_whole
    {
        history.dropped(membership);
    }
    actor.disconnect();
    let judged = history.judge(&[], run.tongue.has_list());
    judged.map_err(|contradiction| Abort::new(Problem::Disagreement { contradiction }))
}
