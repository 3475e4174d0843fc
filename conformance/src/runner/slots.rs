//! How many scenarios use the processor at the same time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

use driver::process::{StartError, descriptors};

use super::conduct::{Attempt, without_doubt};
use super::outcome::{NotStarted, Outcome, Performance};
use super::patience::Patience;
use super::perform::perform_once;
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

/// Slots for scenarios that use the processor. A scenario whose server is silent gives up its slot. One that must be alone
/// takes all of them.
#[derive(Debug)]
pub struct Slots {
    count: usize,
    state: Mutex<State>,
    changed: Condvar,
    /// What is said of a server that goes to the background. It does so in every scenario, only not always as fast.
    background: OnceLock<NotStarted>,
}

#[derive(Debug)]
struct State {
    free: usize,
    /// How many scenarios wait for all slots; nobody else is given one meanwhile.
    wait_for_all: usize,
}

impl Slots {
    /// This number of scenarios at the same time.
    pub const fn new(count: usize) -> Self {
        Self {
            count,
            state: Mutex::new(State {
                free: count,
                wait_for_all: 0,
            }),
            changed: Condvar::new(),
            background: OnceLock::new(),
        }
    }

    /// Twice the number of processors.
    pub fn default_count() -> usize {
        2 * std::thread::available_parallelism().map_or(2, usize::from)
    }

    /// Performs a scenario as soon as a slot is free; more than once where doubt is left.
    pub fn perform(&self, scenario: &Scenario, target: &Target, patience: Patience) -> Performance {
        without_doubt(|conduct| {
            let slots = if conduct.alone { self.count } else { 1 };
            self.take(slots);
            if let Some(not_started) = self.background.get() {
                self.give_back(slots);
                return Attempt::without(Outcome::NotStarted(not_started.clone()));
            }
            let is_given_up = AtomicBool::new(false);
            let give_up = || {
                if !is_given_up.swap(true, Ordering::Relaxed) {
                    self.give_back(slots);
                }
            };
            let keep = || {};
            let on_stall: &dyn Fn() = if conduct.alone { &keep } else { &give_up };
            let attempt = perform_once(scenario, target, patience, conduct, on_stall);
            if let Outcome::NotStarted(not_started) = &attempt.performance.outcome
                && matches!(not_started.error, StartError::Background { .. })
            {
                self.background.get_or_init(|| not_started.clone());
            }
            give_up();
            attempt
        })
    }

    /// The outcome of every scenario, if the server has gone to the background in one.
    pub fn background(&self) -> Option<Outcome> {
        self.background.get().cloned().map(Outcome::NotStarted)
    }

    fn take(&self, slots: usize) {
        let is_all = slots == self.count;
        let mut state = self.state();
        state.wait_for_all += usize::from(is_all);
        let must_wait =
            |state: &mut State| state.free < slots || (!is_all && state.wait_for_all > 0);
        let mut state = self
            .changed
            .wait_while(state, must_wait)
            .unwrap_or_else(PoisonError::into_inner);
        state.free -= slots;
        state.wait_for_all -= usize::from(is_all);
    }

    fn give_back(&self, slots: usize) {
        self.state().free += slots;
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
