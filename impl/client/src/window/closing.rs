//! How the window ends.

use eframe::egui::Context;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts the signals that ask the program to end.
#[derive(Debug, Clone, Default)]
pub(super) struct Signals(Arc<AtomicUsize>);

impl Signals {
    /// Whether there was one.
    pub(super) fn happened(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }

    /// From now on Ctrl-C and SIGTERM are counted, and wake the window. The second one ends the program at once.
    pub(super) fn hear(&self, ctx: &Context) {
        let counted = self.0.clone();
        let ctx = ctx.clone();
        // Without a handler the signals end the program, and the server finds out by the end of the connection.
        let _ = ctrlc::set_handler(move || {
            if counted.fetch_add(1, Ordering::Relaxed) > 0 {
                std::process::exit(130);
            }
            ctx.request_repaint();
        });
    }
}
