//! Probes: how a loss is proven.
//!
//! When an awaited line does not come, something is sent that must arrive after it. If it arrives first, the line is lost.

use driver::wire::{ErrorCode, Event, ServerLine};

use super::actor::Actor;
use super::awaited::Awaited;
use super::listed::is_listed_later;
use super::own::{PROBE, Recipients};
use super::run::ServerRun;
use crate::scenario::presence::Presence;

/// Sends markers that must reach the actor after what it waits for. Returns their numbers; none where no marker can
/// prove anything.
pub(super) async fn send(run: &ServerRun<'_>, actor: &Actor, awaited: Awaited<'_>) -> Vec<usize> {
    let speakers = |condition: &dyn Fn(&Actor) -> bool| {
        run.members(|member| {
            member.name != actor.name && !member.is_mid_line() && condition(member)
        })
    };
    let senders = match awaited {
        Awaited::End => Vec::new(),
        // Nothing tells when the server notices a reset, or takes what somebody has sent who cannot send a marker.
        Awaited::Event if somebody_comes_or_goes(run) => Vec::new(),
        // A server may process the lines of different clients in any order: everything has come only when a marker of
        // every member has come.
        Awaited::Event | Awaited::Here => speakers(&|_| true),
        Awaited::Line(line) | Awaited::Marker(_, line) => match Event::parse(line) {
            Some(Event::Said(nickname, _) | Event::Joined(nickname)) => {
                speakers(&|member| *member.nickname.borrow() == nickname)
            }
            // The place of `* left` in the order is certain once the connection has ended (LEAVE-6).
            Some(Event::Left(nickname)) if has_ended(run, nickname) => speakers(&|_| true),
            Some(Event::Left(_)) => Vec::new(),
            None if line == "<quit>" || actor.is_mid_line() => Vec::new(),
            None => return probe_reply(run, actor).await,
        },
    };
    let mut numbers = Vec::new();
    run.is_probed
        .set(run.is_probed.get() || !senders.is_empty());
    for sender in senders {
        // If the server takes nothing, nothing arrives either, and the clock decides.
        if let Ok((number, _)) = run.send_marker(&sender).await {
            numbers.push(number);
        }
    }
    numbers
}

/// Whether an event may come that no member causes: a connection that is naming, leaving or reset causes it.
fn somebody_comes_or_goes(run: &ServerRun<'_>) -> bool {
    let is_settled =
        |actor: &Actor| matches!(actor.presence.get(), Presence::Away | Presence::Member);
    !run.actors(|actor| !is_settled(actor)).is_empty()
}

fn has_ended(run: &ServerRun<'_>, nickname: &str) -> bool {
    let is_gone = |actor: &Actor| {
        actor.presence.get() == Presence::Away && *actor.nickname.borrow() == nickname
    };
    !run.actors(is_gone).is_empty()
}

/// Sends a line that is refused: its error comes after the reply to every line before it (ORDER-3). No later step of the
/// actor lists this error; otherwise one could be taken for the other.
async fn probe_reply(run: &ServerRun<'_>, actor: &Actor) -> Vec<usize> {
    let probes: [(ErrorCode, &[u8]); 3] = [
        (ErrorCode::UnknownCommand, PROBE),
        (ErrorCode::ControlCharacter, b"\x07\n"),
        (ErrorCode::NotUtf8, b"\xFF\n"),
    ];
    let unlisted = probes
        .into_iter()
        .filter(|(code, _)| run.tongue.refuses(*code))
        .map(|(code, bytes)| (ServerLine::refusal(code).to_string(), bytes))
        .find(|(reply, _)| !is_listed_later(run, actor, reply));
    let Some((reply, bytes)) = unlisted else {
        let hears_itself = run.tongue.has_echo() && actor.presence.get() == Presence::Member;
        let marker = match hears_itself {
            true => run.send_marker(actor).await.ok(),
            false => None,
        };
        return marker.into_iter().map(|(number, _)| number).collect();
    };
    run.is_probed.set(true);
    let number = run.own.expect(reply, Recipients::Only(actor.name.clone()));
    let _ = run.send(actor, bytes).await;
    vec![number]
}
