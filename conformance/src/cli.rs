//! The command line: `check`, `compare`, `list`, `explain`, `faults`, `load`, `stress`, `schema`.

mod again;
mod check;
mod compare;
mod dialect;
mod explain;
mod explore;
mod faults;
mod list;
#[cfg(feature = "load")]
mod load;
mod meet;
mod output;
mod progress;
mod schema;
mod seconds;
mod selection;
mod server;
mod status;
#[cfg(feature = "load")]
mod stress;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::spec::{Spec, SpecError};
use status::{CONFORMANT, NOT_CONFORMANT, NOT_STARTED, USAGE};

/// Tests chat servers and clients against the Salotto specification: runs its scenarios over TCP and reports which requirement
/// is broken, where, and how to reproduce it.
#[derive(Debug, Parser)]
#[command(name = "conformance", version, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Read the specification from FOLDER instead of the built-in one
    #[arg(long, global = true, value_name = "FOLDER")]
    spec: Option<PathBuf>,
}

const AFTER_HELP: &str = "\
Exit status: 0 conformant, 1 not conformant, 2 bad usage or nothing was run, 3 the server could not be started or reached,
4 nothing is broken, but somebody else came in or left during a scenario (--connect), which therefore says nothing.

Examples:
  conformance check                                         check the reference server
  conformance check --server 'python3 my_server.py {port}'
  conformance check --server 'node chat.js {port} [--max {capacity}]' --level core
  conformance check LINE-1 --connect 192.168.1.7:53000
  conformance compare --server ours='./ours {port}' --server theirs='./theirs {port}'
  conformance explain LINE-1
  conformance load --members 1000 --windowed";

#[derive(Debug, Subcommand)]
enum Command {
    /// Check a server or a client
    Check(check::Check),
    /// Check several servers and show the results side by side
    Compare(compare::Compare),
    #[cfg(feature = "load")]
    Load(load::Load),
    #[cfg(feature = "load")]
    Stress(stress::Stress),
    Explore(explore::Explore),
    Faults(faults::Faults),
    /// List requirements and the scenarios that prove them
    List(list::List),
    /// Show a requirement with its scenarios, or one scenario
    Explain(explain::Explain),
    Meet(meet::Meet),
    Schema(schema::Schema),
}

/// Runs the command line and returns the exit status.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    // An interrupt must not leave servers running.
    let handler = driver::interrupt::install();
    let status = handler.map_err(anyhow::Error::from).and_then(|()| {
        let spec = || read(&cli);
        match &cli.command {
            Command::Check(check) => check.run(&spec()?),
            Command::Compare(compare) => compare.run(&spec()?),
            Command::Explore(explore) => explore.run(&spec()?),
            Command::Faults(faults) => faults.run(&spec()?),
            #[cfg(feature = "load")]
            Command::Stress(stress) => stress.run(),
            #[cfg(feature = "load")]
            Command::Load(load) => load.run(),
            Command::List(list) => list.run(&spec()?),
            Command::Explain(explain) => explain.run(&spec()?),
            Command::Meet(meet) => meet.run(),
            Command::Schema(schema) => schema.run(),
        }
    });
    status.map_or_else(
        |error| {
            output::tell(&error);
            let is_unreachable = error.is::<server::NotReachable>();
            ExitCode::from(if is_unreachable { NOT_STARTED } else { USAGE })
        },
        ExitCode::from,
    )
}

fn read(cli: &Cli) -> Result<Spec, SpecError> {
    match &cli.spec {
        Some(folder) => Spec::in_folder(folder),
        None => Spec::built_in(),
    }
}
