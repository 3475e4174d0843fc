//! How many scenarios use the processor at the same time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use super::outcome::Performance;
use super::patience::Patience;
use super::perform::perform_noting;
use super::target::Target;
use crate::scenario::Scenario;

/// Slots for scenarios that use the processor. A scenario whose server is silent gives up its slot.
#[derive(Debug)]
pub struct Slots {
    free: Mutex<usize>,
    changed: Condvar,
}

impl Slots {
    /// This number of scenarios at the same time.
    pub const fn new(count: usize) -> Self {
        Self {
            free: Mutex::new(count),
            changed: Condvar::new(),
        }
    }

    /// Twice the number of processors.
    pub fn default_count() -> usize {
        2 * std::thread::available_parallelism().map_or(2, usize::from)
    }

    /// Performs a scenario as soon as a slot is free.
    pub fn perform(&self, scenario: &Scenario, target: &Target, patience: Patience) -> Performance {
        self.take();
        let is_given_up = AtomicBool::new(false);
        let give_up = || {
            if !is_given_up.swap(true, Ordering::Relaxed) {
                self.give_back();
            }
        };
        let performance = perform_noting(scenario, target, patience, &give_up);
        give_up();
        performance
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
