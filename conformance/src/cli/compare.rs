//! `conformance compare`

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use driver::process::{CommandLine, workspace};

use super::again::{again, other_than};
use super::output;
use super::seconds::seconds;
use super::selection::Selection;
use super::status::{CONFORMANT, NOT_CONFORMANT};
use crate::report::document::Document;
use crate::report::files::ReportFile;
use crate::report::matrix::{Column, Matrix};
use crate::report::{Verdict, text};
use crate::requirement::Class;
use crate::runner::{Patience, Prerequisite, Slots, Target, run};
use crate::scenario::Scenario;
use crate::spec::Spec;

#[derive(Debug, Args)]
pub(super) struct Compare {
    #[command(flatten)]
    selection: Selection,
    /// A name and a command with {port} in place of the port; repeat the option for each server
    #[arg(long, value_name = "NAME=COMMAND", required_unless_present = "servers")]
    server: Vec<Named>,
    /// Read servers from FILE: one NAME=COMMAND per line; lines that begin with # are comments
    #[arg(long, value_name = "FILE")]
    servers: Option<PathBuf>,
    /// Include the reference server
    #[arg(long)]
    reference: bool,
    /// Write reports: html=FILE, json=FILE, markdown=FILE
    #[arg(long, value_name = "FORMAT=FILE", value_delimiter = ',', value_parser = ReportFile::of_several)]
    report: Vec<ReportFile>,
    /// Give up a scenario after SECONDS without progress
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    patience: Duration,
}

/// A server of the comparison.
#[derive(Debug, Clone)]
struct Named {
    name: String,
    command: CommandLine,
    /// Whether it is the reference server, which `check` uses if no other one is named.
    is_reference: bool,
}

impl FromStr for Named {
    type Err = String;

    fn from_str(written: &str) -> Result<Self, String> {
        let (name, command) = written
            .split_once('=')
            .ok_or_else(|| format!("expected NAME=COMMAND, not `{written}`"))?;
        let command = CommandLine::parse(command, false);
        Ok(Self {
            name: name.to_owned(),
            command: command.map_err(|error| format!("{name}: {error}"))?,
            is_reference: false,
        })
    }
}

impl Compare {
    pub(super) fn run(&self, spec: &Spec) -> anyhow::Result<u8> {
        let scenarios = self.selection.scenarios(spec, Class::Server)?;
        self.report.iter().try_for_each(ReportFile::try_path)?;
        let servers = self.named()?;
        let progress = text::servers(servers.len());
        let mut columns = Vec::new();
        for server in servers {
            progress.set_message(server.name.clone());
            columns.push(self.column(spec, &scenarios, server));
            progress.inc(1);
        }
        progress.finish_and_clear();

        let is_conformant = |server: &Column| {
            matches!(
                server.run.verdict,
                Verdict::Conformant | Verdict::ConformantAsFarAsTested
            )
        };
        let all = columns.iter().all(is_conformant);
        let matrix = Matrix::new(columns);
        output::print(format_args!("{}", text::matrix(&matrix)));
        let written = self.report.iter().map(|file| file.write_several(&matrix));
        written
            .filter_map(Result::err)
            .for_each(|error| output::tell(&error.into()));
        Ok(if all { CONFORMANT } else { NOT_CONFORMANT })
    }

    fn column(&self, spec: &Spec, scenarios: &[&Scenario], server: Named) -> Column {
        let written = server.command.written().to_owned();
        let target = Target::Command {
            command: server.command,
            fixed_port: None,
        };
        let patience = Patience {
            hang: self.patience,
            ..Patience::default()
        };
        let run = run(
            scenarios,
            &target,
            patience,
            Slots::default_count(),
            Prerequisite::Blocks,
            |_| {},
        );
        let again = again(
            "check",
            [
                ("--server", (!server.is_reference).then(|| written.clone())),
                ("--spec", spec.folder.clone()),
                ("--patience", other_than(self.patience, 10)),
            ],
        );
        Column {
            name: server.name,
            run: Document::new(spec, &run, &written, &again),
        }
    }

    /// The servers of the options, of the file, and the reference server, in this order.
    fn named(&self) -> anyhow::Result<Vec<Named>> {
        let mut servers = self.server.clone();
        if let Some(path) = &self.servers {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            let lines = text.lines().map(str::trim);
            let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
            for line in lines {
                servers.push(line.parse().map_err(anyhow::Error::msg)?);
            }
        }
        for (at, server) in servers.iter().enumerate() {
            if servers[..at].iter().any(|other| other.name == server.name) {
                bail!("two servers are called {}", server.name);
            }
        }
        if self.reference {
            output::note("building the reference server ...");
            servers.push(Named {
                name: "reference".to_owned(),
                command: workspace::reference_server()?,
                is_reference: true,
            });
        }
        if servers.is_empty() {
            bail!("no server is named; write one NAME=COMMAND per line");
        }
        Ok(servers)
    }
}
