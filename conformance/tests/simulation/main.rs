//! No correct server is failed: the runner plays every scenario against a conformant server behind a simulated network.
//!
//! Time is simulated, so that a schedule is decided by its seed alone: how late each connection is in each direction, how bytes
//! are cut into pieces, and what the server does where the specification leaves it a choice. A failure prints the seed.
//!
//! `SEEDS=1000` plays 1000 schedules of each scenario; `SEED=17` plays this one. `TRACE=1` prints what happened on the wire.

mod line;
mod link;
mod network;
mod pipe;
mod room;
mod server;

use std::process::ExitCode;
use std::sync::Arc;

use conformance::report::text::Page;
use conformance::requirement::{Class, Level};
use conformance::runner::{
    Moment, Outcome, Patience, Performance, ScenarioResult, Target, perform_here,
};
use conformance::scenario::Scenario;
use conformance::spec::Spec;
use libtest_mimic::{Arguments, Failed, Trial};
use network::Simulation;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let spec = match Spec::built_in() {
        Ok(spec) => Arc::new(spec),
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let seeds = seeds();
    // The model has no tables of Unicode, so it leaves out the rules that are recommended.
    let scenarios = spec
        .scenarios_of(Class::Server)
        .filter(|scenario| !scenario.needs_process() && spec.level(scenario) != Level::Recommended);
    let trials = scenarios.map(|scenario| {
        let (spec, name, seeds) = (Arc::clone(&spec), scenario.name.clone(), seeds.clone());
        Trial::test(scenario.name.clone(), move || {
            let scenario = spec.scenario(&name).ok_or("there is no such scenario")?;
            seeds
                .clone()
                .try_for_each(|seed| play(&spec, scenario, seed))
        })
    });
    let mut trials: Vec<_> = trials.collect();
    let spec = Arc::clone(&spec);
    trials.push(Trial::test("a seed decides everything", move || {
        replay(&spec)
    }));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A schedule that is played again takes the same course, to the millisecond.
fn replay(spec: &Spec) -> Result<(), Failed> {
    for name in [
        "coming-and-going-at-once",
        "a-sleeper-may-talk",
        "a-full-room",
    ] {
        let scenario = spec.scenario(name).ok_or("there is no such scenario")?;
        for seed in 0..10 {
            let course = || -> Result<_, Failed> {
                let network = Arc::new(Simulation::new(seed));
                let performance = perform(scenario, &network)?;
                Ok((moments(&performance), network.delays()))
            };
            if course()? != course()? {
                return Err(format!("{name} takes another course with seed {seed}").into());
            }
        }
    }
    Ok(())
}

/// The seeds that the environment asks for.
fn seeds() -> std::ops::Range<u64> {
    let number = |name| std::env::var(name).ok()?.parse::<u64>().ok();
    match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SEEDS").unwrap_or(20),
    }
}

/// Plays one schedule of a scenario.
fn play(spec: &Spec, scenario: &Scenario, seed: u64) -> Result<(), Failed> {
    let network = Arc::new(Simulation::new(seed));
    let performance = perform(scenario, &network)?;
    if let Outcome::Passed = performance.outcome {
        return Ok(());
    }
    let page = page(spec, scenario, &performance);
    let mut told = format!("SEED={seed}\n{page}\n{}", network.delays());
    if std::env::var_os("TRACE").is_some() {
        for moment in moments(&performance) {
            told.push_str(&format!("\n{moment:?}"));
        }
    }
    Err(told.into())
}

/// What happened on the wire.
fn moments(performance: &Performance) -> Vec<Moment> {
    let (first, _, last) = performance.trace.parts();
    first.iter().chain(last).cloned().collect()
}

/// What the author of a server would read.
fn page(spec: &Spec, scenario: &Scenario, performance: &Performance) -> String {
    let performance = performance.clone();
    let result = ScenarioResult {
        scenario,
        performance,
    };
    let page = Page::of(spec, &result, "").map(|page| page.to_string());
    page.unwrap_or_else(|| format!("{:?}", result.performance.outcome))
}

fn perform(scenario: &Scenario, network: &Arc<Simulation>) -> Result<Performance, Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()?;
    let target = Target::Simulated(Arc::<Simulation>::clone(network));
    let performed = perform_here(scenario, &target, Patience::default(), &|| {});
    Ok(tokio::task::LocalSet::new().block_on(&runtime, performed))
}
