//! One direction of a connection: bytes arrive in order, after the delays of its link.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::link::Link;

#[derive(Debug)]
pub(crate) struct Pipe {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    link: Link,
    on_the_way: VecDeque<(Instant, Parcel)>,
    /// How many bytes are on the way or unread, and how many there is room for.
    bytes: usize,
    room: usize,
    last_due: Instant,
    has_ended: bool,
    /// From then on the writer knows that the reader has closed.
    closed: Option<Instant>,
    taken: usize,
}

#[derive(Debug)]
enum Parcel {
    Bytes(Vec<u8>),
    End,
    Reset,
}

impl Pipe {
    pub(crate) fn new(link: Link, room: usize) -> Self {
        Self {
            state: Mutex::new(State {
                link,
                on_the_way: VecDeque::new(),
                bytes: 0,
                room,
                last_due: Instant::now(),
                has_ended: false,
                closed: None,
                taken: 0,
            }),
            changed: Notify::new(),
        }
    }

    /// Waits until there is something to read.
    pub(crate) async fn readable(&self) {
        self.until(|state| state.on_the_way.front().map(|(due, _)| *due))
            .await;
    }

    /// Reads what has arrived. Zero bytes are the end.
    pub(crate) fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut state = self.state();
        let due = state.on_the_way.front().map(|(due, _)| *due);
        if due.is_none_or(|due| due > Instant::now()) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let Some((_, Parcel::Bytes(bytes))) = state.on_the_way.front_mut() else {
            let is_end = matches!(state.on_the_way.front(), Some((_, Parcel::End)));
            return if is_end {
                Ok(0)
            } else {
                Err(io::ErrorKind::ConnectionReset.into())
            };
        };
        let length = bytes.len().min(buffer.len());
        buffer[..length].copy_from_slice(&bytes[..length]);
        bytes.drain(..length);
        if bytes.is_empty() {
            state.on_the_way.pop_front();
        }
        state.bytes -= length;
        state.taken += length;
        self.changed.notify_waiters();
        Ok(length)
    }

    /// Waits until there is room for bytes, or it is known that the reader has closed.
    pub(crate) async fn writable(&self) {
        self.until(|state| match state.closed {
            _ if state.bytes < state.room => Some(state.last_due.min(Instant::now())),
            closed => closed,
        })
        .await;
    }

    /// Writes as much as there is room for.
    pub(crate) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.state();
        if state.has_ended || state.closed.is_some_and(|closed| closed <= Instant::now()) {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let length = bytes.len().min(state.room - state.bytes);
        if length == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let mut rest = &bytes[..length];
        while !rest.is_empty() {
            let (piece, others) = rest.split_at(state.link.piece(rest.len()));
            state.put(Parcel::Bytes(piece.to_vec()));
            rest = others;
        }
        state.bytes += length;
        self.changed.notify_waiters();
        Ok(length)
    }

    /// The writer ends its side in order.
    pub(crate) fn end(&self) {
        self.finish(Parcel::End);
    }

    /// The writer resets the connection. What is still on the way may be lost, from some point on.
    pub(crate) fn reset(&self) {
        let mut state = self.state();
        let pieces = state.on_the_way.len();
        let kept = state.link.kept(pieces);
        state.on_the_way.truncate(kept);
        drop(state);
        self.finish(Parcel::Reset);
    }

    /// The reader closes. The writer learns it when the news has come back.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        let delay = state.link.delay();
        state.closed.get_or_insert(Instant::now() + delay);
        self.changed.notify_waiters();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.state().closed.is_some()
    }

    /// How many bytes have been read, if the writer may still send some.
    pub(crate) fn taken(&self) -> Option<usize> {
        let state = self.state();
        let is_over = matches!(state.on_the_way.front(), Some((due, Parcel::End | Parcel::Reset)) if *due <= Instant::now());
        (!is_over).then_some(state.taken)
    }

    /// Whether something has arrived that nobody has read.
    pub(crate) fn has_unread(&self) -> bool {
        let state = self.state();
        matches!(state.on_the_way.front(), Some((due, Parcel::Bytes(_))) if *due <= Instant::now())
    }

    fn finish(&self, parcel: Parcel) {
        let mut state = self.state();
        let is_reset = matches!(parcel, Parcel::Reset);
        if !state.has_ended || is_reset {
            state.has_ended = true;
            state.put(parcel);
        }
        self.changed.notify_waiters();
    }

    /// Waits until the moment that the condition tells has come.
    async fn until(&self, moment: impl Fn(&State) -> Option<Instant>) {
        loop {
            let changed = self.changed.notified();
            let due = moment(&self.state());
            match due {
                Some(due) if due <= Instant::now() => return,
                Some(due) => {
                    tokio::select! { biased; () = changed => {}, () = sleep_until(due) => {} }
                }
                None => changed.await,
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn put(&mut self, parcel: Parcel) {
        let due = Instant::now() + self.link.delay();
        self.last_due = self.last_due.max(due);
        self.on_the_way.push_back((self.last_due, parcel));
    }
}
