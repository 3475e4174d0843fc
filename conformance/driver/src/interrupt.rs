//! Ctrl-C ends this program and the servers it has started. A command that has results to print first can ask to be notified
//! instead.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::process::child;

static WAITED_FOR: AtomicBool = AtomicBool::new(false);
static ASKED: AtomicBool = AtomicBool::new(false);

/// Exit status of an interrupted program: 128 + SIGINT, as in shells.
const INTERRUPTED: i32 = 130;

/// Installs the handler. Call it once.
///
/// # Errors
/// The system does not allow a handler.
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

/// From now on the first Ctrl-C only makes [`asked`] return true. The second one ends the program.
pub fn wait_for() {
    WAITED_FOR.store(true, Ordering::Relaxed);
}

/// Whether Ctrl-C has been pressed.
pub fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
