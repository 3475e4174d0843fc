//! One failure, with everything that the author of the server needs: where, what, how, and how to see it again.

use std::fmt::{self, Write};

use crate::requirement::{Class, Id};
use crate::runner::ScenarioResult;
use crate::runner::{Failure, Outcome, Problem, Proof};
use crate::scenario::Scenario;
use crate::spec::Spec;
use driver::wire::{End, Visible};

/// A failure in words. Its `Display` is the whole page.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    spec: &'a Spec,
    scenario: &'a Scenario,
    failure: &'a Failure,
    again: &'a str,
}

impl<'a> Page<'a> {
    /// The page of a result, if it failed. `again` is the command that runs its scenario once more, without the scenario's name.
    pub fn of(spec: &'a Spec, result: &'a ScenarioResult<'a>, again: &'a str) -> Option<Self> {
        match &result.performance.outcome {
            Outcome::Failed(failure) => Some(Self {
                spec,
                scenario: result.scenario,
                failure,
                again,
            }),
            _ => None,
        }
    }
}

impl fmt::Display for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            scenario, failure, ..
        } = self;
        writeln!(f, "✗ {} fails: {}", scenario.name, failure.problem)?;
        let line = failure.line.unwrap_or(scenario.line);
        writeln!(f, "  spec/{}:{line}", scenario.file)?;
        writeln!(f, "\n{}", quote(self.spec, &failure.blame))?;
        f.write_str(&self.transcript())?;
        for (actor, lines) in &failure.unread {
            writeln!(
                f,
                "\n    {actor} has also received, and no step has asked for it yet:"
            )?;
            lines
                .iter()
                .try_for_each(|line| writeln!(f, "        {line}"))?;
        }
        if !failure.output.is_empty() {
            writeln!(f, "\n    The {} printed last:", scenario.class)?;
            failure
                .output
                .iter()
                .try_for_each(|line| writeln!(f, "        {line}"))?;
        }
        writeln!(f, "\n    Again: {} {}", self.again, scenario.name)
    }
}

impl Page<'_> {
    /// The scenario up to the step that failed, with expected and received one above the other.
    fn transcript(&self) -> String {
        let Self {
            scenario, failure, ..
        } = self;
        let mut out = String::new();
        let shown = failure.line.map_or(usize::MAX, |line| line - scenario.line);
        for (number, line) in scenario.source.lines().take(shown).enumerate() {
            let mark = if number + 1 == shown {
                "  ✗ "
            } else {
                "    "
            };
            let counters = if number + 1 == shown && !failure.counters.is_empty() {
                format!("    ({})", failure.counters)
            } else {
                String::new()
            };
            let _ = writeln!(out, "{mark}{line}{counters}");
        }
        if failure.line.is_none() && scenario.class == Class::Client {
            out.push_str("  ✗ (after the last step markers show that nothing else comes)\n");
        } else if failure.line.is_none() {
            out.push_str("  ✗ (after the last step markers show that nothing else comes; `fence` is the suite's own member)\n");
        }
        for (label, text) in comparison(&failure.problem) {
            let _ = writeln!(out, "      {label:<9} {text}");
        }
        out
    }
}

/// A requirement in its own words, wrapped.
pub fn quote(spec: &Spec, id: &Id) -> String {
    let Some(requirement) = spec.requirement(id) else {
        return format!("  {id}\n");
    };
    let text = format!(
        "{id} ({}) {}",
        requirement.level,
        requirement.text.replace("**", "").replace('`', "")
    );
    let mut out = String::new();
    let mut width = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > 92 {
            out.push('\n');
            width = 0;
        }
        out.push_str(if width == 0 { "  " } else { " " });
        out.push_str(word);
        width += length + 1;
    }
    out.push('\n');
    out
}

/// What was expected and what came instead, as labelled lines.
pub(super) fn comparison(problem: &Problem) -> Vec<(&'static str, String)> {
    let visible = |text: &str| Visible(text.as_bytes()).to_string();
    let unfinished = |partial: &[u8]| {
        (!partial.is_empty()).then(|| {
            (
                "received",
                format!("{} (and no LF after it)", Visible(partial)),
            )
        })
    };
    match problem {
        Problem::Different {
            expected, received, ..
        } => {
            vec![
                ("expected", visible(expected)),
                ("received", received.to_string()),
            ]
        }
        Problem::Unlisted { actor, received } => vec![
            ("expected", format!("(nothing more for {actor})")),
            ("received", received.to_string()),
        ],
        Problem::Missing {
            expected,
            proof,
            partial,
            ..
        } => {
            let nothing = match proof {
                Proof::Overtaken => "(nothing; what was sent afterwards has come)".to_owned(),
                Proof::Waited(time) => format!("(nothing for {:.1} s)", time.as_secs_f64()),
            };
            vec![
                ("expected", visible(expected)),
                unfinished(partial).unwrap_or(("received", nothing)),
            ]
        }
        Problem::Ended {
            expected,
            end,
            partial,
            ..
        } => {
            let mut lines = vec![("expected", visible(expected))];
            lines.extend(unfinished(partial));
            lines.push((
                "received",
                match end {
                    End::Fin => "(end of the connection: FIN)".to_owned(),
                    End::Reset => "(end of the connection: RESET)".to_owned(),
                },
            ));
            lines
        }
        Problem::Reset { .. } => vec![
            ("expected", "(end of the connection: FIN)".to_owned()),
            ("received", "(RST)".to_owned()),
        ],
        Problem::StillOpen { .. } => vec![
            ("expected", "(end of the connection)".to_owned()),
            ("received", "(nothing)".to_owned()),
        ],
        Problem::Client(problem) => problem.comparison(),
        _ => Vec::new(),
    }
}
