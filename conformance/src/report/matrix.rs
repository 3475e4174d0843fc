//! Several servers in one table: requirements down, servers across.

use std::fmt::Write;

use super::document::Document;
use super::{Standing, text};
use crate::spec::Level;

/// Runs against several servers, with the names that the user gave them.
#[derive(Debug)]
pub struct Matrix {
    servers: Vec<(String, Document)>,
}

impl Matrix {
    /// The runs must have been made with the same specification and the same selection.
    pub fn new(servers: Vec<(String, Document)>) -> Self {
        Self { servers }
    }

    /// For the terminal: one character a cell.
    pub fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = self.write_text(&mut out);
        out
    }

    fn write_text(&self, out: &mut String) -> std::fmt::Result {
        for (number, (name, document)) in self.servers.iter().enumerate() {
            writeln!(out, "{:>3}  {name}: {}", number + 1, self.verdict(document))?;
            if let Some(diagnosis) = &document.diagnosis {
                writeln!(out, "       most likely: {diagnosis}")?;
            }
        }
        write!(out, "\n{:<22}", "")?;
        (1..=self.servers.len()).try_for_each(|number| write!(out, "{number:>3}"))?;
        writeln!(out)?;
        for (at, id, level) in self.rows() {
            write!(out, "{id:<9} {level:<12}")?;
            for (_, document) in &self.servers {
                write!(out, "{:>3}", mark(document.requirements[at].standing))?;
            }
            writeln!(out)?;
        }
        write!(out, "\n{:<22}", "proved")?;
        for (_, document) in &self.servers {
            write!(out, "{:>3}", proved(document))?;
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
        let names: Vec<_> = self
            .servers
            .iter()
            .map(|(name, _)| name.replace('|', "\\|"))
            .collect();
        writeln!(out, "| requirement | level | {} |", names.join(" | "))?;
        writeln!(out, "| --- | --- |{}", " :-: |".repeat(names.len()))?;
        for (at, id, level) in self.rows() {
            let marks = self
                .servers
                .iter()
                .map(|(_, document)| mark(document.requirements[at].standing));
            writeln!(
                out,
                "| {id} | {level} | {} |",
                marks.collect::<Vec<_>>().join(" | ")
            )?;
        }
        let counts = self
            .servers
            .iter()
            .map(|(_, document)| proved(document).to_string());
        writeln!(
            out,
            "| **proved** | | {} |",
            counts.collect::<Vec<_>>().join(" | ")
        )?;
        writeln!(out, "\n✓ proved, ✗ broken, ? unclear, – not tested\n")?;
        for (name, document) in &self.servers {
            writeln!(out, "- **{name}**: {}", self.verdict(document))?;
        }
        Ok(())
    }

    fn verdict(&self, document: &Document) -> &'static str {
        if document.whole {
            text::verdict_line(document.verdict)
        } else {
            "only a part was run."
        }
    }

    /// The requirements that some server was tested for: where they stand in each document, id and level.
    fn rows(&self) -> impl Iterator<Item = (usize, &str, Level)> {
        let first = self
            .servers
            .first()
            .map(|(_, document)| document.requirements.as_slice())
            .unwrap_or_default();
        let all = first.iter().enumerate();
        let tested = all.filter(|(at, _)| {
            let idle = [Standing::NotObservable, Standing::NotTested];
            self.servers
                .iter()
                .any(|(_, document)| !idle.contains(&document.requirements[*at].standing))
        });
        tested.map(|(at, requirement)| (at, requirement.id.as_str(), requirement.level))
    }
}

fn mark(standing: Standing) -> &'static str {
    match standing {
        Standing::Proved => "✓",
        Standing::Broken => "✗",
        Standing::Unclear => "?",
        Standing::NotTested | Standing::NotObservable => "–",
    }
}

fn proved(document: &Document) -> usize {
    document.levels.values().map(|counts| counts.proved).sum()
}
