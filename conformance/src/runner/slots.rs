//! How many scenarios use the processor at the same time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};

use driver::process::{StartError, descriptors};

use super::outcome::{NotStarted, Outcome, Performance};
use super::patience::Patience;
use super::perform::perform_noting;
use super::target::Target;
use crate::scenario::Scenario;

/// A thread whose scenario hangs has given up its slot, so this number of them can hang beside those that work.
const MOST_THREADS: u64 = 64;

/// Open files of one scenario: its connections, and the pipes, the timer and the port of its server.
const FILES: u64 = 64;

/// Open files of the suite itself.
const OWN_FILES: u64 = 32;

/// How many threads may perform scenarios. The soft limit on open files is raised for them; where the hard limit is low, there
/// are fewer.
pub fn threads() -> usize {
    let limit = descriptors::raise_to(OWN_FILES + MOST_THREADS * FILES);
    let threads = limit.saturating_sub(OWN_FILES) / FILES;
    threads.clamp(1, MOST_THREADS) as usize
}

/// Slots for scenarios that use the processor. A scenario whose server is silent gives up its slot.
#[derive(Debug)]
pub struct Slots {
    free: Mutex<usize>,
    changed: Condvar,
    /// What is said of a server that goes to the background. It does so in every scenario, only not always as fast.
    background: OnceLock<NotStarted>,
}

impl Slots {
    /// This number of scenarios at the same time.
    pub const fn new(count: usize) -> Self {
        Self {
            free: Mutex::new(count),
            changed: Condvar::new(),
            background: OnceLock::new(),
        }
    }

    /// Twice the number of processors.
    pub fn default_count() -> usize {
        2 * std::thread::available_parallelism().map_or(2, usize::from)
    }

    /// Performs a scenario as soon as a slot is free.
    pub fn perform(&self, scenario: &Scenario, target: &Target, patience: Patience) -> Performance {
        self.take();
        if let Some(not_started) = self.background.get() {
            self.give_back();
            return Performance::without(Outcome::NotStarted(not_started.clone()));
        }
        let is_given_up = AtomicBool::new(false);
        let give_up = || {
            if !is_given_up.swap(true, Ordering::Relaxed) {
                self.give_back();
            }
        };
        let performance = perform_noting(scenario, target, patience, &give_up);
        if let Outcome::NotStarted(not_started) = &performance.outcome
            && matches!(not_started.error, StartError::Background { .. })
        {
            self.background.get_or_init(|| not_started.clone());
        }
        give_up();
        performance
    }

    /// The outcome of every scenario, if the server has gone to the background in one.
    pub fn background(&self) -> Option<Outcome> {
        self.background.get().cloned().map(Outcome::NotStarted)
    }

    fn take(&self) {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self
            .changed
            .wait_while(free, |free| *free == 0)
            .unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
    }

    fn give_back(&self) {
        *self.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.changed.notify_one();
    }
}
