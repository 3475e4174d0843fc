//! One connection: a reading side, a writing side, and a lingering end.

mod linger;
mod read;
mod write;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::hall::Hall;
use super::outbox::Outbox;
use super::room::Id;

/// A client, seen from here.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) id: Id,
    pub(super) stream: TcpStream,
    pub(super) outbox: RefCell<Outbox>,
    /// When the naming timeout is over.
    pub(super) deadline: Cell<Instant>,
    /// The client ends its lines with CR LF.
    pub(super) crlf: Cell<bool>,
    /// It has no nickname at its end.
    pub(super) nameless: Cell<bool>,
    /// The room is done with it.
    ended: Cell<bool>,
    cut: Cell<bool>,
    /// Whether the writing, or the reading side, has something new to look at.
    to_write: Notify,
    to_read: Notify,
}

impl Connection {
    pub(super) fn new(hall: &Hall, id: Id, stream: TcpStream) -> Self {
        Self {
            id,
            stream,
            outbox: RefCell::new(Outbox::new(hall.ways, id)),
            deadline: Cell::new(Instant::now() + hall.naming_timeout),
            crlf: Cell::new(false),
            nameless: Cell::new(false),
            ended: Cell::new(false),
            cut: Cell::new(false),
            to_write: Notify::new(),
            to_read: Notify::new(),
        }
    }

    /// From the first byte to the last.
    pub(super) async fn serve(self: Rc<Self>, hall: Rc<Hall>) {
        tokio::join!(read::read(&self, &hall), write::write(&self, &hall));
        if !self.cut.get() {
            linger::linger(&self, hall.ways).await;
        }
        hall.forget(self.id);
    }

    /// Something has been put into the outbox.
    pub(super) fn wake(&self) {
        self.to_write.notify_one();
    }

    /// The room is done with it: what is owed is sent, and nothing more is read.
    pub(super) fn end(&self) {
        self.outbox.borrow_mut().finish();
        self.ended.set(true);
        self.to_write.notify_one();
        self.to_read.notify_one();
    }

    /// It ends now.
    pub(super) fn cut(&self) {
        self.cut.set(true);
        self.end();
    }

    /// Sleeps, but not beyond the end.
    async fn rest(&self, duration: Duration) {
        tokio::select! {
            () = tokio::time::sleep(duration) => {}
            () = self.to_read.notified() => self.to_read.notify_one(),
        }
    }
}
