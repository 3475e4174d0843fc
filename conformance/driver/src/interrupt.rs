//! What Ctrl-C does: it ends the servers and this program. A command that has something to say first asks to be told instead.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::process::child;

static WAITED_FOR: AtomicBool = AtomicBool::new(false);
static ASKED: AtomicBool = AtomicBool::new(false);

/// The status of a program that was interrupted, as shells have it.
const INTERRUPTED: i32 = 130;

/// Installs the handler, once.
///
/// # Errors
/// The system allows none.
pub fn install() -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(|| {
        let second = ASKED.swap(true, Ordering::Relaxed);
        if WAITED_FOR.load(Ordering::Relaxed) && !second {
            return;
        }
        child::kill_all();
        std::process::exit(INTERRUPTED);
    })
}

/// From now on the first Ctrl-C only makes [`asked`] true; the second one ends the program.
pub fn wait_for() {
    WAITED_FOR.store(true, Ordering::Relaxed);
}

/// Whether somebody has pressed Ctrl-C.
pub fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
