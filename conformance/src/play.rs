//! Performing a scenario against a server: steps -> actors -> verdict.
//!
//! - `verdict`: how a scenario ended, and why it failed
//! - `actor`: one scripted client
//! - `alias`: its nickname on a server that others use as well
//! - `cue`: the steps with their loops unrolled, so that what comes next is known
//! - `stage`: the actors, and what has happened so far; `house`: the server behind it
//! - `perform`: one step after the other: `acts` and `awaits`
//! - `wait`: what comes is taken, and what can no longer come is told at once
//! - `fence`: silence is proven, not waited for
//! - `trace`: what happened, moment by moment
//! - `chronicle`: who did and who received what; is there one order that explains it all?
//! - `blame`: which requirement a line breaks that nobody listed

mod actor;
mod acts;
mod alias;
mod awaits;
mod blame;
mod chronicle;
pub(crate) mod cue;
mod fence;
mod house;
mod perform;
mod stage;
pub mod trace;
pub mod verdict;
mod wait;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

pub use blame::fixed_ids;
pub use trace::{Moment, MomentKind, Trace};
pub use verdict::{Failure, Outcome, Performance, Problem, Proof};

use crate::client::ClientCommand;
use crate::script::Scenario;
use crate::server::CommandLine;
use crate::spec::Class;
use stage::Stage;

/// What the scenarios are performed against.
#[derive(Debug, Clone)]
pub enum Target {
    /// A fresh process for each scenario.
    Command {
        /// How to start it.
        command: CommandLine,
        /// Its port, when it cannot be chosen.
        fixed_port: Option<u16>,
    },
    /// A server that is running already.
    Running(SocketAddr),
    /// A client: a fresh process for each scenario, and the harness is the server.
    Client(ClientCommand),
}

impl Target {
    /// What it is.
    pub fn class(&self) -> Class {
        match self {
            Self::Command { .. } | Self::Running(_) => Class::Server,
            Self::Client(_) => Class::Client,
        }
    }
}

/// How long the harness waits. None of these decides a verdict on a server that works.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Without any progress, before a scenario is given up.
    pub hang: Duration,
    /// Without any progress, before a marker is sent to prove a loss.
    pub stall: Duration,
    /// For the server to listen.
    pub start: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            hang: Duration::from_secs(10),
            stall: Duration::from_millis(250),
            start: Duration::from_secs(30),
        }
    }
}

/// Performs one scenario, on this thread, from the start of the server to its end.
pub fn perform(scenario: &Scenario, target: &Target, patience: Patience) -> Performance {
    perform_noting(scenario, target, patience, &|| {})
}

/// The same; `on_stall` is called when nothing has happened for a while, so that others may use the processor meanwhile.
pub fn perform_noting(
    scenario: &Scenario,
    target: &Target,
    patience: Patience,
    on_stall: &dyn Fn(),
) -> Performance {
    let begin = Instant::now();
    if let Some(reason) = why_skipped(scenario, target) {
        return Performance::without(Outcome::Skipped(reason));
    }
    match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => {
            let local = tokio::task::LocalSet::new();
            let (outcome, trace) = local.block_on(&runtime, async {
                if let Target::Client(command) = target {
                    return crate::client::perform(scenario, command, patience, on_stall).await;
                }
                let stage = Stage::new(scenario, target, patience, on_stall);
                let verdict = perform::scenario(&stage).await;
                let outcome = stage.outcome(verdict).await;
                stage.strike().await;
                (outcome, stage.trace.take())
            });
            Performance {
                outcome,
                took: begin.elapsed(),
                trace,
            }
        }
        Err(error) => Performance::without(Outcome::NotStarted(error.to_string())),
    }
}

/// Why a scenario cannot be performed against this target, if so.
fn why_skipped(scenario: &Scenario, target: &Target) -> Option<String> {
    if scenario.class != target.class() {
        return Some(format!("it checks a {}", scenario.class));
    }
    match target {
        Target::Client(_) => None,
        Target::Command { command, .. } => {
            let (missing, _) = scenario
                .settings
                .iter()
                .find(|(setting, _)| !command.takes(*setting))?;
            let name = missing.name();
            Some(format!(
                "the command has no place for {name}: add [--{name} {{{name}}}], or what your server calls it"
            ))
        }
        Target::Running(_) if scenario.needs_process() => {
            Some("it needs a server process of its own".to_owned())
        }
        Target::Running(_) => {
            let (setting, _) = scenario.settings.first()?;
            Some(format!(
                "it needs a server with a {} of its own",
                setting.name()
            ))
        }
    }
}
