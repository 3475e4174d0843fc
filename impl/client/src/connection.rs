//! The only place with sockets: a thread that does what the session wants, and tells what happens.
//!
//! ```text
//!  front ── Action ──► commands ──► ┌──────────────┐ ──► socket
//!    ▲                              │ thread "net" │
//!    └── Event ◄── events, bounded ─┤ tokio        │ ◄── socket
//!    └────────────── wake ◄─────────└──────────────┘
//! ```
//!
//! A front that is behind with its events is not drowned: while the channel is full, the socket is not read, and TCP
//! slows the server down. How much waits to be sent is bounded by the session
//! ([`MAX_UNSENT`](crate::session::MAX_UNSENT)).

mod dial;
mod talk;

use crate::session::{Action, ConnectionId, Event};
use std::io;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::runtime::Builder;
use tokio::sync::mpsc;

/// How long it may take to find the host and to connect.
pub const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// How many events wait for a front that is behind; each holds 16 KiB at most.
pub const MAX_EVENTS: usize = 64;

/// The thread, and the ways to and from it. Dropping it ends the connection and the thread.
#[derive(Debug)]
pub struct Network {
    commands: Option<mpsc::UnboundedSender<Action>>,
    events: mpsc::Receiver<(ConnectionId, Event)>,
    thread: Option<JoinHandle<()>>,
}

impl Network {
    /// Starts the thread. It calls `wake` after each event, so that a front can sleep until then.
    ///
    /// # Errors
    /// When the system gives no thread, or no place to wait for sockets.
    pub fn start(wake: impl Fn() + Send + 'static) -> io::Result<Self> {
        Self::start_with_limit(CONNECT_LIMIT, wake)
    }

    /// As [`start`](Self::start), with another limit for the time that connecting takes.
    ///
    /// # Errors
    /// As for [`start`](Self::start).
    pub fn start_with_limit(limit: Duration, wake: impl Fn() + Send + 'static) -> io::Result<Self> {
        let (commands, mut wanted) = mpsc::unbounded_channel();
        let (happened, events) = mpsc::channel(MAX_EVENTS);
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new()
            .name("net".into())
            .spawn(move || {
                let teller = Teller { happened, wake };
                runtime.block_on(serve(&mut wanted, &teller, limit));
                // A name may still be looked up: nobody waits for that.
                runtime.shutdown_background();
            })?;
        Ok(Self {
            commands: Some(commands),
            events,
            thread: Some(thread),
        })
    }

    /// Does what the session wants. Never waits.
    pub fn perform(&self, action: Action) {
        if let Some(commands) = &self.commands {
            // The thread ends only when this value is dropped.
            let _ = commands.send(action);
        }
    }

    /// The next event, when there is one already.
    pub fn poll_event(&mut self) -> Option<(ConnectionId, Event)> {
        self.events.try_recv().ok()
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.commands = None;
        self.events.close();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Tells the front what happens.
struct Teller<W> {
    happened: mpsc::Sender<(ConnectionId, Event)>,
    wake: W,
}

/// A place for one event.
type Place<'a> = mpsc::Permit<'a, (ConnectionId, Event)>;

impl<W: Fn()> Teller<W> {
    /// Waits until the front has room for an event. `None` when there is no front any more.
    async fn place(&self) -> Option<Place<'_>> {
        self.happened.reserve().await.ok()
    }

    fn tell(&self, place: Place<'_>, id: ConnectionId, event: Event) {
        place.send((id, event));
        (self.wake)();
    }
}

type Commands = mpsc::UnboundedReceiver<Action>;

/// One connection after another, until nobody wants any more.
async fn serve<W: Fn()>(commands: &mut Commands, teller: &Teller<W>, limit: Duration) {
    let mut next = commands.recv().await;
    while let Some(action) = next {
        next = match action {
            Action::Connect { id, host, port } => {
                let dialled = async {
                    let result = dial::dial(&host, port, limit).await;
                    Some((teller.place().await?, result))
                };
                tokio::select! {
                    biased;
                    command = commands.recv() => command,
                    dialled = dialled => match dialled {
                        None => None,
                        Some((place, Err(failure))) => {
                            teller.tell(place, id, Event::Failed(failure));
                            commands.recv().await
                        }
                        Some((place, Ok(stream))) => {
                            teller.tell(place, id, Event::Connected);
                            talk::talk(stream, id, commands, teller).await
                        }
                    },
                }
            }
            // Of a connection that is over.
            Action::Send { .. } | Action::Close { .. } => commands.recv().await,
        };
    }
}

#[cfg(test)]
mod tests;
