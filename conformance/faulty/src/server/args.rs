//! The command line.

use clap::Parser;

use super::behaviour::Behaviour;
use super::fault::Fault;
use super::habit::Habit;
use crate::planted;

/// A Salotto server that can be broken on purpose, to test the conformance suite. It is correct unless --fault is given.
#[derive(Debug, Parser)]
pub(super) struct Args {
    /// TCP port to listen on, on 127.0.0.1.
    #[arg(long, required_unless_present = "list", default_value_t = 0)]
    pub(super) port: u16,

    /// Number of members that the room has seats for.
    #[arg(long)]
    pub(super) capacity: Option<usize>,

    /// Time that a connection has to choose a nickname, in seconds.
    #[arg(long, default_value_t = 60)]
    pub(super) naming_timeout: u64,

    /// The fault to have.
    #[arg(long, value_name = "NAME", value_parser = planted::parse::<Fault>)]
    fault: Option<Fault>,

    /// A lawful peculiarity to have; can be repeated.
    #[arg(long, value_name = "NAME", value_parser = planted::parse::<Habit>)]
    habit: Vec<Habit>,

    /// List every fault, with the requirement that it breaks, and every habit.
    #[arg(long)]
    pub(super) list: bool,
}

impl Args {
    pub(super) fn behaviour(&self) -> Behaviour {
        Behaviour {
            fault: self.fault,
            habits: self.habit.clone().leak(),
        }
    }
}
