//! The state that all tasks share.

use crate::config::Config;
use crate::fanout::Fanout;
use crate::metrics::Snapshot;
use crate::outbound::{Outbound, State};
use salotto_protocol::LineDecoder;
use salotto_room::{ConnId, Departure, Room, Status};
use std::cell::{Cell, RefCell, RefMut};
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::{sleep, sleep_until};

/// The minimum interval between two checks for expired naming timeouts.
const MIN_CHECK_INTERVAL: Duration = Duration::from_millis(100);

/// The minimum interval between two warnings that no connection can be accepted.
const WARN_INTERVAL: Duration = Duration::from_secs(60);

/// A handle to the room and to what is queued for its connections.
///
/// Everything runs on one thread, and no borrow is held across an `await`. So a handle is an `Rc`, and a line is processed by a
/// function call.
#[derive(Debug, Clone)]
pub(crate) struct Hub(Rc<Shared>);

#[derive(Debug)]
struct Shared {
    config: Config,
    inner: RefCell<Inner>,
    /// The buffer that all connections read into, one after another.
    read_buffer: RefCell<Box<[u8]>>,
    /// Notified when something waits to be flushed.
    dirty: Notify,
    /// Notified when a connection was accepted.
    arrived: Notify,
    /// Notified when a connection has ended and its file descriptor is free.
    ended: Notify,
    /// When the last warning was logged that no connection can be accepted.
    accept_warned: Cell<Option<Instant>>,
}

#[derive(Debug)]
struct Inner {
    room: Room,
    fanout: Fanout,
    shutting_down: bool,
}

impl Hub {
    pub(crate) fn new(config: Config) -> Self {
        let inner = Inner {
            room: Room::new(config.limits()),
            fanout: Fanout::new(config.max_backlog()),
            shutting_down: false,
        };
        Self(Rc::new(Shared {
            inner: RefCell::new(inner),
            read_buffer: RefCell::new(vec![0; config.turn()].into()),
            config,
            dirty: Notify::new(),
            arrived: Notify::new(),
            ended: Notify::new(),
            accept_warned: Cell::new(None),
        }))
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    /// A buffer for one turn. Its contents do not outlast the borrow.
    pub(crate) fn read_buffer(&self) -> RefMut<'_, Box<[u8]>> {
        self.0.read_buffer.borrow_mut()
    }

    /// Adds a new connection.
    pub(crate) fn arrive(&self, stream: TcpStream, peer: SocketAddr) -> ConnId {
        let Inner { room, fanout, .. } = &mut *self.0.inner.borrow_mut();
        let id = fanout.insert(stream, peer);
        room.arrive(id, Instant::now(), &mut |output| fanout.put(output));
        self.0.arrived.notify_one();
        id
    }

    /// Processes bytes that a connection sent.
    pub(crate) fn receive(&self, id: ConnId, decoder: &mut LineDecoder, mut bytes: &[u8]) {
        let inner = &mut *self.0.inner.borrow_mut();
        let Inner { room, fanout, .. } = inner;
        fanout.counts.bytes_received += bytes.len() as u64;
        while let Some(line) = decoder.next_line(&mut bytes) {
            room.receive(id, line, &mut |output| fanout.put(output));
        }
        if fanout.batch().is_large() {
            inner.flush();
        }
        self.0.dirty.notify_one();
    }

    /// Makes a connection leave the room.
    pub(crate) fn leave(&self, id: ConnId, reason: Departure) {
        self.0.inner.borrow_mut().leave(id, reason);
        self.0.dirty.notify_one();
    }

    /// Closes the socket of a connection that has left the room.
    pub(crate) fn remove(&self, id: ConnId) {
        self.0.inner.borrow_mut().fanout.remove(id);
        self.0.ended.notify_waiters();
    }

    pub(crate) fn status(&self, id: ConnId) -> Status {
        self.0.inner.borrow().room.status(id)
    }

    pub(crate) fn is_congested(&self) -> bool {
        self.0.inner.borrow_mut().fanout.is_congested()
    }

    pub(crate) fn is_shutting_down(&self) -> bool {
        self.0.inner.borrow().shutting_down
    }

    /// See [`Outbound::drive`].
    pub(crate) fn drive(&self, id: ConnId, cx: &mut Context<'_>) -> State {
        self.0.inner.borrow_mut().fanout.drive(id, cx)
    }

    /// See [`Outbound::poll_drain`].
    pub(crate) fn poll_drain(&self, id: ConnId, cx: &mut Context<'_>) -> Poll<()> {
        self.0.inner.borrow_mut().fanout.poll_drain(id, cx)
    }

    pub(crate) fn with_outbound<T>(&self, id: ConnId, f: impl FnOnce(&mut Outbound) -> T) -> T {
        f(self.0.inner.borrow_mut().fanout.outbound(id))
    }

    /// Flushes whenever something waits for it, forever. The first line of a turn wakes this task, which then runs after all
    /// connections that are ready to be read. So it flushes once for all of them, not once for each line.
    pub(crate) async fn flush_when_dirty(self) {
        // One timer, which is reset for each batch that may wait.
        let mut timer = pin!(sleep(Duration::ZERO));
        loop {
            let deadline = self.0.inner.borrow().fanout.batch().may_wait_until();
            if let Some(deadline) = deadline.map(tokio::time::Instant::from)
                && deadline != timer.deadline()
            {
                timer.as_mut().reset(deadline);
            }
            tokio::select! {
                biased;
                () = self.0.dirty.notified() => {}
                () = &mut timer, if deadline.is_some() => {}
            }
            self.0.inner.borrow_mut().flush();
        }
    }

    /// Closes connections whose naming timeout has expired, forever (NAME-6). This one task sleeps until the earliest deadline, so
    /// that no connection needs a timer of its own.
    pub(crate) async fn enforce_naming_timeout(self) {
        loop {
            let now = Instant::now();
            match self.advance(now) {
                Some(deadline) => sleep_until(deadline.max(now + MIN_CHECK_INTERVAL).into()).await,
                None => self.0.arrived.notified().await,
            }
        }
    }

    fn advance(&self, now: Instant) -> Option<Instant> {
        let Inner { room, fanout, .. } = &mut *self.0.inner.borrow_mut();
        room.advance(now, &mut |output| fanout.put(output))
    }

    /// Queues a goodbye for every connection (STOP-1, STOP-2).
    pub(crate) fn shut_down(&self) {
        let inner = &mut *self.0.inner.borrow_mut();
        inner.shutting_down = true;
        let Inner { room, fanout, .. } = inner;
        room.shut_down(&mut |output| fanout.put(output));
    }

    /// Counts that no connection could be accepted, and logs it unless it has been logged lately.
    pub(crate) fn record_accept_failure(&self, error: &io::Error) {
        self.0.inner.borrow_mut().fanout.counts.accept_failures += 1;
        let warned = self.0.accept_warned.get();
        if warned.is_none_or(|warned| warned.elapsed() > WARN_INTERVAL) {
            self.0.accept_warned.set(Some(Instant::now()));
            tracing::warn!(%error, "cannot accept connections for now; new ones wait");
        }
    }

    /// The state of the server, for the metrics.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let Inner { room, fanout, .. } = &*self.0.inner.borrow();
        let (naming, members) = (room.naming(), room.members());
        Snapshot {
            capacity: self.0.config.capacity,
            naming,
            members,
            leaving: fanout.len() - naming - members,
            counts: fanout.counts.clone(),
        }
    }

    /// Waits until a connection has ended.
    pub(crate) async fn connection_ended(&self) {
        self.0.ended.notified().await;
    }

    /// Waits until every connection has ended.
    pub(crate) async fn all_connections_ended(&self) {
        while self.0.inner.borrow().fanout.len() > 0 {
            self.connection_ended().await;
        }
    }
}

impl Inner {
    fn leave(&mut self, id: ConnId, reason: Departure) {
        let Self { room, fanout, .. } = self;
        room.leave(id, reason, &mut |output| fanout.put(output));
    }

    /// Flushes, and drops connections that are too far behind. That makes new events, so it goes on until there are none.
    fn flush(&mut self) {
        loop {
            let over_limit = self.fanout.flush();
            if over_limit.is_empty() {
                return;
            }
            for id in over_limit {
                self.leave(id, Departure::NotReading);
                // A connection that has left already is not closed by the room, but must not keep its backlog either.
                self.fanout.outbound(id).abort();
            }
        }
    }
}
