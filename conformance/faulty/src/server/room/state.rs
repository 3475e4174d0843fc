//! The state of the room, and what all rules need: sending lines, and delaying what is due later.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::history::History;
use super::output::{Bytes, ConnId, Kind, Output};
use super::peer::Peer;
use super::timers::{Action, Timers};
use crate::server::behaviour::Behaviour;
use crate::server::fault::Fault;
use crate::server::habit::Habit;

/// The delay with which faults do things a moment late.
pub(super) const MOMENT: Duration = Duration::from_millis(30);

/// The room: a state machine without sockets, tasks or a clock. Its inputs are the methods in the parent module.
#[derive(Debug)]
pub(crate) struct Room {
    pub(super) behaviour: Behaviour,
    pub(super) capacity: usize,
    pub(super) naming_timeout: Duration,
    /// Everybody who is connected.
    pub(super) peers: BTreeMap<ConnId, Peer>,
    /// The members, in the order in which they joined.
    pub(super) members: Vec<ConnId>,
    pub(super) history: History,
    pub(super) timers: Timers,
    /// What the current input has brought about so far: at once, and later.
    outputs: Vec<Output>,
    delayed: Vec<(Duration, Action)>,
}

impl Room {
    /// Makes an empty room.
    pub(crate) fn new(
        behaviour: Behaviour,
        capacity: Option<usize>,
        mut naming_timeout: Duration,
    ) -> Self {
        let five_seats = behaviour.keeps(Habit::FiveSeats);
        let capacity = capacity.unwrap_or(if five_seats { 5 } else { 100 });
        let capacity = match behaviour.fault {
            Some(Fault::FourSeats) => 4,
            Some(Fault::CapacityIgnored) => usize::MAX,
            Some(Fault::OneSeatMore) => capacity + 1,
            _ => capacity,
        };
        if behaviour.keeps(Habit::TimesOutLate) {
            naming_timeout += Duration::from_millis(300);
        }
        if behaviour.has(Fault::NamingTimeoutSevenLate) {
            naming_timeout += Duration::from_secs(7);
        }
        Self {
            behaviour,
            capacity,
            naming_timeout,
            peers: BTreeMap::new(),
            members: Vec::new(),
            history: History::default(),
            timers: Timers::default(),
            outputs: Vec::new(),
            delayed: Vec::new(),
        }
    }

    /// Whether a connection has no nickname yet.
    pub(crate) fn is_naming(&self, id: ConnId) -> bool {
        let peer = self.peers.get(&id);
        peer.is_some_and(|peer| peer.nickname.is_none())
    }

    /// All connections without a nickname, the oldest first.
    pub(crate) fn naming(&self) -> Vec<ConnId> {
        let ids = self.peers.keys().copied();
        ids.filter(|id| self.is_naming(*id)).collect()
    }

    /// Processes one input completely: passes its outputs to `out`, and sets its timers.
    pub(super) fn process(
        &mut self,
        now: Instant,
        out: &mut dyn FnMut(Output),
        input: impl FnOnce(&mut Self),
    ) {
        input(self);
        for (delay, action) in self.delayed.drain(..) {
            self.timers.add(now + delay, action);
        }
        self.outputs.drain(..).for_each(out);
    }

    pub(super) fn output(&mut self, output: Output) {
        self.outputs.push(output);
    }

    pub(super) fn later(&mut self, delay: Duration, action: Action) {
        self.delayed.push((delay, action));
    }

    /// Sends a line to one connection.
    pub(super) fn reply(&mut self, to: ConnId, line: &str) {
        self.reply_bytes(to, encode(line));
    }

    pub(super) fn reply_bytes(&mut self, to: ConnId, line: Bytes) {
        let kind = Kind::Reply;
        self.output(Output::Send { to, line, kind });
    }

    /// Sends a notice to every member except `by`, which causes it.
    pub(super) fn notify(&mut self, by: ConnId, line: &str) {
        let line = encode(line);
        for to in self.others(by) {
            let (line, kind) = (Rc::clone(&line), Kind::Notice);
            self.output(Output::Send { to, line, kind });
        }
    }

    /// All members except `id`, in the order in which events are sent to them.
    pub(super) fn others(&self, id: ConnId) -> Vec<ConnId> {
        let members = self.members.iter().copied();
        let mut others: Vec<_> = members.filter(|other| *other != id).collect();
        if self.behaviour.keeps(Habit::ServesTheLastFirst) {
            others.reverse();
        }
        others
    }

    /// Further words at the end of a notice, which receivers ignore.
    pub(super) fn further_words(&self) -> &'static str {
        if self.behaviour.keeps(Habit::SaysMore) {
            " alle 20:15, * left nessuno"
        } else {
            ""
        }
    }
}

/// Adds the terminator.
pub(super) fn encode(line: &str) -> Bytes {
    format!("{line}\n").into_bytes().into()
}
