//! `conformance stress`

use std::io::{IsTerminal, Write};

use anyhow::{Context, bail};
use clap::Args;
use tokio::runtime::{Builder, LocalOptions};

use super::server::{Chosen, ServerArgs};
use super::{CONFORMANT, NOT_CONFORMANT, NOT_STARTED};
use load::stress::{Fire, Options, Seen, light};

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Stress {
    /// Which stress tests; all of them without any.
    #[arg(value_name = "NAME", value_parser = stress)]
    names: Vec<Fire>,
    #[command(flatten)]
    server: ServerArgs,
    /// Smaller stress tests: less than a minute for all of them.
    #[arg(long)]
    quick: bool,
    /// Only say which stress tests there are.
    #[arg(long)]
    list: bool,
    /// What the server may hold for a member that does not read, in KiB; the specification allows 16 MiB (FLOW-3).
    #[arg(long, value_name = "KIB", default_value_t = 16 * 1024, value_parser = clap::value_parser!(u64).range(256..=16 * 1024))]
    held: u64,
}

const AFTER_HELP: &str = "\
Every stress has a server of its own. Meanwhile a few members talk, and must lose nothing; afterwards newcomers must be let in,
memory must be given back, the server must idle, and it must shut down in time. Figures are told, not judged, where they
depend on the machine. The server inherits the limit of open files.

Exit status: 0 the server has survived everything, 1 not, 2 bad usage, 3 the server could not be started.";

impl Stress {
    pub(super) fn run(&self) -> anyhow::Result<u8> {
        let tests = match self.names.as_slice() {
            [] => Fire::ALL.to_vec(),
            names => names.to_vec(),
        };
        if self.list {
            for stress in tests {
                anstream::println!("{:12} {}", stress.name(), stress.what());
            }
            return Ok(CONFORMANT);
        }
        let Chosen::Start { command, port } = self.server.chosen()? else {
            bail!(
                "a server that runs already cannot be set on stress: name its command with --server"
            );
        };
        let terms = Options {
            command,
            port,
            quick: self.quick,
            held: self.held * 1024,
        };
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build_local(LocalOptions::default())
            .context("cannot start the runtime")?;
        let mut status = CONFORMANT;
        for stress in tests {
            announce(stress);
            match runtime.block_on(light(stress, &terms)) {
                Ok(seen) => {
                    anstream::print!("{}", row(stress, &seen));
                    if !seen.faults.is_empty() {
                        status = NOT_CONFORMANT;
                    }
                }
                Err(error) => {
                    anstream::eprintln!("conformance: {error}");
                    return Ok(NOT_STARTED);
                }
            }
        }
        Ok(status)
    }
}

fn stress(name: &str) -> Result<Fire, String> {
    Fire::named(name).ok_or_else(|| "no stress has this name; --list shows them all".to_owned())
}

/// Says what is being done, until the row replaces it.
fn announce(stress: Fire) {
    if std::io::stderr().is_terminal() {
        let _ = write!(anstream::stderr(), "\r\x1B[K… {}", stress.name());
    }
}

fn row(stress: Fire, seen: &Seen) -> String {
    let clear = if std::io::stderr().is_terminal() {
        "\r\x1B[K"
    } else {
        ""
    };
    let mark = if seen.faults.is_empty() { '✓' } else { '✗' };
    let (name, took) = (stress.name(), seen.took.as_secs_f64());
    let mut row = format!(
        "{clear}{mark} {name:12} {}; {took:.1} s\n",
        seen.figures.join("; ")
    );
    for fault in &seen.faults {
        row += &format!("    {fault}\n");
    }
    row
}
