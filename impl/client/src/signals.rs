//! Ctrl-C and SIGTERM.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts the signals that ask the program to end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Signals(Arc<AtomicUsize>);

impl Signals {
    /// Starts to count Ctrl-C and SIGTERM. The first one calls `wake`; the second one ends the process at once.
    pub(crate) fn listen(&self, wake: impl Fn() + Send + 'static) {
        let count = self.0.clone();
        // If no handler can be set, the signals end the process as usual, which closes the connection.
        let _ = ctrlc::set_handler(move || {
            if count.fetch_add(1, Ordering::Relaxed) > 0 {
                std::process::exit(130);
            }
            wake();
        });
    }

    /// Whether there has been a signal.
    pub(crate) fn received(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }
}
