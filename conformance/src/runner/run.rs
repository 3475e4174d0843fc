//! Performing many scenarios: some at a time, and what hangs beside the others.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::outcome::{Outcome, Performance};
use super::patience::Patience;
use super::slots::Slots;
use super::target::Target;
use crate::requirement::Class;
use crate::scenario::Scenario;

/// One scenario and how it went.
#[derive(Debug, Clone)]
pub struct ScenarioResult<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// How it went.
    pub performance: Performance,
}

/// What was run, in the order of the specification.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    /// One result a scenario.
    pub results: Vec<ScenarioResult<'a>>,
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
    over: impl Fn(&ScenarioResult<'a>) + Sync,
) -> Run<'a> {
    let begin = Instant::now();
    let mut order: VecDeque<_> = scenarios.iter().copied().enumerate().collect();
    let results: Mutex<Vec<Option<ScenarioResult<'a>>>> =
        Mutex::new(scenarios.iter().map(|_| None).collect());
    let finish = |at: usize, scenario: &'a Scenario, performance: Performance| {
        let result = ScenarioResult {
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
