//! Which requirement a received line breaks by itself.

use driver::wire::{Broken, Code, Event, Received, ServerLine};

use super::actor::Actor;
use super::violation::Violation;
use crate::scenario::presence::Presence;

/// Judges a line by what the actor knew before it.
pub(super) fn judge(actor: &Actor, line: &Received) {
    actor.violation.set(by_line(actor, line));
    let surplus = by_surplus(line, &actor.last_line.borrow());
    actor.violation_unless_listed.set(surplus);
}

/// The violation that the line itself shows.
fn by_line(actor: &Actor, received: &Received) -> Option<Violation> {
    let line = match received {
        // A message that the server should have refused or dropped is judged by the scenario.
        Received::Broken(bytes, why) if *why != Broken::TooLong && is_passed_on(actor, bytes) => {
            return None;
        }
        // What a dialect has no words for is judged by the step at which it shows.
        Received::Broken(_, Broken::Foreign) => return None,
        Received::Broken(_, Broken::NoEcho) => return Some(Violation::Echo),
        Received::Broken(_, Broken::CarriageReturn) => return Some(Violation::CarriageReturn),
        Received::Broken(..) => return Some(Violation::BrokenLine),
        Received::Line(line) => line.as_str(),
    };
    let nickname = actor.nickname.borrow();
    let knows = |nickname: &str| actor.known_members.borrow().contains(nickname);
    let repeats = line == *actor.last_line.borrow();
    match Event::parse(line) {
        Some(_) if actor.presence.get() == Presence::Naming => Some(Violation::HeardWhileNaming),
        Some(Event::Said(_, "")) => Some(Violation::EmptyMessage),
        Some(Event::Said(_, "<quit>" | "{quit}")) => Some(Violation::QuitPassedOn),
        Some(Event::Said(speaker, _)) if speaker == *nickname => Some(Violation::Echo),
        Some(Event::Joined(who)) if who == *nickname => Some(Violation::OwnArrival),
        Some(Event::Joined(who)) if knows(who) => Some(Violation::JoinedTwice),
        Some(Event::Left(who)) if !knows(who) && repeats => Some(Violation::LeftTwice),
        Some(Event::Left(who)) if !knows(who) => Some(Violation::LeftWithoutJoining),
        Some(_) if repeats => Some(Violation::Repeated),
        Some(_) => None,
        None if !is_defined(line) && line.starts_with(['*', '!', '<']) => {
            Some(Violation::Undefined)
        }
        None => None,
    }
}

/// Whether the bytes are a message of a member that the actor knows.
fn is_passed_on(actor: &Actor, bytes: &[u8]) -> bool {
    let known = actor.known_members.borrow();
    known.iter().any(|nickname| {
        bytes
            .strip_prefix(nickname.as_bytes())
            .is_some_and(|rest| rest.starts_with(b": "))
    })
}

/// The violation of a line that no step lists; `last` came before it.
fn by_surplus(received: &Received, last: &str) -> Option<Violation> {
    match received.text() {
        Some("<quit>") if last == "<quit>" => Some(Violation::NoGoodbye),
        Some("<quit>") => Some(Violation::Ended),
        Some(line) if line == last => match ServerLine::parse(line) {
            ServerLine::Error { .. } => Some(Violation::NeedlessError),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the specification defines the kind of line. A notice whose nickname is missing is of a defined kind.
fn is_defined(line: &str) -> bool {
    match ServerLine::parse(line) {
        ServerLine::Error { code, .. } => matches!(code, Code::Defined(_)),
        ServerLine::Unknown(line) => {
            let mut words = line.split(' ');
            let verb = (words.next() == Some("*")).then(|| words.next()).flatten();
            matches!(verb, Some("welcome" | "here" | "joined" | "left"))
        }
        _ => true,
    }
}
