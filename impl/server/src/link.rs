//! One connection's socket, and what it is owed.

use bytes::{Buf, BytesMut};
use salotto_protocol::ServerLine;
use socket2::SockRef;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker, ready};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

/// Seldom is one line owed alone: a welcome is one for each member. So many bytes are there from the
/// first one on, until what is owed is sent.
const A_FEW_LINES: usize = 512;

/// What one connection is owed, and the socket that takes it.
///
/// A member is owed its outbox and then the room's batch from its cursor on. In the usual case the
/// outbox is empty, the cursor stands at the beginning, and a flush is one write of the batch
/// that all members share. Whatever is particular to this connection (a reply, a line of its own
/// in the batch, a socket that is full) moves what it is owed so far into the outbox.
#[derive(Debug)]
pub(crate) struct Link {
    stream: TcpStream,
    task: Option<Waker>,
    outbox: BytesMut,
    /// Where in the batch the part begins that is not in the outbox; `None` hears no events.
    cursor: Option<u32>,
    state: State,
    /// Whether the end of what the client sent has been read, or is known to be next.
    ended: bool,
    /// Whether the socket is full, so that the connection's own task has to wait for it.
    full: bool,
    /// Whether this link is on the list of those that are far behind.
    pub(crate) lagging: bool,
    /// When the socket last took something, if it was ever full.
    progress: Option<Instant>,
    peer: SocketAddr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// In use.
    Open,
    /// Sending failed, and nothing is sent any more; what the client sent before may still be read.
    Deaf,
    /// `<quit>` is the last line in the outbox.
    Closing,
    /// To be ended at once, whatever is in flight.
    Cut,
}

impl Link {
    pub(crate) fn new(stream: TcpStream, peer: SocketAddr) -> Self {
        Self {
            stream,
            task: None,
            outbox: BytesMut::new(),
            cursor: None,
            state: State::Open,
            ended: false,
            full: false,
            lagging: false,
            progress: None,
            peer,
        }
    }

    /// Where the client is.
    pub(crate) fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// How many bytes wait outside of the batch.
    pub(crate) fn backlog(&self) -> usize {
        self.outbox.len()
    }

    /// Whether the socket took something in the `span` before `now`.
    pub(crate) fn moved_within(&self, span: Duration, now: Instant) -> bool {
        self.progress
            .is_some_and(|progress| now.duration_since(progress) < span)
    }

    /// From the end of `batch` on, this link hears events.
    pub(crate) fn enter(&mut self, batch: &[u8]) {
        self.cursor = Some(batch.len() as u32);
    }

    /// Moves what is owed of `batch` so far to the outbox.
    pub(crate) fn catch_up(&mut self, batch: &[u8]) {
        if let Some(cursor) = &mut self.cursor {
            self.outbox.extend_from_slice(&batch[*cursor as usize..]);
            *cursor = batch.len() as u32;
        }
    }

    /// Leaves out of `batch` whatever was added since [`catch_up`](Self::catch_up).
    pub(crate) fn skip(&mut self, batch: &[u8]) {
        if let Some(cursor) = &mut self.cursor {
            *cursor = batch.len() as u32;
        }
    }

    /// Owes `line` behind what is owed of `batch` so far.
    pub(crate) fn owe(&mut self, batch: &[u8], line: ServerLine<'_>) {
        if self.state == State::Open {
            if self.outbox.capacity() == 0 {
                self.outbox = BytesMut::with_capacity(A_FEW_LINES);
            }
            self.catch_up(batch);
            line.encode(&mut self.outbox);
        }
    }

    /// Owes a goodbye as the last line.
    pub(crate) fn close(&mut self, batch: &[u8]) {
        self.owe(batch, ServerLine::Quit);
        self.cursor = None;
        self.state = State::Closing;
        self.wake();
    }

    /// Ends the connection at once and without a goodbye: the bytes in flight are destroyed, in
    /// this process and in the system.
    pub(crate) fn cut(&mut self) {
        self.forget_all();
        self.state = State::Cut;
        // Where this fails the socket is gone already.
        let _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
        self.wake();
    }

    /// Gives the socket as much as it takes of what is owed; the batch ends after this. Says how
    /// many bytes that were.
    pub(crate) fn flush(&mut self, batch: &[u8]) -> usize {
        let cursor = self.cursor.as_mut().map(std::mem::take);
        let owed = cursor.map_or(&[][..], |cursor| &batch[cursor as usize..]);
        self.offer(owed)
    }

    /// The same while the batch goes on.
    pub(crate) fn flush_outbox(&mut self) -> usize {
        self.offer(&[])
    }

    /// Gives the socket as much as it takes of the outbox and of what is `owed` behind it.
    fn offer(&mut self, owed: &[u8]) -> usize {
        if self.full {
            self.outbox.extend_from_slice(owed);
            return 0;
        }
        let direct = self.outbox.is_empty();
        if !direct {
            self.outbox.extend_from_slice(owed);
        }
        let bytes = if direct { owed } else { &self.outbox[..] };
        if bytes.is_empty() {
            return 0;
        }
        let taken = match self.try_write(bytes) {
            Ok(taken) => taken,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
            Err(_) => {
                self.fail();
                return 0;
            }
        };
        let all = taken == bytes.len();
        if direct {
            self.outbox.extend_from_slice(&owed[taken..]);
        } else if all {
            self.outbox = BytesMut::new();
        } else {
            self.outbox.advance(taken);
        }
        if !all {
            self.full = true;
            self.progress = Some(Instant::now());
            self.wake();
        }
        taken
    }

    /// Offers `bytes` to the socket. Behind a goodbye the end of the stream follows at once: where
    /// the system can be told, it holds the last bytes until then, and both go in one packet.
    fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        if self.state == State::Closing {
            return self.stream.try_io(Interest::WRITABLE, || {
                SockRef::from(&self.stream)
                    .send_with_flags(bytes, libc::MSG_MORE | libc::MSG_NOSIGNAL)
            });
        }
        self.stream.try_write(bytes)
    }

    /// Reads into `bytes`, which is empty, what the client sent; nothing at the end of the stream.
    pub(crate) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.stream.poll_read_ready(cx).is_pending() {
            return Poll::Pending;
        }
        // To be asked before the read: then the end stands behind what is read, and not behind
        // something that came meanwhile.
        let ends = self.ends();
        let read = ready!(Pin::new(&mut self.stream).poll_read(cx, bytes));
        self.ended = bytes.filled().is_empty() || ends && bytes.remaining() > 0;
        Poll::Ready(read)
    }

    /// Whether nothing more comes from the client.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended
    }

    /// Whether the system has told of the client's end of the stream.
    fn ends(&self) -> bool {
        let ready = pin!(self.stream.ready(Interest::READABLE | Interest::WRITABLE));
        let ready = ready.poll(&mut Context::from_waker(Waker::noop()));
        matches!(ready, Poll::Ready(Ok(ready)) if ready.is_read_closed() && !ready.is_write_closed())
    }

    /// Does the duty of the connection's own task: to wait for the socket when that is full, and
    /// to be there when this link is closed or cut by somebody else.
    pub(crate) fn attend(&mut self, cx: &mut Context<'_>, sent: &mut u64) -> State {
        if !self
            .task
            .as_ref()
            .is_some_and(|task| task.will_wake(cx.waker()))
        {
            self.task = Some(cx.waker().clone());
        }
        if self.full {
            // Pending or not, there is nothing else to be done about it now.
            let _ = self.poll_drain(cx, sent);
        }
        self.state
    }

    /// Writes the outbox, and adds the bytes to those `sent`. Ready when it is empty, or cannot be
    /// written.
    pub(crate) fn poll_drain(&mut self, cx: &mut Context<'_>, sent: &mut u64) -> Poll<()> {
        while !self.outbox.is_empty() {
            let ready = ready!(self.stream.poll_write_ready(cx));
            match ready.and_then(|()| self.try_write(&self.outbox)) {
                Ok(taken) => {
                    self.outbox.advance(taken);
                    *sent += taken as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
                Err(_) => {
                    self.fail();
                    return Poll::Ready(());
                }
            }
            self.progress = Some(Instant::now());
        }
        self.outbox = BytesMut::new();
        self.full = false;
        Poll::Ready(())
    }

    /// Ends the sending side: the client reads the end of the stream behind the last line.
    pub(crate) fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    /// Sending failed, so the connection is dead. What the client said before it died is still
    /// there to be read, and its task finds the end behind it.
    fn fail(&mut self) {
        self.forget_all();
        if self.state == State::Open {
            self.state = State::Deaf;
        }
        self.wake();
    }

    fn forget_all(&mut self) {
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
