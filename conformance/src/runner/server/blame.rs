//! Which requirement a line breaks that nobody listed: chosen by what was received.

use super::actor::{Actor, State};
use crate::requirement::Id;
use driver::wire::{Broken, Event, Received};

/// The ids that the harness blames by itself, with what makes it do so. The specification must know them all.
const FIXED: [(&str, Violation); 21] = [
    ("CONN-1", Violation::Ended),
    ("LINE-3", Violation::CarriageReturn),
    ("LINE-5", Violation::EmptyMessage),
    ("LINE-6", Violation::Flood),
    ("LINE-12", Violation::BrokenLine),
    ("NAME-2", Violation::HeardWhileNaming),
    ("NAME-3", Violation::LeftWithoutJoining),
    ("JOIN-2", Violation::FalseList),
    ("JOIN-3", Violation::JoinedTwice),
    ("JOIN-3", Violation::NotAnnounced),
    ("JOIN-4", Violation::OwnArrival),
    ("MSG-1", Violation::NotHeard),
    ("MSG-2", Violation::Echo),
    ("LEAVE-1", Violation::LeftTwice),
    ("LEAVE-2", Violation::QuitPassedOn),
    ("LEAVE-3", Violation::NoGoodbye),
    ("LEAVE-7", Violation::Reset),
    ("ORDER-1", Violation::Repeated),
    ("STOP-1", Violation::BadExit),
    ("ERR-1", Violation::NeedlessError),
    ("ERR-3", Violation::Undefined),
];

/// A way of breaking a requirement that shows by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Violation {
    Ended,
    CarriageReturn,
    EmptyMessage,
    Flood,
    BrokenLine,
    HeardWhileNaming,
    LeftWithoutJoining,
    FalseList,
    JoinedTwice,
    NotAnnounced,
    NotHeard,
    OwnArrival,
    Echo,
    LeftTwice,
    QuitPassedOn,
    NoGoodbye,
    Reset,
    Repeated,
    BadExit,
    NeedlessError,
    Undefined,
}

/// Every id that the harness blames by itself.
pub fn fixed_ids() -> Vec<Id> {
    FIXED.iter().filter_map(|(id, _)| Id::parse(id)).collect()
}

impl Violation {
    /// The requirement that says so.
    pub(super) fn id(self) -> Option<Id> {
        FIXED
            .iter()
            .find(|(_, violation)| *violation == self)
            .and_then(|(id, _)| Id::parse(id))
    }
}

/// What is wrong with a line that this actor should not have received now, where the line itself tells.
pub(super) fn by_line(actor: &Actor, received: &Received) -> Option<Violation> {
    let line = match received {
        // What a client has sent, and the server should have refused or dropped, is told by the scenario.
        Received::Broken(bytes, why) if *why != Broken::TooLong && is_passed_on(actor, bytes) => {
            return None;
        }
        Received::Broken(_, Broken::CarriageReturn) => return Some(Violation::CarriageReturn),
        Received::Broken(..) => return Some(Violation::BrokenLine),
        Received::Line(line) => line.as_str(),
    };
    let nickname = actor.nickname.borrow();
    let knows = |nickname: &str| actor.roster.borrow().contains(nickname);
    match Event::parse(line) {
        Some(_) if actor.state.get() == State::Naming => Some(Violation::HeardWhileNaming),
        Some(Event::Said(_, "")) => Some(Violation::EmptyMessage),
        Some(Event::Said(_, "<quit>" | "{quit}")) => Some(Violation::QuitPassedOn),
        Some(Event::Said(speaker, _)) if speaker == *nickname => Some(Violation::Echo),
        Some(Event::Joined(who)) if who == *nickname => Some(Violation::OwnArrival),
        Some(Event::Joined(who)) if knows(who) => Some(Violation::JoinedTwice),
        Some(Event::Left(who)) if !knows(who) => Some(if line == *actor.last.borrow() {
            Violation::LeftTwice
        } else {
            Violation::LeftWithoutJoining
        }),
        Some(_) if line == *actor.last.borrow() => Some(Violation::Repeated),
        Some(_) => None,
        None if is_defined(line) => None,
        None if line.starts_with(['*', '!', '<']) => Some(Violation::Undefined),
        None => None,
    }
}

/// A message of somebody whom the actor knows to be there.
fn is_passed_on(actor: &Actor, bytes: &[u8]) -> bool {
    let roster = actor.roster.borrow();
    roster.iter().any(|nickname| {
        bytes
            .strip_prefix(nickname.as_bytes())
            .is_some_and(|rest| rest.starts_with(b": "))
    })
}

/// What is wrong with a line only because nothing was listed at all; `last` came before it.
pub(super) fn by_silence_broken(received: &Received, last: &str) -> Option<Violation> {
    match received.text() {
        Some("<quit>") if last == "<quit>" => Some(Violation::NoGoodbye),
        Some("<quit>") => Some(Violation::Ended),
        Some(line) if line.starts_with("! ") && line == last => Some(Violation::NeedlessError),
        _ => None,
    }
}

/// A line that begins with `*`, `!` or `<` and that the specification defines.
fn is_defined(line: &str) -> bool {
    const CODES: [&str; 7] = [
        "line-too-long",
        "not-utf8",
        "control-character",
        "unknown-command",
        "nickname-invalid",
        "nickname-taken",
        "room-full",
    ];
    let mut words = line.split(' ');
    match (words.next(), words.next()) {
        (Some("*"), Some("welcome" | "here" | "joined" | "left")) => true,
        (Some("!"), Some(code)) => CODES.contains(&code),
        _ => line == "<quit>",
    }
}
