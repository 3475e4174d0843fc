//! A suite that fails a correct server is worse than none: under every habit that the specification allows, every
//! scenario passes.
//!
//! `HABITS=pairs` takes every pair of habits as well, and `ROUNDS=20` everything 20 times over: for the night.

mod common;
mod small_server;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use common::told;
use conformance::faulty::Habit;
use conformance::play::{Outcome, Patience};
use conformance::run::Slots;
use conformance::spec::{Class, Spec};
use libtest_mimic::Trial;
use small_server::small_server;

/// A server that does nothing for so long is not slow, but hangs.
const PATIENCE: Patience = Patience {
    hang: Duration::from_secs(20),
    stall: Duration::from_millis(250),
    start: Duration::from_secs(30),
};

/// What is too slow under a habit to be worth its time, for this reason.
const LEFT_OUT: &[(Habit, &str, &str)] = &[];

fn main() -> ExitCode {
    let mut sets: Vec<_> = single().collect();
    if std::env::var("HABITS").is_ok_and(|habits| habits == "pairs") {
        sets.extend(pairs());
    }
    let rounds = std::env::var("ROUNDS").ok();
    let rounds = rounds.and_then(|rounds| rounds.parse().ok()).unwrap_or(1);
    common::main(40, |spec| {
        // These servers sleep more than they work.
        let slots = Arc::new(Slots::new(8 * Slots::default_count()));
        let trials = sets.iter().flat_map(|habits| {
            let names = spec
                .scenarios_of(Class::Server)
                .map(|scenario| &scenario.name);
            names.filter_map(|name| trial(spec, name, habits, rounds, &slots))
        });
        trials.collect()
    })
}

fn single() -> impl Iterator<Item = Vec<Habit>> {
    Habit::ALL.iter().map(|habit| vec![*habit])
}

fn pairs() -> impl Iterator<Item = Vec<Habit>> {
    let numbered = || Habit::ALL.iter().enumerate();
    numbered().flat_map(move |(first, one)| {
        numbered()
            .skip(first + 1)
            .map(|(_, other)| vec![*one, *other])
    })
}

/// A scenario under some habits, a few times.
fn trial(
    spec: &Arc<Spec>,
    name: &str,
    habits: &[Habit],
    rounds: usize,
    slots: &Arc<Slots>,
) -> Option<Trial> {
    let left_out = |habit: &Habit| {
        LEFT_OUT
            .iter()
            .any(|(slow, scenario, _)| slow == habit && *scenario == name)
    };
    if habits.iter().any(left_out) {
        return None;
    }
    let names: Vec<_> = habits.iter().map(|habit| habit.name()).collect();
    let options: Vec<_> = names.iter().flat_map(|name| ["--habit", name]).collect();
    let target = small_server(&options);
    let title = format!("{}::{name}", names.join("+"));
    let (spec, slots, name) = (Arc::clone(spec), Arc::clone(slots), name.to_owned());
    Some(Trial::test(title, move || {
        let scenario = spec.scenario(&name).ok_or("it is gone")?;
        for _ in 0..rounds {
            match slots.perform(scenario, &target, PATIENCE).outcome {
                Outcome::Passed => {}
                outcome => return Err(told(&outcome).into()),
            }
        }
        Ok(())
    }))
}
