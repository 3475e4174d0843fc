//! The command line: `check`, `compare`, `list`, `explain`, `faults`, `load`, `stress`.

mod check;
mod compare;
mod explain;
mod faults;
mod list;
#[cfg(feature = "load")]
mod load;
#[cfg(feature = "load")]
mod progress;
mod schema;
mod server;
#[cfg(feature = "load")]
mod stress;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Parser, Subcommand};

use crate::requirement::Class;
use crate::scenario::Scenario;
use crate::spec::{Spec, SpecError};

/// Everything passed, and every MUST that was tested is proved.
pub const CONFORMANT: u8 = 0;
/// A requirement is broken.
pub const NOT_CONFORMANT: u8 = 1;
/// The command line makes no sense, or names nothing to run.
pub const USAGE: u8 = 2;
/// The server could not be started.
pub const NOT_STARTED: u8 = 3;

/// Drives a chat server over TCP with the scenarios of the Salotto specification, and says which requirement is broken,
/// where, and how to see it again.
#[derive(Debug, Parser)]
#[command(name = "conformance", version, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Read the specification from this folder instead of the one that was built in.
    #[arg(long, global = true, value_name = "FOLDER")]
    spec: Option<PathBuf>,
}

const AFTER_HELP: &str = "\
Exit status: 0 conformant, 1 not, 2 bad usage or nothing to run, 3 the server could not be started.

Examples:
  conformance check                                     checks the reference server
  conformance check --server 'python3 my_server.py {port}'
  conformance check --server 'node chat.js {port} [--max {capacity}]' --level core
  conformance check LINE-1 --connect 192.168.1.7:53000
  conformance compare --server ours='./ours {port}' --server theirs='./theirs {port}'
  conformance explain LINE-1
  conformance load --members 1000 --windowed";

#[derive(Debug, Subcommand)]
enum Command {
    /// Check a server.
    Check(check::Check),
    /// Check several servers, and show one table: requirements down, servers across.
    Compare(compare::Compare),
    #[cfg(feature = "load")]
    Load(load::Load),
    #[cfg(feature = "load")]
    Stress(stress::Stress),
    /// List the faults by which the suite itself is tested.
    Faults(faults::Faults),
    /// List requirements and the scenarios that prove them.
    List(list::List),
    /// Show a requirement with its scenarios, or one scenario.
    Explain(explain::Explain),
    /// Print the JSON Schema of what `check` and `load` write as JSON.
    Schema(schema::Schema),
}

/// Which scenarios.
#[derive(Debug, Args)]
struct Selection {
    /// Requirement ids, parts of scenario names, or chapters; all scenarios without any.
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
}

impl Selection {
    /// The scenarios that check programs of this class.
    fn scenarios<'a>(&self, spec: &'a Spec, class: Class) -> anyhow::Result<Vec<&'a Scenario>> {
        let mut scenarios = spec.select(&self.filters)?;
        scenarios.retain(|scenario| scenario.class == class);
        if scenarios.is_empty() {
            bail!(match class {
                Class::Server => "these scenarios check clients: name yours with --client",
                Class::Client => "these scenarios check servers: leave out --client",
            });
        }
        Ok(scenarios)
    }
}

/// Runs the command line and gives the exit status.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    // Servers that are running are ended when the harness is interrupted.
    let handler = driver::interrupt::install();
    let status = handler.map_err(anyhow::Error::from).and_then(|()| {
        let spec = || read(&cli);
        match &cli.command {
            Command::Check(check) => check.run(&spec()?),
            Command::Compare(compare) => compare.run(&spec()?),
            Command::Faults(faults) => faults.run(&spec()?),
            #[cfg(feature = "load")]
            Command::Stress(stress) => stress.run(),
            #[cfg(feature = "load")]
            Command::Load(load) => load.run(),
            Command::List(list) => list.run(&spec()?),
            Command::Explain(explain) => explain.run(&spec()?),
            Command::Schema(schema) => schema.run(),
        }
    });
    status.map_or_else(
        |error| {
            anstream::eprintln!("conformance: {error:#}");
            ExitCode::from(USAGE)
        },
        ExitCode::from,
    )
}

/// The command that checks the server of these options again.
fn again<const N: usize>(options: [(&str, Option<String>); N]) -> String {
    // Cargo tells the programs that it runs where it is.
    let program = if std::env::var_os("CARGO").is_some() {
        "cargo run -p conformance --"
    } else {
        "conformance"
    };
    let given = options.into_iter().filter_map(|(option, value)| {
        let value = value?;
        let quoted = shlex::try_quote(&value).map_or_else(|_| value.clone(), Into::into);
        Some(format!(" {option} {quoted}"))
    });
    format!("{program} check{}", given.collect::<String>())
}

fn read(cli: &Cli) -> Result<Spec, SpecError> {
    match &cli.spec {
        Some(folder) => Spec::in_folder(folder),
        None => Spec::built_in(),
    }
}
