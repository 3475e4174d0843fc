//! Where the room meets its connections.

use crate::config::Config;
use crate::fanout::Fanout;
use crate::link::{Link, State};
use crate::metrics::Snapshot;
use salotto_protocol::LineDecoder;
use salotto_room::{ConnId, Departure, Room, Status};
use std::cell::{RefCell, RefMut};
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

/// The room, and what its connections are owed: all state that connections share.
///
/// Everything runs on one thread and no borrow is held across an `await`, so a handle is an `Rc`
/// and a line is processed by a function call.
#[derive(Debug, Clone)]
pub(crate) struct Hub(Rc<Shared>);

#[derive(Debug)]
struct Shared {
    config: Config,
    inner: RefCell<Inner>,
    /// Where the connections read, one after the other.
    scratch: RefCell<Box<[u8]>>,
    /// Something waits to be flushed.
    dirty: Notify,
    /// Somebody has to find a name.
    arrived: Notify,
    /// A connection has ended: a descriptor is free, and perhaps it was the last one.
    ended: Notify,
}

#[derive(Debug)]
struct Inner {
    room: Room,
    fanout: Fanout,
    closing: bool,
}

impl Hub {
    pub(crate) fn new(config: Config) -> Self {
        let inner = Inner {
            room: Room::new(config.limits()),
            fanout: Fanout::new(config.max_owed()),
            closing: false,
        };
        Self(Rc::new(Shared {
            inner: RefCell::new(inner),
            scratch: RefCell::new(vec![0; config.turn()].into()),
            config,
            dirty: Notify::new(),
            arrived: Notify::new(),
            ended: Notify::new(),
        }))
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    /// A buffer for one turn, whose bytes are worth nothing after it.
    pub(crate) fn scratch(&self) -> RefMut<'_, Box<[u8]>> {
        self.0.scratch.borrow_mut()
    }

    /// Takes in a new connection.
    pub(crate) fn arrive(&self, stream: TcpStream, peer: SocketAddr) -> ConnId {
        let Inner { room, fanout, .. } = &mut *self.0.inner.borrow_mut();
        let who = fanout.insert(stream, peer);
        room.arrive(who, Instant::now(), &mut |output| fanout.put(output));
        self.0.arrived.notify_one();
        who
    }

    /// Takes in bytes that `who` sent.
    pub(crate) fn receive(&self, who: ConnId, decoder: &mut LineDecoder, mut bytes: &[u8]) {
        let inner = &mut *self.0.inner.borrow_mut();
        let Inner { room, fanout, .. } = inner;
        fanout.begin();
        fanout.counts.bytes_received += bytes.len() as u64;
        while let Some(line) = decoder.next_line(&mut bytes) {
            room.receive(who, line, &mut |output| fanout.put(output));
        }
        if fanout.is_large() {
            inner.flush();
        }
        self.0.dirty.notify_one();
    }

    /// `who` ends, or is ended.
    pub(crate) fn leave(&self, who: ConnId, how: Departure) {
        self.0.inner.borrow_mut().leave(who, how);
        self.0.dirty.notify_one();
    }

    /// Closes the socket of `who`, and forgets both.
    pub(crate) fn remove(&self, who: ConnId) {
        self.0.inner.borrow_mut().fanout.remove(who);
        self.0.ended.notify_waiters();
    }

    pub(crate) fn status(&self, who: ConnId) -> Status {
        self.0.inner.borrow().room.status(who)
    }

    pub(crate) fn is_congested(&self) -> bool {
        self.0.inner.borrow_mut().fanout.is_congested()
    }

    /// Whether the server is shutting down.
    pub(crate) fn is_closing(&self) -> bool {
        self.0.inner.borrow().closing
    }

    /// Lets the task of `who` do its part for its link.
    pub(crate) fn attend(&self, who: ConnId, cx: &mut Context<'_>) -> State {
        self.0.inner.borrow_mut().fanout.attend(who, cx)
    }

    /// Writes what `who` is owed, which is not going to be more. Ready when that is done, or is
    /// impossible.
    pub(crate) fn poll_drain(&self, who: ConnId, cx: &mut Context<'_>) -> Poll<()> {
        self.0.inner.borrow_mut().fanout.poll_drain(who, cx)
    }

    pub(crate) fn with_link<T>(&self, who: ConnId, act: impl FnOnce(&mut Link) -> T) -> T {
        act(self.0.inner.borrow_mut().fanout.link(who))
    }

    /// Flushes for ever: once for everything that is ready, not once for each line. The first line
    /// wakes this task, which puts it behind all those who have something to say now.
    pub(crate) async fn flush_whenever_dirty(self) {
        // Kept and set anew for each batch that waits, not made anew for each line.
        let mut alarm = pin!(sleep(Duration::ZERO));
        loop {
            let waits_until = self.0.inner.borrow().fanout.waits_until();
            if let Some(until) = waits_until.map(tokio::time::Instant::from)
                && until != alarm.deadline()
            {
                alarm.as_mut().reset(until);
            }
            tokio::select! {
                biased;
                () = self.0.dirty.notified() => {}
                () = &mut alarm, if waits_until.is_some() => {}
            }
            self.0.inner.borrow_mut().flush();
        }
    }

    /// Closes, for ever, the connections whose naming timeout has expired (NAME-6). This one task sleeps until the earliest
    /// deadline, so that no connection needs a timer of its own.
    pub(crate) async fn enforce_naming_timeout(self) {
        loop {
            let now = Instant::now();
            match self.advance(now) {
                Some(deadline) => sleep_until(deadline.max(now + MIN_CHECK_INTERVAL).into()).await,
                None => self.0.arrived.notified().await,
            }
        }
    }

    /// Tells the room the time. Returns the next deadline.
    fn advance(&self, now: Instant) -> Option<Instant> {
        let Inner { room, fanout, .. } = &mut *self.0.inner.borrow_mut();
        room.advance(now, &mut |output| fanout.put(output))
    }

    /// Says goodbye to everybody (STOP-1, STOP-2).
    pub(crate) fn shut_down(&self) {
        let Inner {
            room,
            fanout,
            closing,
        } = &mut *self.0.inner.borrow_mut();
        *closing = true;
        room.shut_down(&mut |output| fanout.put(output));
    }

    /// Counts that no connection could be accepted.
    pub(crate) fn count_accept_failure(&self) {
        self.0.inner.borrow_mut().fanout.counts.accept_failures += 1;
    }

    /// The server as it is now.
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

    /// Waits until some connection has ended.
    pub(crate) async fn some_end(&self) {
        self.0.ended.notified().await;
    }

    /// Waits until every connection has ended.
    pub(crate) async fn all_ends(&self) {
        while self.0.inner.borrow().fanout.len() > 0 {
            self.some_end().await;
        }
    }
}

impl Inner {
    fn leave(&mut self, who: ConnId, how: Departure) {
        let Self { room, fanout, .. } = self;
        fanout.begin();
        room.leave(who, how, &mut |output| fanout.put(output));
    }

    /// Flushes, and drops those who are too far behind; the others hear of that, too.
    fn flush(&mut self) {
        loop {
            let beyond = self.fanout.flush();
            if beyond.is_empty() {
                return;
            }
            for who in beyond {
                self.leave(who, Departure::NotReading);
                // Also one that has left before, and does not even take its goodbye.
                self.fanout.link(who).cut();
            }
        }
    }
}
