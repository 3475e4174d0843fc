//! The command line.

use clap::Parser;

use super::{Fault, Habit, Ways};

/// A small Salotto server, correct unless it is told not to be: it tests the tests.
#[derive(Debug, Parser)]
pub struct Args {
    /// The TCP port to listen on.
    #[arg(long, required_unless_present = "list", default_value_t = 0)]
    pub(super) port: u16,

    /// How many members the room has seats for.
    #[arg(long)]
    pub(super) capacity: Option<usize>,

    /// How long a connection may be without a nickname, in seconds.
    #[arg(long, default_value_t = 60)]
    pub(super) naming_timeout: u64,

    /// What it does wrongly.
    #[arg(long, value_name = "NAME", value_parser = fault)]
    fault: Option<Fault>,

    /// A lawful peculiarity; may be given several times.
    #[arg(long, value_name = "NAME", value_parser = habit)]
    habit: Vec<Habit>,

    /// Show every fault with the requirement that it breaks, and every habit.
    #[arg(long)]
    pub(super) list: bool,
}

impl Args {
    pub(super) fn ways(&self) -> Ways {
        Ways {
            fault: self.fault,
            habits: self.habit.iter().copied().collect(),
        }
    }
}

fn fault(name: &str) -> Result<Fault, String> {
    Fault::named(name).ok_or_else(|| "no fault has this name; --list shows them all".to_owned())
}

fn habit(name: &str) -> Result<Habit, String> {
    Habit::named(name).ok_or_else(|| "no habit has this name; --list shows them all".to_owned())
}
