//! What wakes the console: bytes, keys, signals, and time.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;

/// Rings for the console. However often it rings before the console comes, it comes once.
#[derive(Debug, Clone)]
pub(super) struct Bell(SyncSender<()>);

/// Where the bell is heard.
#[derive(Debug)]
pub(super) struct Rung(Receiver<()>);

pub(super) fn bell() -> (Bell, Rung) {
    let (ring, rung) = sync_channel(1);
    (Bell(ring), Rung(rung))
}

impl Bell {
    pub(super) fn ring(&self) {
        // A full channel has rung already; without a listener nobody needs to come.
        let _ = self.0.try_send(());
    }
}

impl Rung {
    /// Waits until the bell rings or time has come.
    pub(super) fn wait(&self, until: Option<Instant>) {
        // A timeout is as good as a ring: whoever wakes looks at everything.
        let _ = match until {
            Some(until) => {
                let wait = until.saturating_duration_since(Instant::now());
                self.0.recv_timeout(wait).is_ok()
            }
            None => self.0.recv().is_ok(),
        };
    }
}
