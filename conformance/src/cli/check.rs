//! `conformance check`

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use super::server::{Chosen, ServerArgs};
use super::{CONFORMANT, NOT_CONFORMANT, NOT_STARTED, Selection, USAGE, again};
use crate::report::document::Document;
use crate::report::files::ReportFile;
use crate::report::known_failures::KnownFailures;
use crate::report::{Summary, Verdict, text};
use crate::requirement::{Class, Level};
use crate::runner::{Outcome, Patience, ScenarioResult, Slots, Target, run};
use crate::scenario::Scenario;
use crate::spec::Spec;
use driver::process::ClientCommand;

#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    server: ServerArgs,
    /// Check a client instead, such as 'my_client {host} {port} {nick}': the suite is the server. What the client's user
    /// types comes from standard input, a line each time, and its end means that the user leaves; what the client shows
    /// goes to standard output.
    #[arg(long, value_name = "COMMAND", conflicts_with_all = ["server", "connect", "port"])]
    client: Option<String>,
    /// Only scenarios up to this level.
    #[arg(long, value_name = "LEVEL")]
    level: Option<LevelArg>,
    /// A SHOULD that is not met fails the server too.
    #[arg(long)]
    strict: bool,
    /// A page for every failure, not only for the first one of each requirement.
    #[arg(long)]
    all: bool,
    /// A TOML file with known failures: NAME = "reason" for a scenario or a requirement. Any other failure, and a known one
    /// that passes, fails the run.
    #[arg(long, value_name = "FILE")]
    expect: Option<PathBuf>,
    /// Write reports into files: html=FILE, json=FILE, junit=FILE, markdown=FILE, grade=FILE (for course autograders).
    #[arg(long, value_name = "FORMAT=FILE", value_delimiter = ',', value_parser = ReportFile::of_one)]
    report: Vec<ReportFile>,
    /// How many scenarios at a time [default: twice the number of cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Seconds without any progress before a scenario is given up.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    patience: u64,
    /// Seconds for the server to listen.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    start_limit: u64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LevelArg {
    Core,
    Full,
    Recommended,
}

impl Check {
    pub(super) fn run(&self, spec: &Spec) -> anyhow::Result<u8> {
        let class = match self.client {
            Some(_) => Class::Client,
            None => Class::Server,
        };
        let scenarios = self.scenarios(spec, class)?;
        let known_failures = self.known_failures(spec)?;
        let target = self.target()?;
        let one_at_a_time = self.server.is_one_port();
        let jobs = if one_at_a_time {
            1
        } else {
            self.jobs.map_or_else(Slots::default_count, usize::from)
        };
        let patience = Patience {
            hang: Duration::from_secs(self.patience),
            start: Duration::from_secs(self.start_limit),
            ..Patience::default()
        };

        let progress = text::Progress::new(spec, self.again(), scenarios.len(), self.all);
        let run = run(&scenarios, &target, patience, jobs, |result| {
            progress.finished(result)
        });
        let summary = Summary::of(spec, &run);
        let complete = scenarios.len() == spec.scenarios_of(class).count();
        anstream::print!("{}", text::closing(&summary, &run, complete));

        if !self.report.is_empty() {
            let document = Document::new(spec, &run, &self.name(), &self.again());
            self.report
                .iter()
                .try_for_each(|file| file.write(&document))?;
        }

        let skipped =
            |result: &ScenarioResult<'_>| matches!(result.performance.outcome, Outcome::Skipped(_));
        if summary.verdict == Verdict::NotStarted {
            return Ok(NOT_STARTED);
        }
        if run.results.iter().all(skipped) {
            return Ok(USAGE);
        }
        let not_started = |result: &ScenarioResult<'_>| {
            matches!(result.performance.outcome, Outcome::NotStarted(_))
        };
        let as_expected = match &known_failures {
            None => !summary.is_broken(self.strict),
            Some(known_failures) => {
                let comparison = known_failures.compare(&run);
                anstream::print!("\n{}", text::known_failures(&comparison));
                comparison.is_as_expected()
            }
        };
        Ok(match as_expected {
            false => NOT_CONFORMANT,
            true if run.results.iter().any(not_started) => NOT_STARTED,
            true => CONFORMANT,
        })
    }

    fn known_failures(&self, spec: &Spec) -> anyhow::Result<Option<KnownFailures>> {
        let Some(path) = &self.expect else {
            return Ok(None);
        };
        let name = || path.display().to_string();
        let text = std::fs::read_to_string(path).with_context(name)?;
        KnownFailures::parse(&text, spec)
            .map(Some)
            .with_context(name)
    }

    fn scenarios<'a>(&self, spec: &'a Spec, class: Class) -> anyhow::Result<Vec<&'a Scenario>> {
        let mut scenarios = self.selection.scenarios(spec, class)?;
        if let Some(level) = self.level {
            let most = match level {
                LevelArg::Core => Level::Core,
                LevelArg::Full => Level::Full,
                LevelArg::Recommended => Level::Recommended,
            };
            scenarios.retain(|scenario| spec.level(scenario) <= most);
            if scenarios.is_empty() {
                bail!("none of these scenarios is of level {most} or below; leave out --level");
            }
        }
        Ok(scenarios)
    }

    fn target(&self) -> anyhow::Result<Target> {
        if let Some(client) = &self.client {
            return Ok(Target::Client(ClientCommand::parse(client)?));
        }
        Ok(match self.server.chosen()? {
            Chosen::Running(address) => Target::Running(address),
            Chosen::Start { command, port } => Target::Command {
                command,
                fixed_port: port,
            },
        })
    }

    fn name(&self) -> String {
        self.client.clone().unwrap_or_else(|| self.server.name())
    }

    fn again(&self) -> String {
        match &self.client {
            Some(client) => again([("--client", Some(client.clone()))]),
            None => again(self.server.given()),
        }
    }
}
