//! One scripted client.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use super::alias::Alias;
use super::blame::{self, Violation};
use super::chronicle::VisitId;
use super::fence;
use driver::wire::{Connection, Event, Received, SentLines};

/// A client, through all its visits.
#[derive(Debug)]
pub(super) struct Actor {
    pub(super) name: String,
    alias: Rc<Alias>,
    pub(super) connection: RefCell<Option<Rc<Connection>>>,
    pub(super) state: Cell<State>,
    /// The nickname under which it is a member, as it was typed.
    pub(super) nickname: RefCell<String>,
    pub(super) unfinished: RefCell<SentLines>,
    /// Markers that are under way, and the numbers of those that have arrived.
    pub(super) markers: RefCell<Vec<Marker>>,
    pub(super) arrived: RefCell<BTreeSet<usize>>,
    /// Lines that may come before their place (`eventually`) and have not come yet; and those that have.
    pub(super) floating: RefCell<Vec<String>>,
    pub(super) early: RefCell<Vec<String>>,
    /// It sends the same again and again; refusals are not counted.
    pub(super) pestering: Cell<bool>,
    /// The members it has been told of.
    pub(super) roster: RefCell<BTreeSet<String>>,
    /// What is wrong with the line that was judged last: in any case, and if no line was listed at all.
    pub(super) wrong: Cell<Option<Violation>>,
    pub(super) needless: Cell<Option<Violation>>,
    /// The event that it received last.
    pub(super) last: RefCell<String>,
    /// Its current visit in the chronicle.
    pub(super) visit: Cell<Option<VisitId>>,
}

/// Where an actor's connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Away,
    Naming,
    Member,
    /// It has said goodbye, or is being said goodbye to.
    Leaving,
    /// Its last connection ended by its own reset: others may not know yet.
    Reset,
}

/// A line that the harness has caused itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marker {
    /// The line, or how it begins.
    pub(super) line: String,
    /// The number of the probe or fence that it belongs to.
    pub(super) number: usize,
}

impl Actor {
    pub(super) fn new(name: &str, alias: Rc<Alias>) -> Self {
        Self {
            name: name.to_owned(),
            alias,
            connection: RefCell::default(),
            state: Cell::new(State::Away),
            nickname: RefCell::default(),
            unfinished: RefCell::default(),
            markers: RefCell::default(),
            arrived: RefCell::default(),
            floating: RefCell::default(),
            early: RefCell::default(),
            pestering: Cell::new(false),
            roster: RefCell::default(),
            wrong: Cell::new(None),
            needless: Cell::new(None),
            last: RefCell::default(),
            visit: Cell::new(None),
        }
    }

    /// Its open connection, if it has one.
    pub(super) fn connection(&self) -> Option<Rc<Connection>> {
        self.connection.borrow().clone()
    }

    /// In the middle of a line: another line cannot be sent now.
    pub(super) fn is_mid_line(&self) -> bool {
        !self.unfinished.borrow().is_complete()
    }

    /// A member that reads.
    pub(super) fn is_listening(&self) -> bool {
        self.state.get() == State::Member
            && self
                .connection()
                .is_some_and(|connection| !connection.is_paused())
    }

    /// Forgets the connection, which closes it.
    pub(super) fn leaves(&self, state: State) -> Option<Rc<Connection>> {
        self.state.set(state);
        self.unfinished.take();
        self.pestering.set(false);
        self.markers.borrow_mut().clear();
        self.roster.borrow_mut().clear();
        self.connection.borrow_mut().take()
    }

    /// The next line that waits for a step. Markers, refusals of what the actor sends again and again, and
    /// what strangers do, are taken off.
    pub(super) fn head(&self) -> Option<Received> {
        let connection = self.connection()?;
        loop {
            let received = connection.front()?;
            let Some(text) = received.text() else {
                return Some(received);
            };
            let passed_over = self.pestering.get() && text.starts_with("! ")
                || self.alias.concerns_stranger(text);
            let passed_over = passed_over || fence::is_probe(text);
            let marker = take_first(&self.markers, |marker| matches(&marker.line, text));
            if !passed_over && marker.is_none() {
                return Some(received);
            }
            connection.pop();
            self.arrived
                .borrow_mut()
                .extend(marker.map(|marker| marker.number));
        }
    }

    /// Whether these markers have all arrived. No marker never arrives.
    pub(super) fn has_met(&self, markers: &[usize]) -> bool {
        let arrived = self.arrived.borrow();
        !markers.is_empty() && markers.iter().all(|number| arrived.contains(number))
    }

    /// Judges a line by what was known before it.
    pub(super) fn judge(&self, line: &Received) {
        self.wrong.set(blame::by_line(self, line));
        self.needless
            .set(blame::by_silence_broken(line, &self.last.borrow()));
    }

    /// Notes what a line tells about the room.
    pub(super) fn learn(&self, line: &str) {
        if let Some(nickname) = line.strip_prefix("* here ") {
            self.roster
                .borrow_mut()
                .insert(nickname.split(' ').next().unwrap_or_default().to_owned());
        }
        match Event::parse(line) {
            Some(Event::Joined(nickname)) => {
                self.roster.borrow_mut().insert(nickname.to_owned());
            }
            Some(Event::Left(nickname)) => {
                self.roster.borrow_mut().remove(nickname);
            }
            _ => {}
        }
        line.clone_into(&mut self.last.borrow_mut());
    }
}

/// Removes the first element that fulfils the condition.
pub(super) fn take_first<T>(from: &RefCell<Vec<T>>, condition: impl Fn(&T) -> bool) -> Option<T> {
    let at = from.borrow().iter().position(condition)?;
    Some(from.borrow_mut().remove(at))
}

/// Whether the line is the listed one. Lines with `*` and `!` may go on with further words.
pub(super) fn matches(listed: &str, line: &str) -> bool {
    let further = || {
        line.strip_prefix(listed)
            .is_some_and(|rest| rest.starts_with(' '))
    };
    line == listed || (listed.starts_with(['*', '!']) && further())
}
