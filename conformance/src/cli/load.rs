//! `conformance load`

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use tokio::runtime::{Builder, LocalOptions};

use super::server::{Chosen, ServerArgs};
use super::{CONFORMANT, NOT_CONFORMANT, NOT_STARTED};
use driver::interrupt;
use driver::process::Setting;
use driver::process::descriptors;
use driver::process::launch::Launch;
use load::load::{LoadError, Now, Outcome, Pace, Plan, Wish, plot, run, table};

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Load {
    #[command(flatten)]
    server: ServerArgs,
    /// How many members join. The first one only listens: the order in which it hears all messages is the room's.
    #[arg(long, value_name = "N", default_value_t = 100)]
    members: usize,
    /// How many of the members send [default: 10, or all but one of fewer members]
    #[arg(long, value_name = "S")]
    senders: Option<usize>,
    /// Messages a second, of all senders together, whether the server follows or not (open loop).
    #[arg(
        long,
        value_name = "R",
        default_value_t = 100.0,
        conflicts_with = "windowed"
    )]
    rate: f64,
    /// As much as the server takes: each sender has K messages under way that the first member has not received.
    #[arg(long, value_name = "K", num_args = 0..=1, default_missing_value = "16")]
    windowed: Option<u32>,
    /// The length of a text, in bytes.
    #[arg(long, value_name = "BYTES", default_value_t = 64)]
    size: usize,
    /// For how long the senders send.
    #[arg(long, value_name = "T", default_value_t = 5.0)]
    seconds: f64,
    /// Seconds without any progress before the rest is given up.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    patience: u64,
    /// Write all figures as JSON into this file; `schema load` prints what it holds.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Draw latency over time, and its distribution, into this file.
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
}

/// So many members join at a time: a server may send away who is one naming connection too many, and 16 are not (NAME-5).
const AT_A_TIME: usize = 15;

const AFTER_HELP: &str = "\
Latency counts from the moment at which a message was due, not from when it could be sent: a server that makes senders wait
does not look faster for it. With --windowed a message is due when there is room for it, so latency then says how long a
message takes under full load, and not more.

A server that is started here inherits the limit of open files, which is raised as far as --members needs it.

Ctrl-C stops the senders, and the report says what was seen until then.

Exit status: 0 everything arrived, once, unaltered, in one order; 1 not; 2 bad usage; 3 the server could not be started, or
not all members could join.

Examples:
  conformance load                                          the reference server, 100 members, 100 messages a second
  conformance load --members 1000 --windowed --plot fast.svg
  conformance load --server 'python3 my_server.py {port} [--capacity {capacity}]' --rate 1000 --seconds 30";

impl Load {
    pub(super) fn run(&self) -> anyhow::Result<u8> {
        let plan = self.plan()?;
        plan.check()?;
        descriptors::make_room_for(plan.members as u64)?;
        let chosen = self.server.chosen()?;
        interrupt::wait_for();
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build_local(LocalOptions::default())
            .context("cannot start the runtime")?;
        let outcome = match runtime.block_on(measure(&plan, &chosen))? {
            Ok(outcome) => outcome,
            Err(told) => {
                anstream::eprintln!("conformance: {told:#}");
                return Ok(NOT_STARTED);
            }
        };
        anstream::print!("{}\n\n{}", table::heading(&outcome), table::text(&outcome));
        self.write(&outcome)?;
        Ok(if outcome.is_right() {
            CONFORMANT
        } else {
            NOT_CONFORMANT
        })
    }

    fn plan(&self) -> anyhow::Result<Plan> {
        let seconds = |seconds: f64| {
            let possible = (0.1..=86_400.0).contains(&seconds);
            possible
                .then(|| Duration::from_secs_f64(seconds))
                .context("--seconds is a number from 0.1 to 86400")
        };
        Ok(Plan {
            tag: format!("m{}-", std::process::id()),
            members: self.members,
            senders: self
                .senders
                .unwrap_or_else(|| self.members.saturating_sub(1).clamp(1, 10)),
            pace: self.windowed.map_or(Pace::Rate(self.rate), Pace::Window),
            size: self.size,
            duration: seconds(self.seconds)?,
            patience: Duration::from_secs(self.patience),
            at_a_time: AT_A_TIME,
            insistent: false,
        })
    }

    fn write(&self, outcome: &Outcome) -> anyhow::Result<()> {
        let into = |path: &PathBuf, text: String| {
            std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
        };
        if let Some(path) = &self.json {
            into(path, serde_json::to_string_pretty(outcome)? + "\n")?;
        }
        if let Some(path) = &self.plot {
            into(path, plot::svg(outcome)?)?;
        }
        Ok(())
    }
}

/// The outcome, or why there is none.
async fn measure(plan: &Plan, chosen: &Chosen) -> anyhow::Result<Result<Outcome, anyhow::Error>> {
    let mut progress = Progress::default();
    let watch = |now: &Now| {
        progress.show(plan, now);
        if interrupt::asked() {
            Wish::EndNow
        } else {
            Wish::GoOn
        }
    };
    let measured = match chosen {
        Chosen::Running(address) => run(plan, *address, None, watch).await,
        Chosen::Start { command, port } => {
            let launch = Launch {
                command: command.clone(),
                port: *port,
                settings: vec![(Setting::Capacity, plan.members as u64 + 5)],
                before: Vec::new(),
                limit: Duration::from_secs(30),
            };
            let server = match launch.start().await {
                Ok(server) => server,
                Err(error) => return Ok(Err(error.into())),
            };
            let group = Some(server.process.group());
            let measured = run(plan, server.address, group, watch).await;
            server.process.kill().await;
            measured
        }
    };
    clear();
    Ok(measured.map_err(|error| match error {
        LoadError::Refused { .. } => anyhow::Error::from(error)
            .context("the server has not let everybody in; it may need a larger --capacity"),
        error => error.into(),
    }))
}

/// On a terminal, a line that changes every second; elsewhere, one line when all have joined.
#[derive(Debug, Default)]
struct Progress {
    /// What was told last: the number of the second, and none before the beginning.
    told: Option<Option<u64>>,
}

impl Progress {
    fn show(&mut self, plan: &Plan, now: &Now) {
        let second = now.elapsed.map(|elapsed| elapsed.as_secs());
        let mut err = anstream::stderr().lock();
        let members = plan.members;
        if !std::io::stderr().is_terminal() {
            if second.is_some() && self.told.is_none() {
                let _ = writeln!(err, "{members} members have joined, and talk");
                self.told = Some(second);
            }
            return;
        }
        if second.is_some() && self.told == Some(second) {
            return;
        }
        self.told = Some(second);
        let told = match second {
            None => format!("{} of {members} members have joined", now.joined),
            Some(second) => format!(
                "{second} of {} s, {} deliveries, p99 {:.2} ms",
                plan.duration.as_secs_f64(),
                now.deliveries,
                now.p99_ms
            ),
        };
        let _ = write!(err, "\r\x1B[K{told}");
        let _ = err.flush();
    }
}

fn clear() {
    if std::io::stderr().is_terminal() {
        let _ = write!(anstream::stderr(), "\r\x1B[K");
    }
}
