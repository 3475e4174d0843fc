//! Several servers in one table: requirements down, servers across.

use std::fmt::Write;

use serde::Serialize;

use super::document::{Document, RequirementEntry, ScenarioEntry};
use super::{Standing, text};

/// Runs against several servers. As it stands it is the JSON report.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Matrix {
    servers: Vec<Column>,
}

/// One server.
#[derive(Debug, Serialize)]
pub struct Column {
    /// As the user calls it.
    pub name: String,
    /// What came of its run.
    pub run: Document,
}

impl Matrix {
    /// The runs must have been made with the same specification and the same selection.
    pub fn new(servers: Vec<Column>) -> Self {
        Self { servers }
    }

    /// The servers, in the order of the user.
    pub fn servers(&self) -> &[Column] {
        &self.servers
    }

    /// The requirements that some server was tested for: where they stand in each document, and what they are.
    pub fn rows(&self) -> impl Iterator<Item = (usize, &RequirementEntry)> {
        let first = self.servers.first();
        let all = first.map_or(&[][..], |server| &server.run.requirements);
        all.iter().enumerate().filter(|(at, _)| {
            let idle = [Standing::NotObservable, Standing::NotTested];
            self.servers
                .iter()
                .any(|server| !idle.contains(&server.run.requirements[*at].standing))
        })
    }

    /// For the terminal: one character a cell.
    pub fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = self.write_text(&mut out);
        out
    }

    fn write_text(&self, out: &mut String) -> std::fmt::Result {
        for (number, server) in self.servers.iter().enumerate() {
            writeln!(
                out,
                "{:>3}  {}: {}",
                number + 1,
                server.name,
                server.verdict()
            )?;
            if let Some(reason) = server.reason() {
                writeln!(out, "       {}", reason.replace('\n', "\n       "))?;
            }
        }
        write!(out, "\n{:<22}", "")?;
        (1..=self.servers.len()).try_for_each(|number| write!(out, "{number:>3}"))?;
        writeln!(out)?;
        for (at, requirement) in self.rows() {
            write!(out, "{:<9} {:<12}", requirement.id, requirement.level)?;
            for server in &self.servers {
                write!(out, "{:>3}", server.mark(at))?;
            }
            writeln!(out)?;
        }
        write!(out, "\n{:<22}", "proved")?;
        for server in &self.servers {
            write!(out, "{:>3}", server.proved())?;
        }
        writeln!(out, "\n\n✓ proved   ✗ broken   ? unclear   – not tested")
    }

    /// A Markdown table.
    pub fn markdown(&self) -> String {
        let mut out = String::new();
        let _ = self.write_markdown(&mut out);
        out
    }

    fn write_markdown(&self, out: &mut String) -> std::fmt::Result {
        let across = |cell: &dyn Fn(&Column) -> String| {
            let cells: Vec<_> = self.servers.iter().map(cell).collect();
            cells.join(" | ")
        };
        let names = across(&|server| server.name.replace('|', "\\|"));
        writeln!(out, "| requirement | level | {names} |")?;
        writeln!(out, "| --- | --- |{}", " :-: |".repeat(self.servers.len()))?;
        for (at, requirement) in self.rows() {
            let marks = across(&|server| server.mark(at).to_owned());
            writeln!(
                out,
                "| {} | {} | {marks} |",
                requirement.id, requirement.level
            )?;
        }
        let proved = across(&|server| server.proved().to_string());
        writeln!(out, "| **proved** | | {proved} |")?;
        writeln!(out, "\n✓ proved, ✗ broken, ? unclear, – not tested\n")?;
        for server in &self.servers {
            let reason = server
                .reason()
                .map_or_else(String::new, |reason| format!(" {reason}"));
            writeln!(out, "- **{}**: {}{reason}", server.name, server.verdict())?;
        }
        Ok(())
    }
}

impl Column {
    /// What the run makes of the server, in one sentence.
    pub fn verdict(&self) -> String {
        if self.run.whole {
            text::verdict_line(self.run.verdict, self.run.class)
        } else {
            "only a part was run.".to_owned()
        }
    }

    /// What is probably behind most failures, or why the server did not start.
    pub fn reason(&self) -> Option<String> {
        if let Some(diagnosis) = &self.run.diagnosis {
            return Some(format!("Most likely: {diagnosis}"));
        }
        let not_started = |scenario: &&ScenarioEntry| scenario.outcome == "not-started";
        self.run.scenarios.iter().find(not_started)?.reason.clone()
    }

    /// Of how many requirements the server has been shown to keep them.
    pub fn proved(&self) -> usize {
        self.run.levels.values().map(|counts| counts.proved).sum()
    }

    fn mark(&self, at: usize) -> &'static str {
        match self.run.requirements[at].standing {
            Standing::Proved => "✓",
            Standing::Broken => "✗",
            Standing::Unclear => "?",
            Standing::NotTested | Standing::NotObservable => "–",
        }
    }
}
