//! `conformance load`

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use tokio::runtime::{Builder, LocalOptions};

use super::output;
use super::progress::Progress;
use super::server::{Chosen, ServerArgs};
use super::stress::SILENT;
use super::{CONFORMANT, NOT_CONFORMANT, NOT_STARTED};
use conformance_load::door;
use conformance_load::load::{self, Command, LoadError, Pace, Plan, Report, plot, table};
use driver::interrupt;
use driver::process::Setting;
use driver::process::descriptors;
use driver::process::launch::Launch;

/// Put a server under load: many members join, some of them send, and every delivery is timed and checked.
///
/// The report shows deliveries per second, latency, and the server's use of processor and memory, and whether every member
/// received every message exactly once, unaltered, and in the same order.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Load {
    #[command(flatten)]
    server: ServerArgs,
    /// How many members join. The first never sends; the order in which it receives messages is what all others must see.
    #[arg(long, value_name = "N", default_value_t = 100)]
    members: usize,
    /// How many of the members send [default: 10, or all but one if there are fewer]
    #[arg(long, value_name = "S")]
    senders: Option<usize>,
    /// Send R messages a second, all senders together, whether or not the server keeps up (open loop).
    #[arg(
        long,
        value_name = "R",
        default_value_t = 100.0,
        conflicts_with = "windowed"
    )]
    rate: f64,
    /// Send as fast as the server delivers: each sender has K messages in flight [default K: 16] (closed loop).
    #[arg(long, value_name = "K", num_args = 0..=1, default_missing_value = "16")]
    windowed: Option<u32>,
    /// Length of a message text, in bytes.
    #[arg(long, value_name = "BYTES", default_value_t = 64)]
    size: usize,
    /// How long the senders send.
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    seconds: Duration,
    /// End the test when the server has been silent for this long although messages were due.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    patience: u64,
    /// Write all figures to a JSON file. `conformance schema load` describes its fields.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write a picture of latency over time and its distribution.
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
}

/// A server may drop connections when more than 16 are choosing a nickname (NAME-5).
const JOINS_AT_A_TIME: usize = 15;

const AFTER_HELP: &str = "\
Latency is measured from the moment a message was due, not from when it could be sent, so a server that makes senders wait
does not appear faster. With --windowed, a message is due as soon as the window has room; latency is then how long a message
takes when the server is fully loaded.

The limit on open files is raised as far as --members requires, and a server started by this command inherits it.

Ctrl-C stops the senders; the report covers the time until then.

Exit status:
  0  everything arrived once, unaltered and in one order
  1  something did not
  2  bad usage
  3  the server could not be started, or not all members could join

Examples:
  conformance load                      the reference server, 100 members, 100 messages a second
  conformance load --members 1000 --windowed --plot fast.svg
  conformance load --server 'python3 my_server.py {port} [--capacity {capacity}]' --rate 1000 --seconds 30";

impl Load {
    pub(super) fn run(&self) -> anyhow::Result<u8> {
        let plan = self.plan();
        plan.check()?;
        self.try_files()?;
        descriptors::make_room_for(plan.members as u64)?;
        let server = self.server.chosen()?;
        interrupt::wait_for();
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build_local(LocalOptions::default())
            .context("cannot start the runtime")?;
        let report = match runtime.block_on(measure(&plan, &server)) {
            Ok(report) => report,
            Err(error) => {
                output::tell(&error);
                return Ok(NOT_STARTED);
            }
        };
        let unwritten = self.write_files(&report);
        let (heading, text) = (table::heading(&report), table::text(&report));
        output::print(format_args!("{heading}\n\n{text}"));
        unwritten.iter().for_each(output::tell);
        Ok(if report.is_correct() {
            CONFORMANT
        } else {
            NOT_CONFORMANT
        })
    }

    fn plan(&self) -> Plan {
        let all_but_one = self.members.saturating_sub(1);
        Plan {
            nickname_prefix: format!("m{}-", std::process::id()),
            members: self.members,
            senders: self.senders.unwrap_or_else(|| all_but_one.clamp(1, 10)),
            pace: self.windowed.map_or(Pace::Rate(self.rate), Pace::Window),
            text_bytes: self.size,
            duration: self.seconds,
            patience: Duration::from_secs(self.patience),
            joins_at_a_time: JOINS_AT_A_TIME,
            retry_joins: false,
        }
    }

    /// Opens the files for writing, and leaves them as they are: an unusable path is told before the test.
    fn try_files(&self) -> anyhow::Result<()> {
        [&self.json, &self.plot]
            .into_iter()
            .flatten()
            .try_for_each(|path| {
                let opened = OpenOptions::new().append(true).create(true).open(path);
                opened.map(drop).with_context(|| unwritten(path))
            })
    }

    /// Writes each file, and returns the errors.
    fn write_files(&self, report: &Report) -> Vec<anyhow::Error> {
        let write = |path: &PathBuf, text: anyhow::Result<String>| {
            std::fs::write(path, text?).with_context(|| unwritten(path))
        };
        let json = || Ok(serde_json::to_string_pretty(report)? + "\n");
        let svg = || Ok(plot::svg(report)?);
        let written = [
            self.json.as_ref().map(|path| write(path, json())),
            self.plot.as_ref().map(|path| write(path, svg())),
        ];
        written
            .into_iter()
            .flatten()
            .filter_map(Result::err)
            .collect()
    }
}

fn unwritten(path: &Path) -> String {
    format!("cannot write {}", path.display())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok();
    let seconds = seconds.filter(|seconds| (0.1..=86_400.0).contains(seconds));
    let seconds = seconds.ok_or("expected a number from 0.1 to 86400")?;
    Ok(Duration::from_secs_f64(seconds))
}

/// Starts the server, unless it is running already, and runs the load test.
async fn measure(plan: &Plan, server: &Chosen) -> anyhow::Result<Report> {
    let progress = Progress::new();
    let mut joined = false;
    let watch = |now: &load::Progress| {
        show(&progress, plan, now);
        if now.elapsed.is_some() && !joined {
            joined = true;
            progress.line(&format!("{} members have joined; sending", plan.members));
        }
        if interrupt::asked() {
            Command::Stop
        } else {
            Command::Continue
        }
    };
    let on_silence = || output::note(SILENT);
    let report = match server {
        Chosen::Running(address) => {
            door::try_door(*address, plan.patience, on_silence).await?;
            load::run(plan, *address, None, watch).await
        }
        Chosen::Start { command, port } => {
            let launch = Launch {
                command: command.clone(),
                port: *port,
                settings: vec![(Setting::Capacity, plan.members as u64 + 5)],
                before: Vec::new(),
                limit: Duration::from_secs(30),
            };
            let server = launch.start().await?;
            door::try_door(server.address, plan.patience, on_silence).await?;
            let group = Some(server.process.group());
            let report = load::run(plan, server.address, group, watch).await;
            server.process.kill().await;
            report
        }
    };
    report.map_err(|error| match error {
        LoadError::CannotJoin { ref reason, .. } if reason.contains("room-full") => {
            anyhow::Error::from(error)
                .context("not all members could join; the server may need a larger capacity")
        }
        error => error.into(),
    })
}

fn show(progress: &Progress, plan: &Plan, now: &load::Progress) {
    let (done, total, message) = if let Some(elapsed) = now.elapsed {
        let figures = format!("{} deliveries, p99 {:.2} ms", now.deliveries, now.p99_ms);
        (elapsed.as_millis(), plan.duration.as_millis(), figures)
    } else {
        let (joined, members) = (now.joined, plan.members);
        let message = format!("{joined} of {members} members have joined");
        (joined as u128, members as u128, message)
    };
    progress.show(done as u64, total as u64, message);
}
