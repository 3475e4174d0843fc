//! Performs many scenarios: some at the same time, and those that hang beside the others.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::outcome::{Outcome, Performance, ScenarioResult};
use super::patience::Patience;
use super::reliance::{GATES, is_relied_on, relied_on};
use super::settle::settle;
use super::slots::{self, Slots};
use super::target::Target;
use crate::requirement::Class;
use crate::scenario::Scenario;

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

/// When no more scenarios than this are selected, each is performed whatever it relies on.
const FEW: usize = 5;

/// What happens when a scenario fails that others rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prerequisite {
    /// The others are blocked, and the cause is reported once.
    Blocks,
    /// The others are performed all the same: points follow what works.
    Ignored,
}

/// Performs scenarios, `jobs` at the same time, and calls `completed` with each result as soon as it is there. Scenarios
/// that others rely on come first.
pub fn run<'a>(
    scenarios: &[&'a Scenario],
    target: &Target,
    patience: Patience,
    jobs: usize,
    prerequisite: Prerequisite,
    completed: impl Fn(&ScenarioResult<'a>) + Sync,
) -> Run<'a> {
    let began = Instant::now();
    let blocks = prerequisite == Prerequisite::Blocks && scenarios.len() > FEW;
    let slots = Slots::new(jobs);
    let results: Mutex<Vec<Option<ScenarioResult<'a>>>> =
        Mutex::new(scenarios.iter().map(|_| None).collect());
    let perform = |index: usize, scenario: &'a Scenario| {
        let blocking = if blocks {
            let results = results.lock().unwrap_or_else(PoisonError::into_inner);
            blocking(scenario, &results)
        } else {
            None
        };
        let performance = match blocking {
            Some(name) => Performance::without(Outcome::Blocked(name.to_owned())),
            None => slots.perform(scenario, target, patience),
        };
        let result = ScenarioResult {
            scenario,
            performance,
        };
        completed(&result);
        results.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(result);
    };
    for stage in stages(scenarios, blocks) {
        perform_all(stage, jobs, &perform);
    }
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut results: Vec<_> = results.into_iter().flatten().collect();
    if let Some(outcome) = slots.background() {
        for result in &mut results {
            result.performance.outcome = outcome.clone();
        }
    }
    settle(&mut results);
    Run {
        results,
        took: began.elapsed(),
        dialect: target.and_dialect().1.map(|dialect| dialect.name.clone()),
    }
}

/// Scenarios with their indices.
type Queue<'a> = VecDeque<(usize, &'a Scenario)>;

/// The scenarios in the order in which they must be performed; those of one stage do not rely on each other.
fn stages<'a>(scenarios: &[&'a Scenario], in_order: bool) -> Vec<Queue<'a>> {
    let mut rest: Queue<'_> = scenarios.iter().copied().enumerate().collect();
    let mut stages = Vec::new();
    if in_order {
        let mut take = |condition: &dyn Fn(&Scenario) -> bool| {
            let (stage, others) = rest.drain(..).partition(|(_, it)| condition(it));
            rest = others;
            stages.push(stage);
        };
        for gate in GATES {
            take(&|scenario| scenario.name == gate);
        }
        take(&is_relied_on);
    }
    stages.push(rest);
    stages
}

/// Performs all scenarios of a queue. What waits longest begins first, so that the others run meanwhile.
fn perform_all<'a>(
    mut queue: Queue<'a>,
    jobs: usize,
    perform: &(impl Fn(usize, &'a Scenario) + Sync),
) {
    queue
        .make_contiguous()
        .sort_by_key(|(_, scenario)| Reverse(scenario.naming_timeout()));
    let threads = if jobs == 1 {
        1
    } else {
        queue.len().min(slots::threads())
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
                    perform(index, scenario);
                }
            });
        }
    });
}

/// The scenario whose failure keeps this one from showing anything: a gate, or one that proves what this one relies on and
/// does not prove itself.
fn blocking(scenario: &Scenario, results: &[Option<ScenarioResult<'_>>]) -> Option<&'static str> {
    let outcome = |name: &str| {
        let mut results = results.iter().flatten();
        let result = results.find(|result| result.scenario.name == name)?;
        Some((&result.scenario.proves, &result.performance.outcome))
    };
    let is_shut = |gate: &&str| {
        scenario.name != **gate
            && outcome(gate).is_some_and(|(_, outcome)| {
                !matches!(
                    outcome,
                    Outcome::Passed | Outcome::Disturbed { .. } | Outcome::NotApplicable(_)
                )
            })
    };
    let is_missing = |proof: &&str| match outcome(proof) {
        Some((proves, Outcome::Failed(failure))) => {
            proves.contains(&failure.blame) && !scenario.proves.contains(&failure.blame)
        }
        _ => false,
    };
    let gate = GATES.into_iter().find(is_shut);
    gate.or_else(|| relied_on(scenario).into_iter().find(is_missing))
}
