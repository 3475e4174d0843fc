//! `conformance check`

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use driver::process::ClientCommand;

use super::again::{again, other_than};
use super::dialect::DialectArg;
use super::output;
use super::seconds::seconds;
use super::selection::Selection;
use super::server::{Chosen, ServerArgs};
use super::status::{CONFORMANT, DISTURBED, NOT_CONFORMANT, NOT_STARTED, USAGE};
use crate::report::document::Document;
use crate::report::files::ReportFile;
use crate::report::known_failures::KnownFailures;
use crate::report::{Summary, Verdict, text};
use crate::requirement::{Class, Level};
use crate::runner::{Outcome, Patience, Prerequisite, Run, Slots, Target, run};
use crate::scenario::Scenario;
use crate::spec::Spec;

#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    server: ServerArgs,
    /// Check a client instead: the suite is the server
    ///
    /// Example: 'my_client {host} {port} {nick}'. The client reads what its user types from standard input, one line at a time;
    /// the end of the input means that the user leaves. It writes what it shows to standard output.
    #[arg(long, value_name = "COMMAND", conflicts_with_all = ["server", "connect", "port", "dialect"])]
    client: Option<String>,
    #[command(flatten)]
    dialect: DialectArg,
    /// Run only scenarios of this level and below
    #[arg(long, value_name = "LEVEL")]
    level: Option<Level>,
    /// Fail if a SHOULD is broken, too
    #[arg(long)]
    strict: bool,
    /// Print every failure in full instead of the first requirements that are broken
    #[arg(long)]
    all: bool,
    /// Expect the failures that this TOML file lists
    ///
    /// Each line is NAME = "reason"; NAME is a scenario or a requirement. The run fails if anything else fails, and if a known
    /// failure passes.
    #[arg(long, value_name = "FILE")]
    expect: Option<PathBuf>,
    /// Write reports: html=FILE, json=FILE, junit=FILE, markdown=FILE, grade=FILE
    ///
    /// `grade` is the JSON that course autograders read. The option can be repeated, and takes a list separated by commas.
    #[arg(long, value_name = "FORMAT=FILE", value_delimiter = ',', value_parser = ReportFile::of_one)]
    report: Vec<ReportFile>,
    /// Run N scenarios at the same time [default: twice the number of cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Give up a scenario after SECONDS without progress
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    patience: Duration,
    /// Wait SECONDS for the server to listen
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    start_limit: Duration,
}

impl Check {
    pub(super) fn run(&self, spec: &Spec) -> anyhow::Result<u8> {
        let class = match self.client {
            Some(_) => Class::Client,
            None => Class::Server,
        };
        let scenarios = self.scenarios(spec, class)?;
        let known_failures = self.known_failures(spec)?;
        self.report.iter().try_for_each(ReportFile::try_path)?;
        let run = self.perform(&scenarios)?;
        // Files first: whatever happens to the terminal, they are there.
        let unwritten = self.write_reports(spec, &run);
        let summary = Summary::of(spec, &run);
        let complete = scenarios.len() >= spec.usual_scenarios_of(class).count();
        let again = self.again(spec);
        let report = text::report(spec, &summary, &run, &again, complete, self.all);
        output::print(format_args!("{report}"));
        let status = self.status(&run, &summary, known_failures.as_ref());
        unwritten.iter().for_each(output::tell);
        Ok(status)
    }

    /// Writes each report, and returns the errors.
    fn write_reports(&self, spec: &Spec, run: &Run<'_>) -> Vec<anyhow::Error> {
        if self.report.is_empty() {
            return Vec::new();
        }
        let document = Document::new(spec, run, &self.name(), &self.again(spec));
        let written = self.report.iter().map(|file| file.write(&document));
        written.filter_map(Result::err).map(Into::into).collect()
    }

    /// The exit status. Says how the failures compare with the known ones.
    fn status(
        &self,
        run: &Run<'_>,
        summary: &Summary<'_>,
        known_failures: Option<&KnownFailures>,
    ) -> u8 {
        let outcomes = run.results.iter().map(|result| &result.performance.outcome);
        let any = |wanted: fn(&Outcome) -> bool| outcomes.clone().any(wanted);
        if summary.verdict == Verdict::NotStarted {
            return NOT_STARTED;
        }
        let is_idle =
            |outcome: &Outcome| matches!(outcome, Outcome::Skipped(_) | Outcome::NotApplicable(_));
        if outcomes.clone().all(is_idle) {
            return USAGE;
        }
        let as_expected = match known_failures {
            None => !summary.is_broken(self.most()),
            Some(known_failures) => {
                let comparison = known_failures.compare(run);
                output::print(format_args!("\n{}", text::known_failures(&comparison)));
                comparison.is_as_expected()
            }
        };
        match as_expected {
            false => NOT_CONFORMANT,
            true if any(|outcome| matches!(outcome, Outcome::NotStarted(_))) => NOT_STARTED,
            true if any(|outcome| matches!(outcome, Outcome::Disturbed { .. })) => DISTURBED,
            true => CONFORMANT,
        }
    }

    /// The highest level that decides the exit status: SHOULDs do only when that is asked for.
    fn most(&self) -> Level {
        let most = if self.strict {
            Level::Recommended
        } else {
            Level::Full
        };
        self.level.map_or(most, |level| level.min(most))
    }

    /// Runs the scenarios and shows how far the run is.
    fn perform<'a>(&self, scenarios: &[&'a Scenario]) -> anyhow::Result<Run<'a>> {
        let target = self.target()?;
        let jobs = if self.server.is_one_port() {
            1
        } else {
            self.jobs.map_or_else(Slots::default_count, usize::from)
        };
        let patience = Patience {
            hang: self.patience,
            start: self.start_limit,
            ..Patience::default()
        };
        let progress = text::Progress::new(scenarios.len());
        let prerequisite = if self.report.iter().any(ReportFile::is_grade) {
            Prerequisite::Ignored
        } else {
            Prerequisite::Blocks
        };
        Ok(run(
            scenarios,
            &target,
            patience,
            jobs,
            prerequisite,
            |result| {
                progress.finished(result);
            },
        ))
    }

    fn known_failures(&self, spec: &Spec) -> anyhow::Result<Option<KnownFailures>> {
        let Some(path) = &self.expect else {
            return Ok(None);
        };
        let name = || path.display().to_string();
        let text = std::fs::read_to_string(path).with_context(name)?;
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
        KnownFailures::parse(text, spec)
            .map(Some)
            .with_context(name)
    }

    fn scenarios<'a>(&self, spec: &'a Spec, class: Class) -> anyhow::Result<Vec<&'a Scenario>> {
        let mut scenarios = self.selection.scenarios(spec, class)?;
        if let Some(level) = self.level {
            scenarios.retain(|scenario| spec.level(scenario) <= level);
            if scenarios.is_empty() {
                bail!("none of these scenarios is of level {level} or below; leave out --level");
            }
        }
        Ok(scenarios)
    }

    fn target(&self) -> anyhow::Result<Target> {
        if let Some(client) = &self.client {
            return Ok(Target::Client(ClientCommand::parse(client)?));
        }
        let target = match self.server.chosen()? {
            Chosen::Running(address) => Target::Running(address),
            Chosen::Start { command, port } => Target::Command {
                command,
                fixed_port: port,
            },
        };
        self.dialect.spoken_by(target)
    }

    fn name(&self) -> String {
        self.client.clone().unwrap_or_else(|| self.server.name())
    }

    /// The command that performs scenarios again in the same way.
    fn again(&self, spec: &Spec) -> String {
        let server = self.server.given().into_iter().chain(self.dialect.given());
        let server = server.filter(|_| self.client.is_none());
        again(
            "check",
            server.chain([
                ("--client", self.client.clone()),
                ("--spec", spec.folder.clone()),
                ("--patience", other_than(self.patience, 10)),
                ("--start-limit", other_than(self.start_limit, 30)),
            ]),
        )
    }
}
