//! The network thread: performs the actions of the session and reports events. All sockets are here.
//!
//! ```text
//! front end ── actions ────────► ┌──────────────┐ ──► socket
//!      ▲  ▲                      │ thread "net" │
//!      │  └─── events, bounded ──┤ tokio        │ ◄── socket
//!      └────── wake ─────────────└──────────────┘
//! ```
//!
//! While the event channel is full, the socket is not read, so a slow front end makes TCP slow the server down. The session
//! bounds what waits to be sent ([`MAX_UNSENT`](crate::session::MAX_UNSENT)).
//!
//! `dial` opens a connection, `transfer` sends and receives on it, and both use `channels`.

mod channels;
mod dial;
mod transfer;

use crate::session::{Action, ConnectionId, Event};
use channels::{Actions, EventSender};
use std::io;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::runtime::Builder;
use tokio::sync::mpsc;

/// The time limit for resolving the host and connecting.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// The capacity of the event channel. An event holds at most 16 KiB.
pub(crate) const MAX_EVENTS: usize = 64;

/// A handle to the network thread. Dropping it ends the connection and the thread.
#[derive(Debug)]
pub(crate) struct Network {
    actions: Option<mpsc::UnboundedSender<Action>>,
    events: mpsc::Receiver<(ConnectionId, Event)>,
    thread: Option<JoinHandle<()>>,
}

impl Network {
    /// Starts the thread, which calls `wake` after each event.
    ///
    /// # Errors
    /// If the thread or its runtime cannot be created.
    pub(crate) fn start(wake: impl Fn() + Send + 'static) -> io::Result<Self> {
        Self::start_with_limit(CONNECT_LIMIT, wake)
    }

    /// As [`start`](Self::start), with another time limit for connecting.
    fn start_with_limit(limit: Duration, wake: impl Fn() + Send + 'static) -> io::Result<Self> {
        let (actions, mut requested) = mpsc::unbounded_channel();
        let (sender, events) = mpsc::channel(MAX_EVENTS);
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new()
            .name("net".into())
            .spawn(move || {
                let sender = EventSender {
                    events: sender,
                    wake,
                };
                runtime.block_on(serve(&mut requested, &sender, limit));
                // Do not wait for a name lookup that may still be running.
                runtime.shutdown_background();
            })?;
        Ok(Self {
            actions: Some(actions),
            events,
            thread: Some(thread),
        })
    }

    /// Passes an action to the thread. Never blocks.
    pub(crate) fn perform(&self, action: Action) {
        if let Some(actions) = &self.actions {
            // The thread runs until this value is dropped.
            let _ = actions.send(action);
        }
    }

    /// The next event, if there is one. Never blocks.
    pub(crate) fn poll_event(&mut self) -> Option<(ConnectionId, Event)> {
        self.events.try_recv().ok()
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.actions = None;
        self.events.close();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Serves one connection after the other until the handle is dropped.
async fn serve<W: Fn()>(actions: &mut Actions, sender: &EventSender<W>, limit: Duration) {
    let mut next = actions.recv().await;
    while let Some(action) = next {
        next = match action {
            Action::Connect { id, host, port } => {
                let dialing = async {
                    let result = dial::dial(&host, port, limit).await;
                    Some((sender.reserve().await?, result))
                };
                tokio::select! {
                    biased;
                    next = actions.recv() => next,
                    dialed = dialing => match dialed {
                        None => None,
                        Some((permit, Err(failure))) => {
                            sender.send(permit, id, Event::Failed(failure));
                            actions.recv().await
                        }
                        Some((permit, Ok(stream))) => {
                            sender.send(permit, id, Event::Connected);
                            transfer::transfer(stream, id, actions, sender).await
                        }
                    },
                }
            }
            // These belong to a connection that has ended.
            Action::Send { .. } | Action::Close { .. } => actions.recv().await,
        };
    }
}

#[cfg(test)]
mod tests;
