//! The sending side of one connection.

use bytes::{Buf, BytesMut};
use salotto_protocol::ServerLine;
use socket2::SockRef;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The initial capacity of an outbox, in bytes. A line rarely comes alone: a welcome has one more for each member.
const OUTBOX_CAPACITY: usize = 512;

/// What is queued for one connection, and the socket that it goes to.
///
/// The queue of a member is its *outbox*, followed by the room's batch from its *cursor* on. Usually the outbox is empty and the
/// cursor is at the beginning, so a flush is one write of the batch that all members share. Whatever concerns this connection
/// alone (a reply, an event that it caused itself, a full socket) moves the queue so far into the outbox.
///
/// Splitting the socket would cost memory, so the receiving side reads through this type.
#[derive(Debug)]
pub(crate) struct Outbound {
    stream: TcpStream,
    peer: SocketAddr,
    /// The task of the connection.
    task: Option<Waker>,
    outbox: BytesMut,
    /// Where in the batch the rest of the queue begins. `None` if the connection receives no events.
    cursor: Option<u32>,
    state: State,
    /// Whether the socket takes nothing for now, so that the task of the connection must wait for it.
    full: bool,
    /// Whether this connection is on the list of those that are far behind.
    pub(crate) lagging: bool,
    /// When the socket last took something, if it was ever full.
    last_progress: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// In use.
    Open,
    /// Sending failed. Nothing more is sent, but what the client sent before can still be read.
    Broken,
    /// `<quit>` is the last line in the queue.
    Closing,
    /// To be dropped at once, with everything that is still under way.
    Aborted,
}

impl Outbound {
    pub(crate) fn new(stream: TcpStream, peer: SocketAddr) -> Self {
        Self {
            stream,
            peer,
            task: None,
            outbox: BytesMut::new(),
            cursor: None,
            state: State::Open,
            full: false,
            lagging: false,
            last_progress: None,
        }
    }

    /// The address of the client.
    pub(crate) fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// The size of the outbox in bytes.
    pub(crate) fn backlog(&self) -> usize {
        self.outbox.len()
    }

    /// Whether the socket was full and has taken something in the last `span` before `now`.
    pub(crate) fn made_progress_within(&self, span: Duration, now: Instant) -> bool {
        self.last_progress
            .is_some_and(|progress| now.duration_since(progress) < span)
    }

    /// Makes this connection receive the events that are added to `batch` from now on.
    pub(crate) fn subscribe(&mut self, batch: &[u8]) {
        self.cursor = Some(batch.len() as u32);
    }

    /// Copies the unread part of `batch` to the outbox.
    pub(crate) fn catch_up(&mut self, batch: &[u8]) {
        if let Some(cursor) = &mut self.cursor {
            self.outbox.extend_from_slice(&batch[*cursor as usize..]);
            *cursor = batch.len() as u32;
        }
    }

    /// Skips the unread part of `batch`.
    pub(crate) fn skip(&mut self, batch: &[u8]) {
        if let Some(cursor) = &mut self.cursor {
            *cursor = batch.len() as u32;
        }
    }

    /// Queues a line for this connection alone, behind the events that `batch` holds so far.
    pub(crate) fn push(&mut self, batch: &[u8], line: ServerLine<'_>) {
        if self.state == State::Open {
            if self.outbox.capacity() == 0 {
                self.outbox = BytesMut::with_capacity(OUTBOX_CAPACITY);
            }
            self.catch_up(batch);
            line.encode(&mut self.outbox);
        }
    }

    /// Queues `<quit>` as the last line.
    pub(crate) fn close(&mut self, batch: &[u8]) {
        self.push(batch, ServerLine::Quit);
        self.cursor = None;
        self.state = State::Closing;
        self.wake();
    }

    /// Ends the connection at once with a reset, which also discards what the system has buffered.
    pub(crate) fn abort(&mut self) {
        self.clear();
        self.state = State::Aborted;
        // If this fails, the socket is dead already.
        let _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
        self.wake();
    }

    /// Writes as much of the queue as the socket takes, and keeps the rest in the outbox. The batch must be cleared after this.
    /// Returns the number of bytes written.
    pub(crate) fn flush(&mut self, batch: &[u8]) -> usize {
        let cursor = self.cursor.as_mut().map(std::mem::take);
        let events = cursor.map_or(&[][..], |cursor| &batch[cursor as usize..]);
        self.write(events)
    }

    /// Writes as much of the outbox as the socket takes. Returns the number of bytes written.
    pub(crate) fn flush_outbox(&mut self) -> usize {
        self.write(&[])
    }

    /// Writes the outbox and then `events`, as far as the socket takes them.
    fn write(&mut self, events: &[u8]) -> usize {
        if self.full {
            self.outbox.extend_from_slice(events);
            return 0;
        }
        let direct = self.outbox.is_empty();
        if !direct {
            self.outbox.extend_from_slice(events);
        }
        let bytes = if direct { events } else { &self.outbox[..] };
        if bytes.is_empty() {
            return 0;
        }
        let written = match self.stream.try_write(bytes) {
            Ok(written) => written,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
            Err(_) => {
                self.fail();
                return 0;
            }
        };
        let all = written == bytes.len();
        if direct {
            self.outbox.extend_from_slice(&events[written..]);
        } else if all {
            self.outbox = BytesMut::new();
        } else {
            self.outbox.advance(written);
        }
        if !all {
            self.full = true;
            self.last_progress = Some(Instant::now());
            self.wake();
        }
        written
    }

    /// Called by the task of the connection whenever it runs: registers it to be woken when this side changes, and writes to a
    /// socket that was full. Adds the number of bytes written to `sent`.
    pub(crate) fn drive(&mut self, cx: &mut Context<'_>, sent: &mut u64) -> State {
        match &mut self.task {
            Some(task) => task.clone_from(cx.waker()),
            None => self.task = Some(cx.waker().clone()),
        }
        if self.full {
            // Whether or not the outbox is empty now, there is nothing else to do.
            let _ = self.poll_drain(cx, sent);
        }
        self.state
    }

    /// Writes the outbox. Ready when it is empty or the connection is broken. Adds the number of bytes written to `sent`.
    pub(crate) fn poll_drain(&mut self, cx: &mut Context<'_>, sent: &mut u64) -> Poll<()> {
        while !self.outbox.is_empty() {
            let ready = ready!(self.stream.poll_write_ready(cx));
            match ready.and_then(|()| self.stream.try_write(&self.outbox)) {
                Ok(written) => {
                    self.outbox.advance(written);
                    *sent += written as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
                Err(_) => {
                    self.fail();
                    return Poll::Ready(());
                }
            }
            self.last_progress = Some(Instant::now());
        }
        self.outbox = BytesMut::new();
        self.full = false;
        Poll::Ready(())
    }

    /// Shuts down the sending side, so that the client reads the end of the stream behind the last line.
    pub(crate) fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    /// Reads what the client sent into `bytes`. Leaves them empty at the end of the stream.
    pub(crate) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, bytes)
    }

    /// Handles a failure to send. The task of the connection reads what the client sent before, and finds the end behind it.
    fn fail(&mut self) {
        self.clear();
        if self.state == State::Open {
            self.state = State::Broken;
        }
        self.wake();
    }

    fn clear(&mut self) {
        self.outbox = BytesMut::new();
        self.cursor = None;
        self.full = false;
    }

    fn wake(&self) {
        if let Some(task) = &self.task {
            task.wake_by_ref();
        }
    }
}
