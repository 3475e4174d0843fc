//! Performs many scenarios: some at the same time, and those that hang beside the others.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::outcome::{Outcome, Performance};
use super::patience::Patience;
use super::slots::Slots;
use super::target::Target;
use crate::requirement::Class;
use crate::scenario::Scenario;

/// One scenario and how it ended.
#[derive(Debug, Clone)]
pub struct ScenarioResult<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// How it ended.
    pub performance: Performance,
}

/// All results, in the order of the specification.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    /// One result per scenario.
    pub results: Vec<ScenarioResult<'a>>,
    /// Real time from the first start of a server to the last end.
    pub took: Duration,
    /// The name of the dialect that the server speaks; `None` for Salotto.
    pub dialect: Option<String>,
}

impl Run<'_> {
    /// The class of the program that was checked.
    pub fn class(&self) -> Class {
        let first = self.results.first();
        first.map_or(Class::Server, |result| result.scenario.class)
    }
}

/// The scenario that every other one relies on: one member enters an empty room.
const PREREQUISITE: &str = "alone-in-the-room";

/// When no more scenarios than this are selected, each is performed even if the prerequisite fails.
const FEW: usize = 5;

/// A thread whose scenario hangs has given up its slot, so this number of them can hang beside those that work.
const MOST_THREADS: usize = 64;

/// What happens when the prerequisite fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prerequisite {
    /// All other scenarios are blocked, and the cause is reported once.
    Blocks,
    /// The others are performed all the same: points follow what works.
    Ignored,
}

/// Performs scenarios, `jobs` at the same time, and calls `completed` with each result as soon as it is there. The
/// prerequisite comes first.
pub fn run<'a>(
    scenarios: &[&'a Scenario],
    target: &Target,
    patience: Patience,
    jobs: usize,
    prerequisite: Prerequisite,
    completed: impl Fn(&ScenarioResult<'a>) + Sync,
) -> Run<'a> {
    let began = Instant::now();
    let mut queue: VecDeque<_> = scenarios.iter().copied().enumerate().collect();
    let results: Mutex<Vec<Option<ScenarioResult<'a>>>> =
        Mutex::new(scenarios.iter().map(|_| None).collect());
    let finish = |index: usize, scenario: &'a Scenario, performance: Performance| {
        let result = ScenarioResult {
            scenario,
            performance,
        };
        completed(&result);
        results.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(result);
    };
    let slots = Slots::new(jobs);
    let perform = |scenario| slots.perform(scenario, target, patience);

    if let Some((index, scenario)) = take_prerequisite(&mut queue) {
        let performance = perform(scenario);
        let is_met = matches!(performance.outcome, Outcome::Passed);
        finish(index, scenario, performance);
        if !is_met && prerequisite == Prerequisite::Blocks {
            for (index, scenario) in queue.drain(..) {
                let outcome = Outcome::Blocked(PREREQUISITE.to_owned());
                finish(index, scenario, Performance::without(outcome));
            }
        }
    }

    let threads = if jobs == 1 {
        1
    } else {
        queue.len().min(MOST_THREADS)
    };
    let queue = Mutex::new(queue);
    let next = || {
        let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.pop_front()
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((index, scenario)) = next() {
                    finish(index, scenario, perform(scenario));
                }
            });
        }
    });
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    Run {
        results: results.into_iter().flatten().collect(),
        took: began.elapsed(),
        dialect: target.and_dialect().1.map(|dialect| dialect.name.clone()),
    }
}

/// Takes the prerequisite out of the queue, unless only few scenarios are selected.
fn take_prerequisite<'a>(
    queue: &mut VecDeque<(usize, &'a Scenario)>,
) -> Option<(usize, &'a Scenario)> {
    if queue.len() <= FEW {
        return None;
    }
    let is_prerequisite = |(_, scenario): &(usize, &Scenario)| scenario.name == PREREQUISITE;
    let position = queue.iter().position(is_prerequisite)?;
    queue.remove(position)
}
