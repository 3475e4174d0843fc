//! One connection: its socket, what is queued for it, and whether it is ending.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::behaviour::Behaviour;
use super::outbox::Outbox;
use super::room::ConnId;

#[derive(Debug)]
pub(super) struct Connection {
    pub(super) id: ConnId,
    pub(super) stream: TcpStream,
    pub(super) outbox: RefCell<Outbox>,
    /// The client ended its last line with CR LF.
    pub(super) crlf: Cell<bool>,
    /// It had no nickname when it was closed.
    pub(super) nameless: Cell<bool>,
    closed: Cell<bool>,
    dropped: Cell<bool>,
    /// Wake up the writing and the reading side.
    to_write: Notify,
    to_read: Notify,
}

impl Connection {
    pub(super) fn new(id: ConnId, stream: TcpStream, behaviour: Behaviour) -> Self {
        Self {
            id,
            stream,
            outbox: RefCell::new(Outbox::new(behaviour, id, Instant::now())),
            crlf: Cell::new(false),
            nameless: Cell::new(false),
            closed: Cell::new(false),
            dropped: Cell::new(false),
            to_write: Notify::new(),
            to_read: Notify::new(),
        }
    }

    /// Wakes up the writing side, because the outbox has changed.
    pub(super) fn wake_writer(&self) {
        self.to_write.notify_one();
    }

    /// Reads no more, and ends the connection as soon as the outbox is empty.
    pub(super) fn close(&self) {
        self.outbox.borrow_mut().finish();
        self.closed.set(true);
        self.to_write.notify_one();
        self.to_read.notify_one();
    }

    /// Ends the connection at once.
    pub(super) fn drop_now(&self) {
        self.dropped.set(true);
        self.close();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    pub(super) fn is_dropped(&self) -> bool {
        self.dropped.get()
    }

    /// Waits until the outbox has changed.
    pub(super) async fn outbox_changed(&self) {
        self.to_write.notified().await;
    }

    /// Waits until the connection is closed.
    pub(super) async fn closed(&self) {
        self.to_read.notified().await;
    }

    /// Sleeps, but not beyond the moment in which the connection is closed.
    pub(super) async fn sleep(&self, duration: Duration) {
        tokio::select! {
            () = tokio::time::sleep(duration) => {}
            () = self.closed() => self.to_read.notify_one(),
        }
    }
}
