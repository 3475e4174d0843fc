//! One scripted client.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use driver::wire::{Connection, Event, Received, SentLines, ServerLine};

use super::alias::Alias;
use super::history::MembershipId;
use super::own::{OwnLines, Recipient, is_part_of_probe, is_probe};
use super::violation::Violation;
use crate::scenario::presence::Presence;

/// A client, through all its connections.
#[derive(Debug)]
pub(super) struct Actor {
    pub(super) name: String,
    alias: Rc<Alias>,
    own: Rc<OwnLines>,
    pub(super) connection: RefCell<Option<Rc<Connection>>>,
    pub(super) presence: Cell<Presence>,
    /// The nickname under which it is a member, as it was sent.
    pub(super) nickname: RefCell<String>,
    /// What it has sent, as the server splits it.
    pub(super) sent: RefCell<SentLines>,
    /// What others received before this moment, the server does not send to it: the moment at which it connected, or sent
    /// something while it was naming.
    outside_until: Cell<usize>,
    /// How many of the lines that it has sent while it was naming have not been refused.
    unanswered: Cell<usize>,
    /// The numbers of the suite's own lines that have arrived.
    arrived: RefCell<BTreeSet<usize>>,
    /// Lines of `eventually` steps that have not come yet, and those that came before their step.
    pub(super) eventual: RefCell<Vec<String>>,
    pub(super) came_early: RefCell<Vec<String>>,
    /// It sends the same bytes again and again, so that refusals are not counted.
    pub(super) keeps_sending: Cell<bool>,
    /// The last line that it sent, if the write held nothing else.
    pub(super) last_sent: RefCell<Vec<u8>>,
    /// The last write that held a line which is too long.
    pub(super) too_long: RefCell<Vec<u8>>,
    /// It has ended its side of the connection.
    pub(super) has_ended: Cell<bool>,
    /// The nicknames of the members that it has been told of, and of all that it ever was told of.
    pub(super) known_members: RefCell<BTreeSet<String>>,
    pub(super) announced: RefCell<BTreeSet<String>>,
    /// What the line that was taken last breaks, whatever was listed; and what it breaks if no line was listed.
    pub(super) violation: Cell<Option<Violation>>,
    pub(super) violation_unless_listed: Cell<Option<Violation>>,
    /// The lawful line that it received last.
    pub(super) last_line: RefCell<String>,
    /// Its current membership in the history.
    pub(super) membership: Cell<Option<MembershipId>>,
}

impl Actor {
    pub(super) fn new(name: &str, alias: Rc<Alias>, own: Rc<OwnLines>) -> Self {
        Self {
            name: name.to_owned(),
            alias,
            own,
            connection: RefCell::default(),
            presence: Cell::default(),
            nickname: RefCell::default(),
            sent: RefCell::default(),
            outside_until: Cell::new(0),
            unanswered: Cell::new(0),
            arrived: RefCell::default(),
            eventual: RefCell::default(),
            came_early: RefCell::default(),
            keeps_sending: Cell::new(false),
            last_sent: RefCell::default(),
            too_long: RefCell::default(),
            has_ended: Cell::new(false),
            known_members: RefCell::default(),
            announced: RefCell::default(),
            violation: Cell::new(None),
            violation_unless_listed: Cell::new(None),
            last_line: RefCell::default(),
            membership: Cell::new(None),
        }
    }

    /// Its open connection, if it has one.
    pub(super) fn connection(&self) -> Option<Rc<Connection>> {
        self.connection.borrow().clone()
    }

    /// Bytes that came without an LF.
    pub(super) fn partial(&self) -> Vec<u8> {
        let connection = self.connection();
        connection.map_or_else(Vec::new, |connection| connection.partial())
    }

    /// Whether it has sent the beginning of a line, so that no other line can be sent now.
    pub(super) fn is_mid_line(&self) -> bool {
        !self.sent.borrow().is_complete()
    }

    /// Whether it is a member that reads.
    pub(super) fn is_listening(&self) -> bool {
        let reads = |connection: Rc<Connection>| !connection.is_paused();
        self.presence.get() == Presence::Member && self.connection().is_some_and(reads)
    }

    /// Stops or resumes reading.
    pub(super) fn pause(&self, paused: bool) {
        if let Some(connection) = self.connection() {
            connection.pause(paused);
        }
    }

    /// Shuts down writing.
    pub(super) fn half_close(&self) {
        if let Some(connection) = self.connection() {
            connection.half_close();
            self.has_ended.set(true);
        }
    }

    /// Forgets the connection, which closes it unless the caller keeps it.
    pub(super) fn disconnect(&self) -> Option<Rc<Connection>> {
        self.change(Presence::close);
        self.sent.take();
        self.keeps_sending.set(false);
        self.known_members.borrow_mut().clear();
        self.announced.borrow_mut().clear();
        self.connection.borrow_mut().take()
    }

    /// Makes a transition of its state.
    pub(super) fn change(&self, transition: fn(Presence) -> Presence) {
        self.presence.set(transition(self.presence.get()));
    }

    /// It has opened a connection.
    pub(super) fn connected(&self, connection: Connection) {
        *self.connection.borrow_mut() = Some(Rc::new(connection));
        self.change(Presence::connect);
        self.has_ended.set(false);
        self.last_sent.take();
        self.unanswered.set(0);
        self.asks(0);
    }

    /// It is about to send lines while it is naming. When all earlier ones have been refused, it is no member until now.
    pub(super) fn asks(&self, lines: usize) {
        if self.unanswered.get() == 0 {
            self.outside_until.set(self.own.moment());
        }
        self.unanswered.set(self.unanswered.get() + lines);
    }

    /// This connection, as a place where lines of the suite may arrive.
    fn recipient(&self) -> Recipient<'_> {
        Recipient {
            actor: &self.name,
            is_member: !matches!(self.presence.get(), Presence::Away | Presence::Naming),
            outside_until: self.outside_until.get(),
        }
    }

    /// Whether the unfinished line may become one that concerns no step, see `head`.
    pub(super) fn may_be_taken_off(&self, partial: &[u8]) -> bool {
        let is_error = self.keeps_sending.get() && partial.starts_with(b"!");
        let is_probe = |nickname: &String| is_part_of_probe(nickname, partial);
        is_error
            || self.alias.strangers() > 0
            || self.known_members.borrow().iter().any(is_probe)
            || self.own.may_begin_with(partial, self.recipient())
    }

    /// Exchanges the connections of two actors that are both naming.
    pub(super) fn exchange(&self, other: &Self) {
        self.connection.swap(&other.connection);
        self.sent.swap(&other.sent);
        self.outside_until.swap(&other.outside_until);
        self.unanswered.swap(&other.unanswered);
        self.arrived.swap(&other.arrived);
        self.last_line.swap(&other.last_line);
    }

    /// The next line that waits for a step. Takes off what comes before it and concerns no step: lines that the suite
    /// has caused, refusals of what the actor keeps sending, and what strangers do.
    pub(super) fn head(&self) -> Option<Received> {
        let connection = self.connection()?;
        loop {
            let received = connection.front()?;
            let Some(text) = received.text() else {
                return Some(received);
            };
            let is_error = matches!(ServerLine::parse(text), ServerLine::Error { .. });
            self.alias.notice(text);
            let ignored = (self.keeps_sending.get() && is_error)
                || self.alias.concerns_stranger(text)
                || is_probe(text);
            let mut arrived = self.arrived.borrow_mut();
            let has_met = |number| arrived.contains(&number);
            let own = self.own.arrive(text, self.recipient(), has_met);
            if !ignored && own.is_none() {
                return Some(received);
            }
            connection.pop();
            arrived.extend(own);
        }
    }

    /// How many `* here` lines come next in the inbox.
    pub(super) fn here_lines_at_head(&self) -> usize {
        let waiting = self.connection().map(|connection| connection.waiting());
        let waiting = waiting.unwrap_or_default().into_iter();
        let is_here = |line: &Received| {
            let parsed = line.text().map(ServerLine::parse);
            matches!(parsed, Some(ServerLine::Here { .. }))
        };
        waiting.take_while(is_here).count()
    }

    /// Whether these markers have all arrived; false when there are none.
    pub(super) fn has_met(&self, markers: &[usize]) -> bool {
        let arrived = self.arrived.borrow();
        !markers.is_empty() && markers.iter().all(|number| arrived.contains(number))
    }

    /// Remembers what a lawful line tells about the room.
    pub(super) fn learn(&self, line: &str) {
        let mut known = self.known_members.borrow_mut();
        match ServerLine::parse(line) {
            ServerLine::Here { nickname, .. } | ServerLine::Joined { nickname, .. } => {
                known.insert(nickname.to_owned());
                self.announced.borrow_mut().insert(nickname.to_owned());
            }
            ServerLine::Left { nickname, .. } => {
                known.remove(nickname);
            }
            ServerLine::Error { .. } => {
                let unanswered = self.unanswered.get();
                self.unanswered.set(unanswered.saturating_sub(1));
            }
            _ => {}
        }
        line.clone_into(&mut self.last_line.borrow_mut());
    }

    /// Whether a line is an event that another member caused.
    pub(super) fn is_event_of_others(&self, line: &str) -> bool {
        Event::parse(line).is_some_and(|event| event.nickname() != *self.nickname.borrow())
    }
}

/// Removes the first element that fulfils the condition.
pub(super) fn take_first<T>(from: &RefCell<Vec<T>>, condition: impl Fn(&T) -> bool) -> Option<T> {
    let at = from.borrow().iter().position(condition)?;
    Some(from.borrow_mut().remove(at))
}
