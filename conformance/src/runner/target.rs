//! What the scenarios are performed against.

use std::fmt::Debug;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use driver::process::{ClientCommand, CommandLine, Setting};
use driver::wire::Stream;

use super::outcome::SkipReason;
use crate::dialect::Dialect;
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
    /// A server behind a network that a test simulates.
    Simulated(Arc<dyn Network>),
    /// A client: a fresh process for each scenario, with the suite in the role of the server.
    Client(ClientCommand),
    /// A server that speaks a dialect.
    Speaking(Arc<Dialect>, Box<Self>),
}

/// A simulated network with one server in it.
pub trait Network: Debug + Send + Sync {
    /// Opens a connection to the server, which has these settings.
    fn open(&self, settings: &[(Setting, u64)], small_buffer: bool) -> Opening<'_>;

    /// Whether the server was running before and goes on running.
    fn is_shared(&self) -> bool;
}

/// A connection of a simulated network that is being opened.
pub type Opening<'a> = Pin<Box<dyn Future<Output = io::Result<Rc<dyn Stream>>> + 'a>>;

impl Target {
    /// The class of the program.
    pub fn class(&self) -> Class {
        match self {
            Self::Command { .. } | Self::Running(_) | Self::Simulated(_) | Self::Speaking(..) => {
                Class::Server
            }
            Self::Client(_) => Class::Client,
        }
    }

    /// The program, and the dialect that it speaks; none for Salotto.
    pub fn and_dialect(&self) -> (&Self, Option<&Arc<Dialect>>) {
        match self {
            Self::Speaking(dialect, target) => (target, Some(dialect)),
            other => (other, None),
        }
    }

    /// Whether it is a server that was running before and goes on running, with other members perhaps.
    pub fn is_shared(&self) -> bool {
        match self {
            Self::Running(_) => true,
            Self::Simulated(network) => network.is_shared(),
            Self::Speaking(_, target) => target.is_shared(),
            Self::Command { .. } | Self::Client(_) => false,
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
        Target::Speaking(_, target) => why_skipped(scenario, target),
        Target::Command { command, .. } => {
            let mut settings = scenario.settings.iter();
            let (setting, _) = settings.find(|(setting, _)| !command.takes(*setting))?;
            Some(SkipReason::NoPlace { setting: *setting })
        }
        Target::Running(_) | Target::Simulated(_) if scenario.needs_process() => {
            Some(SkipReason::NeedsProcess)
        }
        Target::Running(_) | Target::Simulated(_) => {
            let mut settings = scenario.settings.iter().filter(|_| target.is_shared());
            let (setting, _) = settings.next()?;
            Some(SkipReason::NeedsSetting { setting: *setting })
        }
    }
}
