//! The room behind its connections: two tasks for each of them, one that reads and one that writes.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fastrand::Rng;
use tokio::sync::Notify;
use tokio::task::spawn_local;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::pipe::Pipe;
use crate::room::{Id, Next, Room};

/// How long to read and discard after the goodbye, and how much (LEAVE-7).
const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES: usize = 1024 * 1024;

/// How long a client that has left may take to read what it is owed (LEAVE-3).
const FAREWELL: Duration = Duration::from_secs(10);

/// A server in this process.
#[derive(Debug)]
pub(crate) struct Server {
    room: Mutex<Room>,
    /// Something may have been put into a queue.
    changed: Notify,
    naming_timeout: Duration,
    /// Time that it takes for what has arrived together.
    work: Duration,
    drops_with_reset: bool,
}

impl Server {
    pub(crate) fn new(mut rng: Rng, capacity: Option<usize>, naming_timeout: Duration) -> Self {
        Self {
            work: Duration::from_millis(rng.choice([0, 0, 0, 20, 100]).unwrap_or(0)),
            drops_with_reset: rng.bool(),
            room: Mutex::new(Room::new(rng, capacity)),
            changed: Notify::new(),
            naming_timeout,
        }
    }

    /// Accepts a connection after a while.
    pub(crate) fn accept(
        self: Arc<Self>,
        id: Id,
        after: Duration,
        incoming: Arc<Pipe>,
        outgoing: Arc<Pipe>,
    ) {
        spawn_local(async move {
            sleep(after).await;
            self.room().accept(id);
            self.changed.notify_waiters();
            spawn_local(Arc::clone(&self).write(id, Arc::clone(&incoming), outgoing));
            spawn_local(Arc::clone(&self).read(id, incoming));
            let accepted = Instant::now();
            while !self.room().has_left(id) {
                sleep(Duration::from_secs(1)).await;
                self.room().pass_second(id);
                if accepted.elapsed() >= self.naming_timeout {
                    self.room().time_out(id);
                }
                self.changed.notify_waiters();
            }
        });
    }

    async fn read(self: Arc<Self>, id: Id, incoming: Arc<Pipe>) {
        let mut buffer = vec![0; 32 * 1024];
        while !incoming.is_closed() {
            incoming.readable().await;
            sleep(self.work).await;
            let read = incoming.try_read(&mut buffer);
            let mut room = self.room();
            match &read {
                Ok(0) => room.input_ended(id),
                Ok(length) => room.take(id, &buffer[..*length]),
                Err(_) => room.lose(id),
            }
            drop(room);
            self.changed.notify_waiters();
            if !matches!(read, Ok(1..)) {
                return;
            }
        }
    }

    async fn write(self: Arc<Self>, id: Id, incoming: Arc<Pipe>, outgoing: Arc<Pipe>) {
        let mut left = None;
        loop {
            let changed = self.changed.notified();
            let owes = self.room().owes(id);
            if self.room().has_left(id) {
                left.get_or_insert_with(Instant::now);
            }
            let next = self.room().next(id);
            match next {
                Next::ShutDown if !owes => {
                    outgoing.end();
                    self.linger(&incoming).await;
                    return incoming.close();
                }
                Next::Close => {
                    if self.drops_with_reset {
                        outgoing.reset()
                    } else {
                        outgoing.end()
                    }
                    return incoming.close();
                }
                _ => {}
            }
            if !owes {
                changed.await;
                continue;
            }
            let ready = async {
                tokio::select! { biased; () = outgoing.writable() => {}, () = changed => {} }
            };
            let is_late = match left {
                Some(left) => timeout_at(left + FAREWELL, ready).await.is_err(),
                None => {
                    ready.await;
                    false
                }
            };
            let mut room = self.room();
            match room.send(id, |bytes| outgoing.try_write(bytes)) {
                _ if is_late => room.lose(id),
                Err(error) if error.kind() != io::ErrorKind::WouldBlock => room.cannot_send(id),
                _ => {}
            }
        }
    }

    /// Waits until the client has ended its side, or has had enough time or bytes.
    async fn linger(&self, incoming: &Pipe) {
        let Some(begin) = incoming.taken() else {
            return;
        };
        let is_over = async {
            while incoming
                .taken()
                .is_some_and(|taken| taken < begin + LINGER_BYTES)
            {
                self.changed.notified().await;
            }
        };
        let _ = timeout(LINGER, is_over).await;
    }

    fn room(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
