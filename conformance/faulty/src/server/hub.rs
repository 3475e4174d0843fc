//! Where the room meets its connections: inputs go in, and what comes out is put into their outboxes.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::time::{Duration, Instant};

use socket2::SockRef;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::{sleep, sleep_until};

use super::behaviour::Behaviour;
use super::connection::Connection;
use super::decoder::Line;
use super::fault::Fault;
use super::habit::Habit;
use super::room::{Bytes, ConnId, Departure, Kind, Output, Room};
use crate::line::RawLine;

/// All state that connections share.
#[derive(Debug)]
pub(super) struct Hub {
    pub(super) behaviour: Behaviour,
    room: RefCell<Room>,
    connections: RefCell<BTreeMap<ConnId, Rc<Connection>>>,
    accepted: Cell<ConnId>,
    /// Connections that are never closed (only with a fault).
    kept: RefCell<Vec<Rc<Connection>>>,
    /// Whose line was processed last.
    last_speaker: Cell<ConnId>,
    /// A fault has made the server accept no more connections.
    deaf: Cell<bool>,
    /// The unfinished line of whoever sent something last (only with a fault).
    pub(super) partial: RefCell<RawLine>,
    /// The room's next deadline may have changed.
    timers_changed: Notify,
}

impl Hub {
    pub(super) fn new(
        behaviour: Behaviour,
        capacity: Option<usize>,
        naming_timeout: Duration,
    ) -> Self {
        Self {
            behaviour,
            room: RefCell::new(Room::new(behaviour, capacity, naming_timeout)),
            connections: RefCell::default(),
            accepted: Cell::new(0),
            kept: RefCell::default(),
            last_speaker: Cell::new(0),
            deaf: Cell::new(false),
            partial: RefCell::default(),
            timers_changed: Notify::new(),
        }
    }

    /// Adds a connection.
    pub(super) fn arrive(&self, stream: TcpStream) -> Rc<Connection> {
        let id = self.accepted.get() + 1;
        self.accepted.set(id);
        let connection = Rc::new(Connection::new(id, stream, self.behaviour));
        let added = Rc::clone(&connection);
        self.connections.borrow_mut().insert(id, added);
        self.input(|room, now, out| room.arrive(id, now, out));
        connection
    }

    pub(super) fn begin_batch(&self, id: ConnId, lines: usize) {
        self.room.borrow_mut().begin_batch(id, lines);
    }

    pub(super) fn receive(&self, id: ConnId, line: &Line) {
        self.last_speaker.set(id);
        self.input(|room, now, out| room.receive(id, line, now, out));
    }

    pub(super) fn leave(&self, id: ConnId, departure: Departure, mid_line: bool) {
        if self.behaviour.has(Fault::SocketsKeptAfterAReset) && departure == Departure::Reset {
            self.kept.borrow_mut().extend(self.connection(id));
        }
        self.input(|room, now, out| room.leave(id, departure, mid_line, now, out));
    }

    pub(super) fn shut_down(&self) {
        if self.behaviour.has(Fault::StopsForgetLeavers) {
            let connections = self.connections.borrow();
            let left = connections.values().filter(|other| other.is_closed());
            left.for_each(|other| other.outbox.borrow_mut().clear());
        }
        self.input(|room, now, out| room.shut_down(now, out));
    }

    /// Removes a connection that is over.
    pub(super) fn remove(&self, id: ConnId) {
        self.connections.borrow_mut().remove(&id);
    }

    /// Whether no connection is left.
    pub(super) fn is_empty(&self) -> bool {
        self.connections.borrow().is_empty()
    }

    pub(super) fn is_naming(&self, id: ConnId) -> bool {
        self.room.borrow().is_naming(id)
    }

    /// A failed send concerns nobody else (CONN-1), unless a fault makes it so.
    pub(super) fn react_to_failed_send(&self) {
        if self.behaviour.has(Fault::FailedSendEndsTheSpeaker) {
            self.leave(self.last_speaker.get(), Departure::Quit, false);
        }
    }

    /// Whether the next connection has to wait (only with a fault).
    pub(super) fn is_deaf(&self) -> bool {
        let many_naming = || self.room.borrow().naming().len() >= 15;
        self.deaf.get() || (self.behaviour.has(Fault::NamelessWait) && many_naming())
    }

    /// Whether any connection except `but` belongs to a slow reader.
    pub(super) fn has_slow_reader(&self, but: Option<ConnId>) -> bool {
        let connections = self.connections.borrow();
        let mut others = connections.values().filter(|other| Some(other.id) != but);
        others.any(|other| other.outbox.borrow().is_long())
    }

    /// Whether much is queued for a connection that has left.
    pub(super) fn has_slow_leaver(&self) -> bool {
        let connections = self.connections.borrow();
        let mut closed = connections.values().filter(|other| other.is_closed());
        closed.any(|other| other.outbox.borrow().is_long())
    }

    /// Lets the room do at its deadlines what is due then. Never ends.
    pub(super) async fn run_timers(self: Rc<Self>) {
        loop {
            let mut deadline = None;
            self.process(|room, now, out| deadline = room.advance(now, out));
            let due = async {
                match deadline {
                    Some(deadline) => sleep_until(deadline.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = due => {}
                () = self.timers_changed.notified() => {}
            }
        }
    }

    fn input(&self, input: impl FnOnce(&mut Room, Instant, &mut dyn FnMut(Output))) {
        self.process(input);
        self.timers_changed.notify_one();
    }

    /// Gives an input to the room, and does what the room asks for. Members that turn out to be unreachable leave.
    fn process(&self, input: impl FnOnce(&mut Room, Instant, &mut dyn FnMut(Output))) {
        let now = Instant::now();
        let mut leaving = VecDeque::new();
        let mut room = self.room.borrow_mut();
        let mut outputs = Vec::new();
        input(&mut room, now, &mut |output| outputs.push(output));
        for output in outputs {
            leaving.extend(self.perform(output, now));
            if self.behaviour.has(Fault::LeavesAmidTheMessage)
                && let Some((id, departure)) = leaving.pop_front()
            {
                room.leave(id, departure, false, now, &mut |output| {
                    leaving.extend(self.perform(output, now));
                });
            }
        }
        while let Some((id, departure)) = leaving.pop_front() {
            room.leave(id, departure, false, now, &mut |output| {
                leaving.extend(self.perform(output, now));
            });
        }
    }

    /// Does what the room asks for. Returns who has to leave because of it.
    fn perform(&self, output: Output, now: Instant) -> Option<(ConnId, Departure)> {
        match output {
            Output::Send { to, line, kind } => return self.send(to, line, kind, now),
            Output::Goodbye { to, naming } => {
                let connection = self.connection(to)?;
                connection.nameless.set(naming);
                let is_owed_more = connection.outbox.borrow().queued() > 0;
                let is_silent = self.behaviour.has(Fault::NoGoodbyeBehindAQueue) && is_owed_more;
                for line in self.goodbye().into_iter().filter(|_| !is_silent) {
                    let _ = connection.outbox.borrow_mut().push(line, Kind::Reply, now);
                }
                connection.close();
            }
            Output::Close(to) => self.connection(to)?.close(),
            Output::Drop(to) => {
                let connection = self.connection(to)?;
                if self.behaviour.keeps(Habit::DropsWithAReset) {
                    // If this fails, the connection has ended already.
                    let _ = SockRef::from(&connection.stream).set_linger(Some(Duration::ZERO));
                }
                connection.drop_now();
            }
            Output::Discard(to) => self.connection(to)?.outbox.borrow_mut().clear(),
            Output::StopAccepting => self.deaf.set(true),
            Output::Crash => std::process::exit(101),
        }
        None
    }

    fn send(
        &self,
        to: ConnId,
        line: Bytes,
        kind: Kind,
        now: Instant,
    ) -> Option<(ConnId, Departure)> {
        let Some(connection) = self.connection(to) else {
            return Some((to, Departure::Reset));
        };
        if let Kind::Message(speaker) = kind
            && self.behaviour.has(Fault::SpeakerFollowsAReset)
            && connection.stream.peer_addr().is_err()
        {
            return Some((speaker, Departure::Quit));
        }
        let with_crlf = self.behaviour.has(Fault::LinesEndWithCrlf)
            || (self.behaviour.has(Fault::AnswersAsAsked) && connection.crlf.get());
        let line = match line.strip_suffix(b"\n") {
            Some(text) if with_crlf => [text, b"\r\n"].concat().into(),
            _ => line,
        };
        let due = if kind != Kind::Reply && self.behaviour.keeps(Habit::Late) {
            now + Duration::from_millis(fastrand::u64(..=50))
        } else {
            now
        };
        let mut outbox = connection.outbox.borrow_mut();
        let too_much = outbox.push(line, kind, due);
        if outbox.is_holding_back() {
            let connection = Rc::clone(&connection);
            tokio::task::spawn_local(async move {
                sleep(Duration::from_millis(5)).await;
                connection.outbox.borrow_mut().release_held_back();
                connection.wake_writer();
            });
        }
        connection.wake_writer();
        too_much.then_some((to, Departure::NotReading))
    }

    fn goodbye(&self) -> Vec<Bytes> {
        let quit: &[u8] = match self.behaviour.fault {
            Some(Fault::GoodbyeInBraces) => b"{quit}\n",
            Some(Fault::GoodbyeEndsWithCrlf | Fault::LinesEndWithCrlf) => b"<quit>\r\n",
            Some(Fault::GoodbyeWithoutLf) => b"<quit>",
            _ => b"<quit>\n",
        };
        match self.behaviour.fault {
            Some(Fault::GoodbyeTwice) => vec![quit.into(), quit.into()],
            Some(Fault::Bye) => vec![b"* bye\n".as_slice().into(), quit.into()],
            _ => vec![quit.into()],
        }
    }

    fn connection(&self, id: ConnId) -> Option<Rc<Connection>> {
        self.connections.borrow().get(&id).cloned()
    }
}
