//! Which requirement is broken by a line, or by nothing, in the place of the listed line.

use driver::wire::{ClientLine, Code, ErrorCode, Event, Received, ServerLine};

use super::actor::Actor;
use super::run::ServerRun;
use super::text_match::matches;
use super::violation::Violation;
use crate::scenario::presence::Presence;

/// The fewest seats of a server that is started without options (ROOM-1).
pub(super) const GUARANTEED_SEATS: usize = 5;

/// The violation that a line shows in the place of the listed one.
pub(super) fn by_line(
    run: &ServerRun<'_>,
    actor: &Actor,
    listed: &str,
    received: &Received,
) -> Option<Violation> {
    let received = received.text()?;
    if listed == "<quit>" && run.server.is_stopping.get() && Event::parse(received).is_some() {
        return Some(Violation::EventAtTheEnd);
    }
    match (ServerLine::parse(listed), ServerLine::parse(received)) {
        (ServerLine::Welcome { nickname, .. }, ServerLine::Welcome { nickname: told, .. }) => {
            (nickname == told).then_some(Violation::FalseWelcome)
        }
        (ServerLine::Welcome { nickname, .. }, ServerLine::Error { code, .. }) => {
            refused(run, nickname, code)
        }
        (ServerLine::Welcome { .. }, _)
            if received.len() > listed.len() && received.ends_with(listed) =>
        {
            Some(Violation::Prompt)
        }
        (ServerLine::Here { .. }, _) if Event::parse(received).is_some() => {
            (!run.is_about("ORDER-3")).then_some(Violation::FalseList)
        }
        (ServerLine::Welcome { .. }, _) if received == "<quit>" && has_welcome_waiting(actor) => {
            Some(Violation::Overtaken)
        }
        // An answer would hold the nickname.
        (ServerLine::Welcome { nickname, .. }, _)
            if !received.starts_with(['*', '!', '<']) && !received.contains(nickname) =>
        {
            Some(Violation::Prompt)
        }
        _ => by_kind(actor, received),
    }
}

/// The violation that a line shows wherever it is not listed.
pub(super) fn by_kind(actor: &Actor, received: &str) -> Option<Violation> {
    match ServerLine::parse(received) {
        ServerLine::Here { .. } => Some(Violation::FalseList),
        ServerLine::Error {
            code: Code::Defined(ErrorCode::UnknownCommand),
            ..
        } => {
            let line = actor.last_sent.borrow();
            let is_text = matches!(ClientLine::parse(&line), ClientLine::Text(_));
            is_text.then_some(Violation::FalseCommand)
        }
        _ => None,
    }
}

/// A nickname is refused that must be accepted: nobody has it, or there are seats.
fn refused(run: &ServerRun<'_>, nickname: &str, code: Code<'_>) -> Option<Violation> {
    let had_it = run.history.borrow().has_left(nickname);
    let is_default = run.has_default_capacity();
    match code {
        Code::Defined(ErrorCode::NicknameTaken) if had_it && !run.is_about("NICK-6") => {
            Some(Violation::NeverFree)
        }
        Code::Defined(ErrorCode::RoomFull) if is_default => {
            let present = run.members(|_| true).len();
            let all = run.history.borrow().memberships();
            match (present < GUARANTEED_SEATS, all > present) {
                (true, true) if all >= GUARANTEED_SEATS => Some(Violation::NeverFree),
                (true, _) => Some(Violation::TooFewSeats),
                _ => None,
            }
        }
        _ => None,
    }
}

fn has_welcome_waiting(actor: &Actor) -> bool {
    let waiting = actor.connection().map(|connection| connection.waiting());
    waiting.unwrap_or_default().iter().any(|line| {
        let parsed = line.text().map(ServerLine::parse);
        matches!(parsed, Some(ServerLine::Welcome { .. }))
    })
}

/// The violation that bytes without an LF show in the place of the listed line, once nothing follows them.
pub(super) fn by_unfinished(actor: &Actor, listed: &str) -> Option<Violation> {
    let partial = actor.partial();
    let partial = str::from_utf8(&partial).ok().filter(|it| !it.is_empty())?;
    if matches(listed, partial) {
        Some(Violation::NoLf)
    } else if actor.presence.get() == Presence::Naming && !listed.starts_with(partial) {
        Some(Violation::Prompt)
    } else {
        None
    }
}
