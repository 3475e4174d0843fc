//! What the scenarios are performed against.

use std::net::SocketAddr;

use driver::process::{ClientCommand, CommandLine};

use super::outcome::SkipReason;
use crate::requirement::Class;
use crate::scenario::Scenario;

/// A program under test.
#[derive(Debug, Clone)]
pub enum Target {
    /// A fresh process for each scenario.
    Command {
        /// How to start it.
        command: CommandLine,
        /// Its port, where it cannot be chosen.
        fixed_port: Option<u16>,
    },
    /// A server that is running already.
    Running(SocketAddr),
    /// A client: a fresh process for each scenario, with the suite in the role of the server.
    Client(ClientCommand),
}

impl Target {
    /// The class of the program.
    pub fn class(&self) -> Class {
        match self {
            Self::Command { .. } | Self::Running(_) => Class::Server,
            Self::Client(_) => Class::Client,
        }
    }
}

/// Why a scenario cannot be performed against this target, if so.
pub(super) fn why_skipped(scenario: &Scenario, target: &Target) -> Option<SkipReason> {
    let class = scenario.class;
    if class != target.class() {
        return Some(SkipReason::OtherClass { class });
    }
    match target {
        Target::Client(_) => None,
        Target::Command { command, .. } => {
            let mut settings = scenario.settings.iter();
            let (setting, _) = settings.find(|(setting, _)| !command.takes(*setting))?;
            Some(SkipReason::NoPlace { setting: *setting })
        }
        Target::Running(_) if scenario.needs_process() => Some(SkipReason::NeedsProcess),
        Target::Running(_) => {
            let (setting, _) = scenario.settings.first()?;
            Some(SkipReason::NeedsSetting { setting: *setting })
        }
    }
}
