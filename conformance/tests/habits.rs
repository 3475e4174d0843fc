//! A test suite must not fail a correct server. Under every habit that the specification allows, every scenario passes.
//!
//! `HABITS=pairs` also runs every pair of habits and the slow scenarios, and `ROUNDS=20` runs everything 20 times.

mod common;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use common::{faulty, reason};
use conformance::requirement::Class;
use conformance::runner::{Outcome, Patience, Slots};
use conformance::spec::Spec;
use libtest_mimic::Trial;

/// Longer than usual: a server that makes progress is slow, and does not hang.
const PATIENCE: Patience = Patience {
    hang: Duration::from_secs(20),
    stall: Duration::from_millis(250),
    start: Duration::from_secs(30),
};

fn main() -> ExitCode {
    let rounds = std::env::var("ROUNDS").ok();
    let rounds = rounds.and_then(|rounds| rounds.parse().ok()).unwrap_or(1);
    common::main(40, |spec| {
        // These servers sleep more than they work.
        let slots = Arc::new(Slots::new(8 * Slots::default_count()));
        let pairs = std::env::var("HABITS").is_ok_and(|habits| habits == "pairs");
        let sets = sets(pairs);
        let trials = sets.iter().flat_map(|habits| {
            let scenarios = spec.scenarios_of(Class::Server);
            let scenarios = scenarios.filter(|scenario| pairs || !scenario.slow);
            scenarios.map(|scenario| trial(spec, &scenario.name, habits, rounds, &slots))
        });
        trials.collect()
    })
}

/// Each habit by itself and, if `pairs`, each pair of habits.
fn sets(pairs: bool) -> Vec<Vec<String>> {
    let habits = faulty::planted(faulty::server_program())
        .into_iter()
        .filter(|planted| planted.requirement.is_none())
        .map(|habit| habit.name);
    let habits: Vec<_> = habits.collect();
    let mut sets: Vec<_> = habits.iter().map(|habit| vec![habit.clone()]).collect();
    if pairs {
        sets.extend(habits.iter().enumerate().flat_map(|(at, one)| {
            habits[at + 1..]
                .iter()
                .map(move |other| vec![one.clone(), other.clone()])
        }));
    }
    sets
}

/// One scenario, `rounds` times, with a server that has these habits.
fn trial(
    spec: &Arc<Spec>,
    name: &str,
    habits: &[String],
    rounds: usize,
    slots: &Arc<Slots>,
) -> Trial {
    let options: Vec<_> = habits.iter().flat_map(|name| ["--habit", name]).collect();
    let target = faulty::server(&options);
    let title = format!("{}::{name}", habits.join("+"));
    let (spec, slots, name) = (Arc::clone(spec), Arc::clone(slots), name.to_owned());
    Trial::test(title, move || {
        let scenario = spec.scenario(&name).ok_or("there is no such scenario")?;
        for _ in 0..rounds {
            match slots.perform(scenario, &target, PATIENCE).outcome {
                Outcome::Passed => {}
                outcome => return Err(reason(&outcome).into()),
            }
        }
        Ok(())
    })
}
