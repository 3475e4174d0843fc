//! Fences: how silence is proven.
//!
//! A transcript is complete, so after the last step nothing more may come. Waiting would prove nothing: a slow server
//! sends its surplus line later. Instead each member in turn sends a *marker*, a message that no scenario uses, and the
//! marker must be the very next line of every other member. A server processes the lines of one connection in order and
//! sends everything to a connection in one sequence (ORDER-2, ORDER-3), so whatever the sender caused before has come
//! before its marker. Connections that are still naming take a nickname: their next line must be the welcome.
//!
//! A server that is slow but correct never fails this. If there is only one member, the suite adds a temporary second one.

use std::rc::Rc;

use driver::wire::{ErrorCode, Event, Received, ServerLine};

use super::abort::{Abort, StepResult};
use super::actor::Actor;
use super::awaited::Awaited;
use super::awaits::here_lines;
use super::own::{FENCE, Recipients};
use super::run::ServerRun;
use super::text_match::matches;
use super::unlisted::unlisted;
use super::violation::Violation;
use super::wait::{Arrival, ended, next};
use crate::runner::problem::{Expectation, Problem};
use crate::scenario::presence::Presence;

/// What may come before a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// Nothing.
    Nothing,
    /// Events, which the history judges.
    Events,
}

/// Proves the silence after the last step, for the members and for those who are still naming.
pub(super) async fn last_fence(run: &ServerRun<'_>) -> StepResult {
    fence(run, Before::Nothing).await?;
    for actor in run.actors(|actor| actor.presence.get() == Presence::Naming) {
        fence_naming(run, &actor).await?;
    }
    Ok(())
}

/// Each member in turn sends a marker, which must reach every other member next.
pub(super) async fn fence(run: &ServerRun<'_>, before: Before) -> StepResult {
    let members = run.members(|actor| !actor.is_mid_line());
    let listeners = run.members(Actor::is_listening);
    match members.as_slice() {
        [] => Ok(()),
        [only] if run.tongue.has_echo() => fence_from(run, only, &listeners, before).await,
        [only] => fence_alone(run, only, before).await,
        [first, ..] => {
            // The first member sends a second marker: its first one came before those of the others were processed.
            for sender in members.iter().chain([first]) {
                fence_from(run, sender, &listeners, before).await?;
            }
            Ok(())
        }
    }
}

async fn fence_from(
    run: &ServerRun<'_>,
    sender: &Rc<Actor>,
    listeners: &[Rc<Actor>],
    before: Before,
) -> StepResult {
    let (number, line) = run.send_marker(sender).await?;
    let others = listeners.iter();
    let hears = |listener: &&Rc<Actor>| listener.name != sender.name || run.tongue.has_echo();
    for listener in others.filter(hears) {
        await_marker(run, listener, number, &line, before).await?;
    }
    Ok(())
}

/// Waits for a marker. If it does not arrive, the requirement that makes markers work is blamed.
async fn await_marker(
    run: &ServerRun<'_>,
    actor: &Actor,
    number: usize,
    line: &str,
    before: Before,
) -> StepResult {
    let relied_on = match Event::parse(line) {
        Some(Event::Joined(_)) => Violation::NotAnnounced,
        Some(Event::Left(_)) => Violation::LeftTwice,
        _ => Violation::NotHeard,
    };
    if Event::parse(line).is_some_and(|event| !run.tongue.announces(&event)) {
        return Ok(());
    }
    let awaited = marker(run, actor, number, line, before).await;
    awaited.map_err(|abort| blame_missing(abort, relied_on))
}

/// Where the line that the suite relies on does not come, the requirement that it relies on is broken.
fn blame_missing(abort: Abort, relied_on: Violation) -> Abort {
    match *abort.problem {
        Problem::Missing { .. } => abort.or_blame(relied_on),
        _ => abort,
    }
}

async fn marker(
    run: &ServerRun<'_>,
    actor: &Actor,
    number: usize,
    line: &str,
    before: Before,
) -> StepResult {
    let is_event = |received: &Received| {
        let text = received.text();
        text.is_some_and(|text| actor.is_event_of_others(text))
    };
    loop {
        match next(run, actor, Awaited::Marker(number, line)).await? {
            Arrival::Marker => return Ok(()),
            Arrival::Line(received) if before == Before::Events && is_event(&received) => {}
            Arrival::Line(received) => return Err(unlisted(actor, received)),
            Arrival::End(end) => return Err(ended(run, actor, Expectation::line(line), end)),
        }
    }
}

/// Adds a temporary second member, which makes the fence possible. What it receives does not matter.
async fn fence_alone(run: &ServerRun<'_>, only: &Rc<Actor>, before: Before) -> StepResult {
    let nickname = run.alias.nickname(FENCE);
    let others = || Recipients::AllBut(FENCE.to_owned());
    let joined = ServerLine::joined(&nickname).to_string();
    let number = run.own.expect(joined.clone(), others());
    let extra = extra_member(run, &nickname).await?;
    await_marker(run, only, number, &joined, before).await?;

    fence_pair(run, only, &extra, before).await?;

    let left = ServerLine::left(&nickname).to_string();
    let number = run.own.expect(left.clone(), others());
    run.send(&extra, b"<quit>\n").await?;
    let is_naming = |actor: &Actor| actor.presence.get() == Presence::Naming;
    if before == Before::Events || !run.actors(is_naming).is_empty() {
        // Whoever joins later is told how many members there are, so the extra one must have left.
        return await_marker(run, only, number, &left, before).await;
    }
    // Otherwise leaving proves nothing here, and other scenarios judge it. A server that goes on must only be rid of it.
    if run.server.with_process(|_| ()).is_none() {
        while let Ok(Arrival::Line(_)) = next(run, &extra, Awaited::End).await {}
    }
    Ok(())
}

/// A member that belongs to the suite.
pub(super) async fn extra_member(run: &ServerRun<'_>, nickname: &str) -> StepResult<Rc<Actor>> {
    let extra = Rc::new(run.new_actor(FENCE));
    run.connect(&extra).await?;
    nickname.clone_into(&mut extra.nickname.borrow_mut());
    run.send(&extra, format!("{nickname}\n").as_bytes()).await?;
    extra.change(Presence::welcome);
    run.until_at_rest().await;
    Ok(extra)
}

/// Two rounds of markers between a member and the extra one.
async fn fence_pair(
    run: &ServerRun<'_>,
    only: &Rc<Actor>,
    extra: &Rc<Actor>,
    before: Before,
) -> StepResult {
    for _ in 0..2 {
        fence_from(run, extra, std::slice::from_ref(only), before).await?;
        let (number, line) = run.send_marker(only).await?;
        let awaited = Awaited::Marker(number, &line);
        let arrives = async || {
            while let Arrival::Line(_) = next(run, extra, awaited).await? {}
            Ok(())
        };
        arrives()
            .await
            .map_err(|abort| blame_missing(abort, Violation::NotHeard))?;
    }
    Ok(())
}

/// A connection that is still naming takes a nickname: its next line must be the welcome, unless the room is full.
async fn fence_naming(run: &ServerRun<'_>, actor: &Rc<Actor>) -> StepResult {
    const GUARANTEED_SEATS: usize = 5;
    let strangers = run.alias.strangers();
    let present = run.members(|_| true).len() + strangers;
    let nickname = run
        .alias
        .nickname(&run.tongue.own_nickname(FENCE, &actor.name));
    let announced = ServerLine::joined(&nickname).to_string();
    let others = Recipients::AllBut(actor.name.clone());
    let number = run.own.expect(announced.clone(), others);
    if run.tongue.has_turned_away(actor) {
        drop(actor.disconnect());
        return Ok(());
    }
    actor.asks(1);
    run.send(actor, format!("{nickname}\n").as_bytes()).await?;
    let welcome = run
        .tongue
        .listed(ServerLine::welcome(&nickname, present).to_string());
    let room_full = ServerLine::refusal(ErrorCode::RoomFull).to_string();
    match next(run, actor, Awaited::Line(&welcome)).await? {
        Arrival::Line(line) if line.text().is_some_and(|text| matches(&welcome, text)) => {}
        Arrival::Line(line)
            if present >= GUARANTEED_SEATS
                && line.text().is_some_and(|text| matches(&room_full, text)) =>
        {
            drop(actor.disconnect());
            return Ok(());
        }
        Arrival::Line(received) => return Err(unlisted(actor, received)),
        Arrival::End(end) => return Err(ended(run, actor, Expectation::line(welcome), end)),
        Arrival::Marker => {}
    }
    (*actor.nickname.borrow_mut()).clone_from(&nickname);
    actor.change(Presence::welcome);
    run.until_at_rest().await;
    if run.tongue.has_list() {
        here_lines(run, actor, present - strangers).await?;
    }
    for member in run.members(|member| member.name != actor.name && member.is_listening()) {
        await_marker(run, &member, number, &announced, Before::Nothing).await?;
    }
    Ok(())
}
