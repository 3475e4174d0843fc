//! No correct server is failed: the runner plays every scenario against a conformant server behind a simulated network.
//!
//! Time is simulated, so that a schedule is decided by its seed alone: how late each connection is in each direction, how bytes
//! are cut into pieces, and what the server does where the specification leaves it a choice. A failure prints the seed.
//!
//! It also plays all scenarios one after the other against one server that goes on, as `--connect` does, with a stranger in the room.
//!
//! `SEEDS=1000` plays 1000 schedules of each scenario; `SEED=17` plays this one. `TRACE=1` prints what happened on the wire.

mod line;
mod link;
mod network;
mod pipe;
mod room;
mod server;
mod stranger;

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

/// Scenarios that leave a server two of the ten seconds that LEAVE-3 grants: too few for the slowest links.
const TIGHT: [&str; 1] = ["ten-seconds-to-take-what-is-owed"];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let spec: &'static Spec = match Spec::built_in() {
        Ok(spec) => Box::leak(Box::new(spec)),
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let each = scenarios(spec).into_iter().map(|scenario| {
        Trial::test(scenario.name.clone(), || {
            seeds().try_for_each(|seed| play_alone(spec, scenario, seed))
        })
    });
    let all = [
        Trial::test("one server for all scenarios", || {
            seeds().step_by(4).try_for_each(|seed| play_all(spec, seed))
        }),
        Trial::test("a seed decides everything", || replay(spec)),
    ];
    libtest_mimic::run(&arguments, each.chain(all).collect()).exit_code()
}

/// The scenarios that need no process. The model has no tables of Unicode, so it leaves out what is only recommended.
fn scenarios(spec: &Spec) -> Vec<&Scenario> {
    let all = spec.scenarios_of(Class::Server);
    all.filter(|scenario| !scenario.needs_process() && spec.level(scenario) != Level::Recommended)
        .collect()
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
fn play_alone(spec: &Spec, scenario: &Scenario, seed: u64) -> Result<(), Failed> {
    let longest = if TIGHT.contains(&scenario.name.as_str()) {
        200
    } else {
        1000
    };
    let network = Arc::new(Simulation::new(seed, longest));
    let performance = in_simulated_time(perform(scenario, &network))?;
    judge(spec, scenario, seed, &network, performance)
}

/// Plays one schedule of all scenarios for a server that was running before, in an order of its own.
fn play_all(spec: &Spec, seed: u64) -> Result<(), Failed> {
    in_simulated_time(async {
        let network = Arc::new(Simulation::shared(seed));
        let mut scenarios = scenarios(spec);
        scenarios.retain(|scenario| scenario.settings.is_empty());
        fastrand::Rng::with_seed(seed).shuffle(&mut scenarios);
        stranger::enter(&*network).await?;
        for scenario in scenarios {
            let performance = perform(scenario, &network).await;
            judge(spec, scenario, seed, &network, performance)?;
        }
        Ok(())
    })?
}

/// A schedule that is played again takes the same course, to the millisecond.
fn replay(spec: &Spec) -> Result<(), Failed> {
    let names = [
        "coming-and-going-at-once",
        "a-sleeper-may-talk",
        "a-full-room",
    ];
    for scenario in names.into_iter().filter_map(|name| spec.scenario(name)) {
        for seed in 0..10 {
            let course = || -> Result<_, Failed> {
                let network = Arc::new(Simulation::new(seed, 1000));
                let performance = in_simulated_time(perform(scenario, &network))?;
                Ok((moments(&performance), network.take_delays()))
            };
            if course()? != course()? {
                let name = &scenario.name;
                return Err(format!("{name} takes another course with seed {seed}").into());
            }
        }
    }
    Ok(())
}

/// Time passes only when nothing else can happen.
fn in_simulated_time<T>(future: impl Future<Output = T>) -> Result<T, Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()?;
    Ok(tokio::task::LocalSet::new().block_on(&runtime, future))
}

async fn perform(scenario: &Scenario, network: &Arc<Simulation>) -> Performance {
    let target = Target::Simulated(Arc::<Simulation>::clone(network));
    perform_here(scenario, &target, Patience::default(), &|| {}).await
}

/// Tells what the author of a server would read, the seed and the delays.
fn judge(
    spec: &Spec,
    scenario: &Scenario,
    seed: u64,
    network: &Simulation,
    performance: Performance,
) -> Result<(), Failed> {
    let delays = network.take_delays();
    if let Outcome::Passed = performance.outcome {
        return Ok(());
    }
    let mut told = format!("SEED={seed}\n");
    if std::env::var_os("TRACE").is_some() {
        for moment in moments(&performance) {
            told.push_str(&format!("{moment:?}\n"));
        }
    }
    let result = ScenarioResult {
        scenario,
        performance,
    };
    match Page::of(spec, &result, "") {
        Some(page) => told.push_str(&page.to_string()),
        None => told.push_str(&format!("{:?}", result.performance.outcome)),
    }
    told.push_str(&delays);
    Err(told.into())
}

/// What happened on the wire.
fn moments(performance: &Performance) -> Vec<Moment> {
    let (first, _, last) = performance.trace.parts();
    first.iter().chain(last).cloned().collect()
}
