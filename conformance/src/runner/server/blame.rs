//! Which requirement a received line breaks by itself.

use std::rc::Rc;

use driver::wire::{Broken, Code, Event, Received, ServerLine};

use super::actor::Actor;
use super::instead;
use super::run::ServerRun;
use super::violation::Violation;
use crate::scenario::presence::Presence;

/// Judges a line by what the actor knew before it.
pub(super) fn judge(run: &ServerRun<'_>, actor: &Actor, line: &Received) {
    actor.violation.set(by_line(run, actor, line));
    let surplus = by_surplus(line, &actor.last_line.borrow());
    let surplus = surplus.or_else(|| instead::by_kind(actor, line.text()?));
    actor.violation_unless_listed.set(surplus);
}

/// The violation that the line itself shows.
fn by_line(run: &ServerRun<'_>, actor: &Actor, received: &Received) -> Option<Violation> {
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
        // A nickname that nobody has makes no message: it is another kind of line, which the step judges.
        Some(Event::Said(who, _)) if !knows(who) && speakers(run, who).is_empty() => None,
        Some(_) if actor.presence.get() == Presence::Naming => Some(Violation::HeardWhileNaming),
        Some(Event::Said(who, "")) => Some(empty_message(run, who)),
        Some(Event::Said(who, text @ ("<quit>" | "{quit}"))) => {
            Some(quit_passed_on(run, who, text))
        }
        Some(Event::Said(who, text)) if is_tail(run, who, text) => Some(Violation::Tail),
        Some(Event::Said(speaker, _)) if speaker == *nickname => Some(Violation::Echo),
        Some(Event::Joined(who)) if who == *nickname => Some(Violation::OwnArrival),
        Some(Event::Joined(who)) if knows(who) => Some(Violation::JoinedTwice),
        Some(Event::Left(who)) if !knows(who) && (repeats || was_announced(actor, who)) => {
            Some(Violation::LeftTwice)
        }
        Some(Event::Left(who)) if !knows(who) => Some(Violation::LeftWithoutJoining),
        Some(_) if repeats => Some(Violation::Repeated),
        Some(_) => None,
        None if !is_defined(line) && line.starts_with(['*', '!', '<']) => {
            Some(Violation::Undefined)
        }
        None => None,
    }
}

/// The actors that have or had this nickname.
fn speakers(run: &ServerRun<'_>, nickname: &str) -> Vec<Rc<Actor>> {
    run.actors(|actor| {
        let name = run.alias.with_suffix(&actor.name);
        actor.nickname.borrow().eq_ignore_ascii_case(nickname) || name == nickname
    })
}

/// Whether the actor has been told of this nickname, perhaps in another case, so that it belongs to no naming connection.
fn was_announced(actor: &Actor, nickname: &str) -> bool {
    let announced = actor.announced.borrow();
    announced
        .iter()
        .any(|known| known.eq_ignore_ascii_case(nickname))
}

/// After the end of somebody's side, an empty message shows that the end was taken for an empty line.
fn empty_message(run: &ServerRun<'_>, nickname: &str) -> Violation {
    let speakers = speakers(run, nickname);
    if speakers.iter().any(|actor| actor.has_ended.get()) {
        Violation::Ghost
    } else {
        Violation::EmptyMessage
    }
}

/// What was a goodbye only after it was trimmed is no goodbye.
fn quit_passed_on(run: &ServerRun<'_>, nickname: &str, text: &str) -> Violation {
    let is_trimmed = |actor: &Rc<Actor>| {
        let sent = actor.last_sent.borrow();
        *sent != text.as_bytes() && sent.trim_ascii() == text.as_bytes()
    };
    match speakers(run, nickname).iter().any(is_trimmed) {
        true => Violation::Trimmed,
        false => Violation::QuitPassedOn,
    }
}

/// Whether the text is the end of a line that its speaker has sent, and that is too long.
fn is_tail(run: &ServerRun<'_>, nickname: &str, text: &str) -> bool {
    speakers(run, nickname).iter().any(|actor| {
        let write = actor.too_long.borrow();
        let mut lines = write.split(|byte| *byte == b'\n');
        lines.any(|line| line.len() > text.len().max(4096) && line.ends_with(text.as_bytes()))
    })
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
