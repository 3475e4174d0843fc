//! A failure as plain text, for the formats that have no layout of their own.

use std::fmt::{self, Write};

use super::words;
use crate::report::document::{Document, ScenarioEntry};
use crate::runner::Failure;

/// The requirement, the steps up to the one that failed, what was expected and received, and how to see it again.
pub(super) fn account(document: &Document, scenario: &ScenarioEntry, failure: &Failure) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(document, scenario, failure, &mut out);
    out
}

fn write(
    document: &Document,
    scenario: &ScenarioEntry,
    failure: &Failure,
    out: &mut String,
) -> fmt::Result {
    writeln!(
        out,
        "{}: {}.",
        scenario.name,
        words::problem(&failure.problem)
    )?;
    if let Some(requirement) = document.requirement(&failure.blame) {
        let text = requirement.text.replace("**", "").replace('`', "");
        writeln!(
            out,
            "\nBroken requirement: {} ({})",
            requirement.id, requirement.level
        )?;
        writeln!(out, "    {text}")?;
    }
    steps(scenario, failure, out)?;
    if let Some(comparison) = words::comparison(&failure.problem) {
        writeln!(out, "\nExpected: {}", comparison.expected)?;
        writeln!(out, "Received: {}", comparison.received)?;
    }
    for unread in &failure.unread {
        writeln!(out, "\n{}:", words::unread(&unread.actor))?;
        for line in &unread.lines {
            writeln!(out, "    {}", words::received(line))?;
        }
        if unread.more > 0 {
            writeln!(out, "    … {} more", unread.more)?;
        }
    }
    if let Some(command) = &failure.beyond_signals {
        writeln!(out, "\n{}.", words::beyond_signals(command))?;
    }
    if !failure.output.is_empty() {
        writeln!(out, "\n{}:", words::output(scenario.class))?;
        let mut lines = failure.output.iter();
        lines.try_for_each(|line| writeln!(out, "    {line}"))?;
    }
    writeln!(out, "\nRun it again: {}", scenario.again)
}

fn steps(scenario: &ScenarioEntry, failure: &Failure, out: &mut String) -> fmt::Result {
    let step = failure.step.as_ref();
    let line = step.map_or(scenario.line, |step| step.line);
    writeln!(out, "\nSteps (spec/{}:{line}):", scenario.file)?;
    let failed = step.and_then(|step| step.line.checked_sub(scenario.line + 1));
    for (at, text) in scenario.source.lines().enumerate() {
        match step.filter(|_| failed == Some(at)) {
            None => writeln!(out, "    {text}")?,
            Some(step) if step.counters.is_empty() => return writeln!(out, "  ✗ {text}"),
            Some(step) => return writeln!(out, "  ✗ {text}    ({})", words::counters(step)),
        }
    }
    writeln!(out, "  ✗ ({})", words::AFTER_THE_LAST_STEP)
}
