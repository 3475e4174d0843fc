//! How many scenarios use the processor at the same time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use super::outcome::Performance;
use super::patience::Patience;
use super::perform::perform_noting;
use super::target::Target;
use crate::scenario::Scenario;

/// Places for scenarios that use the processor. Whoever waits for a silent server gives up its place.
#[derive(Debug)]
pub struct Slots {
    free: Mutex<usize>,
    changed: Condvar,
}

impl Slots {
    /// So many scenarios at a time.
    pub const fn new(count: usize) -> Self {
        Self {
            free: Mutex::new(count),
            changed: Condvar::new(),
        }
    }

    /// A sensible number of them for this machine.
    pub fn default_count() -> usize {
        2 * std::thread::available_parallelism().map_or(2, usize::from)
    }

    /// Performs a scenario as soon as there is a place for it.
    pub fn perform(&self, scenario: &Scenario, target: &Target, patience: Patience) -> Performance {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self
            .changed
            .wait_while(free, |free| *free == 0)
            .unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        drop(free);
        let given_up = AtomicBool::new(false);
        let give_up = || {
            if !given_up.swap(true, Ordering::Relaxed) {
                *self.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
                self.changed.notify_one();
            }
        };
        let performance = perform_noting(scenario, target, patience, &give_up);
        give_up();
        performance
    }
}
