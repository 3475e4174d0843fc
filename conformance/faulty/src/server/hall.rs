//! The hall around the room: connections, timers, and what the room wants done.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::time::{Duration, Instant};

use socket2::SockRef;
use tokio::net::TcpStream;

use super::connection::Connection;
use super::room::{Bytes, Id, Input, Late, Output, Room, Why};
use super::{Fault, Habit, Ways};

/// What all connections share.
#[derive(Debug)]
pub(super) struct Hall {
    pub(super) ways: Ways,
    pub(super) naming_timeout: Duration,
    room: RefCell<Room>,
    connections: RefCell<BTreeMap<Id, Rc<Connection>>>,
    accepted: Cell<Id>,
    deaf: Cell<bool>,
    dice: Cell<u64>,
}

impl Hall {
    pub(super) fn new(ways: Ways, capacity: Option<usize>, naming_timeout: Duration) -> Self {
        Self {
            ways,
            naming_timeout,
            room: RefCell::new(Room::new(ways, capacity)),
            connections: RefCell::default(),
            accepted: Cell::new(0),
            deaf: Cell::new(false),
            dice: Cell::new(u64::from(std::process::id()) | 1),
        }
    }

    /// A client has connected.
    pub(super) fn welcome(self: &Rc<Self>, stream: TcpStream) {
        let id = self.accepted.get() + 1;
        self.accepted.set(id);
        let connection = Rc::new(Connection::new(self, id, stream));
        self.connections
            .borrow_mut()
            .insert(id, Rc::clone(&connection));
        self.apply(Input::Connected(id));
        tokio::task::spawn_local(Rc::clone(self).watch(Rc::downgrade(&connection)));
        tokio::task::spawn_local(connection.serve(Rc::clone(self)));
    }

    /// Ends a connection that is naming for too long.
    async fn watch(self: Rc<Self>, connection: std::rc::Weak<Connection>) {
        while let Some((id, deadline)) = connection
            .upgrade()
            .map(|open| (open.id, open.deadline.get()))
        {
            if deadline <= Instant::now() {
                return self.apply(Input::Expired(id));
            }
            tokio::time::sleep_until(deadline.into()).await;
        }
    }

    /// Gives an input to the room, and does what it says.
    pub(super) fn apply(self: &Rc<Self>, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let outputs = self.room.borrow_mut().handle(input);
            for output in outputs {
                inputs.extend(self.perform(output));
            }
        }
    }

    /// Does one thing. What follows from it for the room is the next input.
    fn perform(self: &Rc<Self>, output: Output) -> Option<Input> {
        match output {
            Output::Send {
                to,
                line,
                said_by,
                event,
            } => return self.send(to, line, said_by, event),
            Output::Heartbeat(to) => return self.send(to, b"\n".as_slice().into(), None, false),
            Output::Goodbye { to, naming } => {
                let connection = self.connection(to)?;
                connection.nameless.set(naming);
                for line in self.goodbye() {
                    let _ = connection
                        .outbox
                        .borrow_mut()
                        .push(line, None, Duration::ZERO);
                }
                connection.end();
            }
            Output::End(to) => self.connection(to)?.end(),
            Output::Cut(to) => {
                let connection = self.connection(to)?;
                if self.ways.keeps(Habit::DropsWithAReset) {
                    // The connection has ended already, if this fails.
                    let _ = SockRef::from(&connection.stream).set_linger(Some(Duration::ZERO));
                }
                connection.cut();
            }
            Output::Forget(to) => self.connection(to)?.outbox.borrow_mut().forget(),
            Output::StillNaming(to) => self
                .connection(to)?
                .deadline
                .set(Instant::now() + self.naming_timeout),
            Output::Later(delay, late) => {
                tokio::task::spawn_local(Rc::clone(self).later(delay, late));
            }
            Output::Deaf => self.deaf.set(true),
            Output::Crash => std::process::exit(101),
        }
        None
    }

    fn send(
        self: &Rc<Self>,
        to: Id,
        line: Bytes,
        said_by: Option<Id>,
        event: bool,
    ) -> Option<Input> {
        let Some(connection) = self.connection(to) else {
            return Some(Input::Gone(to, Why::Reset, false));
        };
        let with_crlf = self.ways.has(Fault::LinesEndWithCrlf)
            || (self.ways.has(Fault::AnswersAsAsked) && connection.crlf.get());
        let line = match line.strip_suffix(b"\n") {
            Some(text) if with_crlf => [text, b"\r\n"].concat().into(),
            _ => line,
        };
        let late = event && self.ways.keeps(Habit::Late);
        let delay = if late {
            Duration::from_millis(self.roll(50))
        } else {
            Duration::ZERO
        };
        let too_much = connection.outbox.borrow_mut().push(line, said_by, delay);
        if connection.outbox.borrow().is_holding_back() {
            let connection = Rc::clone(&connection);
            tokio::task::spawn_local(async move {
                tokio::time::sleep(Duration::from_millis(5)).await;
                connection.outbox.borrow_mut().flush_held_back();
                connection.wake();
            });
        }
        connection.wake();
        too_much.then_some(Input::Gone(to, Why::Dropped, false))
    }

    fn goodbye(&self) -> Vec<Bytes> {
        let quit: &[u8] = match self.ways.fault {
            Some(Fault::GoodbyeInBraces) => b"{quit}\n",
            Some(Fault::GoodbyeEndsWithCrlf | Fault::LinesEndWithCrlf) => b"<quit>\r\n",
            Some(Fault::GoodbyeWithoutLf) => b"<quit>",
            _ => b"<quit>\n",
        };
        match self.ways.fault {
            Some(Fault::GoodbyeTwice) => vec![quit.into(), quit.into()],
            Some(Fault::Bye) => vec![b"* bye\n".as_slice().into(), quit.into()],
            _ => vec![quit.into()],
        }
    }

    async fn later(self: Rc<Self>, delay: Duration, late: Late) {
        tokio::time::sleep(delay).await;
        self.apply(Input::Late(late));
    }

    fn connection(&self, id: Id) -> Option<Rc<Connection>> {
        self.connections.borrow().get(&id).cloned()
    }

    /// A connection is over.
    pub(super) fn forget(&self, id: Id) {
        self.connections.borrow_mut().remove(&id);
    }

    /// Whether nobody is connected.
    pub(super) fn is_empty(&self) -> bool {
        self.connections.borrow().is_empty()
    }

    pub(super) fn is_naming(&self, id: Id) -> bool {
        self.room.borrow().is_naming(id)
    }

    /// Whether the next connection has to wait.
    pub(super) fn is_closed(&self) -> bool {
        let wait = self.ways.has(Fault::NamelessWait) && self.room.borrow().nameless().len() >= 15;
        wait || self.deaf.get()
    }

    /// Whether a member, but for this one, is owed much.
    pub(super) fn has_sleeper(&self, but: Option<Id>) -> bool {
        let connections = self.connections.borrow();
        connections
            .values()
            .any(|other| Some(other.id) != but && other.outbox.borrow().owed() > 64 * 1024)
    }

    /// A random number up to a bound.
    fn roll(&self, most: u64) -> u64 {
        let mut dice = self.dice.get();
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        self.dice.set(dice);
        dice % (most + 1)
    }
}
