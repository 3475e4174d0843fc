//! Performing many scenarios: some at a time, and what hangs beside the others.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::play::{Outcome, Patience, Performance, Target, perform_noting};
use crate::script::Scenario;
use crate::spec::Class;

/// One scenario and how it went.
#[derive(Debug, Clone)]
pub struct Result<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// How it went.
    pub performance: Performance,
}

/// What was run, in the order of the specification.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    /// One result a scenario.
    pub results: Vec<Result<'a>>,
    /// From the first start of a server to the last end, in real time.
    pub took: Duration,
}

impl Run<'_> {
    /// What was checked.
    pub fn class(&self) -> Class {
        let first = self.results.first();
        first.map_or(Class::Server, |result| result.scenario.class)
    }
}

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

/// The scenario without which no other can pass: somebody enters an empty room.
const DOORWAY: &str = "alone-in-the-room";

/// When fewer scenarios are asked for, each is performed whatever happens.
const FEW: usize = 5;

/// Performs scenarios, so many at a time, and tells of each as soon as it is over.
///
/// The doorway comes first: while nobody can enter the room, the rest is blocked, and the cause is told once.
pub fn run<'a>(
    scenarios: &[&'a Scenario],
    target: &Target,
    patience: Patience,
    jobs: usize,
    over: impl Fn(&Result<'a>) + Sync,
) -> Run<'a> {
    let begin = Instant::now();
    let mut order: VecDeque<_> = scenarios.iter().copied().enumerate().collect();
    let results: Mutex<Vec<Option<Result<'a>>>> =
        Mutex::new(scenarios.iter().map(|_| None).collect());
    let finish = |at: usize, scenario: &'a Scenario, performance: Performance| {
        let result = Result {
            scenario,
            performance,
        };
        over(&result);
        results.lock().unwrap_or_else(PoisonError::into_inner)[at] = Some(result);
    };
    let slots = Slots::new(jobs);

    let doorway = order
        .iter()
        .position(|(_, scenario)| scenario.name == DOORWAY);
    if let Some((at, scenario)) = doorway
        .filter(|_| order.len() > FEW)
        .and_then(|at| order.remove(at))
    {
        let performance = slots.perform(scenario, target, patience);
        let blocked = !matches!(performance.outcome, Outcome::Passed);
        finish(at, scenario, performance);
        if blocked {
            for (at, scenario) in order.drain(..) {
                let outcome = Outcome::Blocked(DOORWAY.to_owned());
                finish(at, scenario, Performance::without(outcome));
            }
        }
    }

    // A thread that hangs has given up its slot; so many can hang beside those that work.
    const MOST_THREADS: usize = 64;
    let threads = if jobs == 1 {
        1
    } else {
        order.len().min(MOST_THREADS)
    };
    let queue = Mutex::new(order);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let next = queue
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .pop_front();
                    let Some((at, scenario)) = next else { break };
                    finish(at, scenario, slots.perform(scenario, target, patience));
                }
            });
        }
    });
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    Run {
        results: results.into_iter().flatten().collect(),
        took: begin.elapsed(),
    }
}
