//! One failure, with everything that the author of the program needs: where, what, how, and how to see it again.

use std::fmt::{self, Write};

use super::requirement::quote;
use super::words;
use crate::requirement::Class;
use crate::runner::{Failure, ScenarioResult};
use crate::scenario::Scenario;
use crate::spec::Spec;

/// A failure on the terminal. Its `Display` is the page.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    spec: &'a Spec,
    scenario: &'a Scenario,
    failure: &'a Failure,
    again: &'a str,
}

impl<'a> Page<'a> {
    /// The page of a result that failed. `again` is the command that runs scenarios again; the scenario's name is added to it.
    pub fn of(spec: &'a Spec, result: &'a ScenarioResult<'a>, again: &'a str) -> Option<Self> {
        Some(Self {
            spec,
            scenario: result.scenario,
            failure: result.performance.outcome.failure()?,
            again,
        })
    }
}

impl fmt::Display for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            scenario, failure, ..
        } = self;
        writeln!(
            f,
            "✗ {} fails: {}",
            scenario.name,
            words::problem(&failure.problem)
        )?;
        let line = failure
            .step
            .as_ref()
            .map_or(scenario.line, |step| step.line);
        writeln!(f, "  {}", self.spec.place(&scenario.file, line))?;
        writeln!(f, "\n{}", quote(self.spec, &failure.blame))?;
        f.write_str(&self.transcript())?;
        for unread in &failure.unread {
            writeln!(
                f,
                "\n    {} has also received, and no step has asked for it yet:",
                unread.actor
            )?;
            for line in &unread.lines {
                writeln!(f, "        {}", words::received(line))?;
            }
            if unread.more > 0 {
                writeln!(f, "        … and {} more", unread.more)?;
            }
        }
        if let Some(command) = &failure.beyond_signals {
            writeln!(f, "\n{}", words::beyond_signals(command))?;
        }
        if !failure.output.is_empty() {
            writeln!(f, "\n    The last output of the {}:", scenario.class)?;
            failure
                .output
                .iter()
                .try_for_each(|line| writeln!(f, "        {line}"))?;
        }
        writeln!(f, "\n    Again: {} {}", self.again, scenario.name)
    }
}

/// Of a long scenario, the first and the last steps before the failure are shown.
const FIRST: usize = 4;
const LAST: usize = 24;

impl Page<'_> {
    /// The steps up to the one that failed, then what was expected and what was received.
    fn transcript(&self) -> String {
        let Self {
            scenario, failure, ..
        } = self;
        let mut out = String::new();
        let step = failure.step.as_ref();
        let shown = step.map_or(usize::MAX, |step| step.line - scenario.line);
        let steps: Vec<_> = scenario.source.lines().take(shown).collect();
        for (number, line) in steps.iter().enumerate() {
            if (FIRST..steps.len().saturating_sub(LAST)).contains(&number) {
                if number == FIRST {
                    let _ = writeln!(out, "    … {} steps", steps.len() - FIRST - LAST);
                }
                continue;
            }
            let mark = if number + 1 == shown {
                "  ✗ "
            } else {
                "    "
            };
            let counters = step
                .filter(|step| number + 1 == shown && !step.counters.is_empty())
                .map_or_else(String::new, |step| {
                    format!("    ({})", words::counters(step))
                });
            let _ = writeln!(out, "{mark}{line}{counters}");
        }
        if step.is_none() {
            let fence = match scenario.class {
                Class::Server => "; `fence` is the suite's own member",
                Class::Client => "",
            };
            let _ = writeln!(
                out,
                "  ✗ (after the last step, markers show that nothing else comes{fence})"
            );
        }
        for (label, text) in words::comparison(&failure.problem) {
            let _ = writeln!(out, "      {label:<9} {text}");
        }
        if let Some(line) = failure.in_dialect.as_deref().and_then(words::in_dialect) {
            let _ = writeln!(out, "      {line}");
        }
        out
    }
}
