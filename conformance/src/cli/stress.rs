//! `conformance stress`

use anyhow::{Context, bail};
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use tokio::runtime::{Builder, LocalOptions};

use super::output::{self, outln};
use super::progress::Progress;
use super::server::{Chosen, ServerArgs};
use super::{CONFORMANT, NOT_CONFORMANT, NOT_STARTED};
use conformance_load::stress::{self, Options, Report, StressTest};

/// Put a server under stress, and check that it survives: crowds, resets, floods, noise, slow readers.
///
/// Each test starts a server of its own. Meanwhile, a few members chat and must not notice the test. Afterwards the
/// server must let newcomers in, release memory, become idle, and shut down in time.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Stress {
    /// Tests to run [default: all]
    #[arg(value_name = "NAME")]
    tests: Vec<StressTest>,
    #[command(flatten)]
    server: ServerArgs,
    /// Run at a smaller scale, and stop at the first test that the server does not survive: less than a minute in all.
    #[arg(long)]
    quick: bool,
    /// List the tests instead of running them.
    #[arg(long)]
    list: bool,
    /// How much the server may hold for a member that does not read, in KiB. The specification allows 16 MiB (FLOW-3).
    #[arg(long, value_name = "KIB", default_value_t = 16 * 1024, value_parser = clap::value_parser!(u64).range(256..=16 * 1024))]
    held: u64,
}

const AFTER_HELP: &str = "\
Figures that depend on the machine, such as latency, are shown but not judged. The server inherits the limit on open files.

Exit status:
  0  the server survived every test
  1  it did not
  2  bad usage
  3  the server could not be started

Examples:
  conformance stress --quick            all tests against the reference server, at a smaller scale
  conformance stress flood slow-reader --server 'python3 my_server.py {port} [--capacity {capacity}]'";

impl Stress {
    pub(super) fn run(&self) -> anyhow::Result<u8> {
        let tests = match self.tests.as_slice() {
            [] => StressTest::value_variants(),
            tests => tests,
        };
        if self.list {
            for test in tests {
                let value = clap_value(*test);
                let description = value.get_help().cloned().unwrap_or_default();
                outln!("{:12} {description}", value.get_name());
            }
            return Ok(CONFORMANT);
        }
        const STARTS: &str = "each stress test starts the server itself: name its command with --server instead of --connect";
        if self.server.is_running() {
            bail!(STARTS);
        }
        let Chosen::Start { command, port } = self.server.chosen()? else {
            bail!(STARTS);
        };
        let options = Options {
            command,
            port,
            quick: self.quick,
            held_bytes: self.held * 1024,
        };
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build_local(LocalOptions::default())
            .context("cannot start the runtime")?;
        let progress = Progress::new();
        let mut status = CONFORMANT;
        for (done, test) in tests.iter().enumerate() {
            let value = clap_value(*test);
            let name = value.get_name();
            progress.show(done as u64, tests.len() as u64, name);
            let testing = stress::run(*test, &options, || output::note(SILENT));
            match runtime.block_on(testing) {
                Ok(report) => {
                    progress.print(&row(name, &report));
                    if !report.faults.is_empty() {
                        status = NOT_CONFORMANT;
                        let left = tests.len() - done - 1;
                        if self.quick && left > 0 {
                            drop(progress);
                            output::note(&not_run(left));
                            return Ok(status);
                        }
                    }
                }
                Err(error) => {
                    drop(progress);
                    output::tell(&error.into());
                    return Ok(NOT_STARTED);
                }
            }
        }
        Ok(status)
    }
}

/// Shown while the first member waits for its welcome.
pub(super) const SILENT: &str = "the server has not answered a nickname for 1 s; waiting ...";

/// What is left out when a quick run has found something.
fn not_run(left: usize) -> String {
    let tests = if left == 1 {
        "the last test was".to_owned()
    } else {
        format!("{left} more tests were")
    };
    format!("{tests} not run, because the server did not survive this one; without --quick all are")
}

/// The name and the description of a test.
fn clap_value(test: StressTest) -> PossibleValue {
    test.to_possible_value().unwrap_or_default()
}

fn row(name: &str, report: &Report) -> String {
    let mark = if report.faults.is_empty() {
        '✓'
    } else {
        '✗'
    };
    let mut row = format!(
        "{mark} {name:12} {}; {:.1} s in all\n",
        report.figures.join("; "),
        report.duration.as_secs_f64()
    );
    for (at, fault) in report.faults.iter().enumerate() {
        if report.faults[..at].contains(fault) {
            continue;
        }
        row += &match report.faults.iter().filter(|other| *other == fault).count() {
            1 => format!("    {fault}\n"),
            times => format!("    {fault} ({times} times)\n"),
        };
    }
    row
}
