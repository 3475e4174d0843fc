//! `conformance compare`

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;

use super::{CONFORMANT, NOT_CONFORMANT, Selection, again};
use crate::report::document::Document;
use crate::report::files::ReportFile;
use crate::report::matrix::{Column, Matrix};
use crate::report::{Verdict, text};
use crate::requirement::Class;
use crate::runner::{Patience, Target};
use crate::runner::{Slots, run};
use crate::spec::Spec;
use driver::process::{CommandLine, workspace};

#[derive(Debug, Args)]
pub(super) struct Compare {
    #[command(flatten)]
    selection: Selection,
    /// A server: NAME=COMMAND, with {port} where the port belongs. Once for each server.
    #[arg(long, value_name = "NAME=COMMAND", required_unless_present = "servers")]
    server: Vec<String>,
    /// A file with one NAME=COMMAND a line; lines that begin with # do not count.
    #[arg(long, value_name = "FILE")]
    servers: Option<PathBuf>,
    /// Compare with the reference server too.
    #[arg(long)]
    reference: bool,
    /// Write reports into files: html=FILE, json=FILE, markdown=FILE.
    #[arg(long, value_name = "FORMAT=FILE", value_delimiter = ',', value_parser = ReportFile::of_several)]
    report: Vec<ReportFile>,
    /// Seconds without any progress before a scenario is given up.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    patience: u64,
}

impl Compare {
    pub(super) fn run(&self, spec: &Spec) -> anyhow::Result<u8> {
        let scenarios = self.selection.scenarios(spec, Class::Server)?;
        let servers = self.commands()?;
        let patience = Patience {
            hang: Duration::from_secs(self.patience),
            ..Patience::default()
        };
        let count = servers.len();
        let mut columns = Vec::new();
        for (number, (name, command)) in servers.into_iter().enumerate() {
            let is_reference = self.reference && number + 1 == count;
            if std::io::stderr().is_terminal() {
                let _ = write!(
                    anstream::stderr(),
                    "\r\x1B[K{} of {count}: {name}",
                    number + 1
                );
            }
            let written = command.written().to_owned();
            let target = Target::Command {
                command,
                fixed_port: None,
            };
            let run = run(
                &scenarios,
                &target,
                patience,
                Slots::default_count(),
                |_| {},
            );
            // The reference server is what is checked when no command is given.
            let command = (!is_reference).then(|| written.clone());
            let again = again([("--server", command)]);
            columns.push(Column {
                name,
                run: Document::new(spec, &run, &written, &again),
            });
        }
        if std::io::stderr().is_terminal() {
            let _ = write!(anstream::stderr(), "\r\x1B[K");
        }
        let conformant = |server: &Column| {
            matches!(
                server.run.verdict,
                Verdict::Conformant | Verdict::ConformantAsFarAsTested
            )
        };
        let all = columns.iter().all(conformant);
        let matrix = Matrix::new(columns);
        anstream::print!("{}", text::matrix(&matrix));
        self.report
            .iter()
            .try_for_each(|file| file.write_several(&matrix))?;
        Ok(if all { CONFORMANT } else { NOT_CONFORMANT })
    }

    fn commands(&self) -> anyhow::Result<Vec<(String, CommandLine)>> {
        let mut lines = self.server.clone();
        if let Some(path) = &self.servers {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            lines.extend(
                text.lines()
                    .map(str::trim)
                    .filter(|line| !line.is_empty() && !line.starts_with('#'))
                    .map(str::to_owned),
            );
        }
        let mut commands = Vec::new();
        for line in &lines {
            let (name, command) = line
                .split_once('=')
                .with_context(|| format!("expected NAME=COMMAND, not `{line}`"))?;
            if commands.iter().any(|(known, _)| known == name) {
                bail!("two servers are called {name}");
            }
            commands.push((
                name.to_owned(),
                CommandLine::parse(command, false).with_context(|| name.to_owned())?,
            ));
        }
        if self.reference {
            anstream::eprintln!("building the reference server ...");
            commands.push(("reference".to_owned(), workspace::reference_server()?));
        }
        if commands.is_empty() {
            bail!("no server is named; write one NAME=COMMAND a line");
        }
        Ok(commands)
    }
}
