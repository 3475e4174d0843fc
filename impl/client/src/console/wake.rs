//! How other threads wake the console.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;

/// Wakes the console. Several wakes before it runs count as one.
#[derive(Debug, Clone)]
pub(super) struct Waker(SyncSender<()>);

/// The receiving end of the wakers.
#[derive(Debug)]
pub(super) struct Wakes(Receiver<()>);

pub(super) fn channel() -> (Waker, Wakes) {
    let (sender, receiver) = sync_channel(1);
    (Waker(sender), Wakes(receiver))
}

impl Waker {
    pub(super) fn wake(&self) {
        // If the channel is full, a wake is pending already. If it is closed, the console has ended.
        let _ = self.0.try_send(());
    }
}

impl Wakes {
    /// Blocks until a waker is used or `until` has come.
    pub(super) fn wait(&self, until: Option<Instant>) {
        // The result does not matter: the console looks at everything whenever it wakes up.
        let _ = match until {
            Some(until) => {
                let wait = until.saturating_duration_since(Instant::now());
                self.0.recv_timeout(wait).is_ok()
            }
            None => self.0.recv().is_ok(),
        };
    }
}
