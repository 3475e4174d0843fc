//! The report on the terminal: failures as they happen, and at the end which level the server has reached.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use super::diagnosis;
use super::page::Page;
use super::{Standing, Summary, Verdict};
use crate::requirement::{Class, Id, Level};
use crate::runner::Outcome;
use crate::runner::{Run, ScenarioResult};
use crate::spec::Spec;

/// Prints while a run goes on: a page for each requirement that turns out to be broken, and where it stands.
#[derive(Debug)]
pub struct Progress<'a> {
    spec: &'a Spec,
    /// The command that runs a scenario again.
    again: String,
    total: usize,
    /// Pages for every failure, not only for the first one of each requirement.
    all: bool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    done: usize,
    failed: usize,
    told: BTreeSet<Id>,
}

impl<'a> Progress<'a> {
    /// Nothing has been run yet.
    pub fn new(spec: &'a Spec, again: String, total: usize, all: bool) -> Self {
        Self {
            spec,
            again,
            total,
            all,
            state: Mutex::default(),
        }
    }

    /// Tells of a scenario that is over.
    pub fn over(&self, result: &ScenarioResult<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.done += 1;
        let terminal = std::io::stderr().is_terminal();
        let mut err = anstream::stderr().lock();
        if terminal {
            let _ = write!(err, "\r\x1B[K");
        }
        if let Outcome::Failed(failure) = &result.performance.outcome {
            state.failed += 1;
            if let (true, Some(page)) = (
                state.told.insert(failure.blame.clone()) || self.all,
                Page::of(self.spec, result, &self.again),
            ) {
                let mut out = anstream::stdout().lock();
                let _ = writeln!(out, "{page}");
                let _ = out.flush();
            }
        }
        if terminal && state.done < self.total {
            let failed = if state.failed > 0 {
                format!(", {} failed", state.failed)
            } else {
                String::new()
            };
            let _ = write!(err, "{}/{} scenarios{failed}", state.done, self.total);
            let _ = err.flush();
        }
    }
}

/// What stands at the end of the report.
pub fn closing(summary: &Summary<'_>, run: &Run<'_>, whole: bool) -> String {
    let mut out = String::new();
    told_once(run, &mut out);
    if let Some(diagnosis) = diagnosis::of(run) {
        let _ = writeln!(out, "Most likely: {diagnosis}\n");
    }
    for line in Level::ALL
        .into_iter()
        .filter_map(|level| level_line(summary, level))
    {
        let _ = writeln!(out, "{line}");
    }
    let count = |wanted: fn(&Outcome) -> bool| {
        run.results
            .iter()
            .filter(|result| wanted(&result.performance.outcome))
            .count()
    };
    let counts = [
        (
            count(|outcome| matches!(outcome, Outcome::Passed)),
            "passed",
        ),
        (
            count(|outcome| matches!(outcome, Outcome::Failed(_))),
            "failed",
        ),
        (
            count(|outcome| matches!(outcome, Outcome::NotStarted(_))),
            "not started",
        ),
        (
            count(|outcome| matches!(outcome, Outcome::Blocked(_))),
            "blocked",
        ),
        (
            count(|outcome| matches!(outcome, Outcome::Skipped(_))),
            "skipped",
        ),
    ];
    let counts: Vec<_> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let _ = writeln!(
        out,
        "{} scenario{}: {} in {:.2} s",
        run.results.len(),
        if run.results.len() == 1 { "" } else { "s" },
        counts.join(", "),
        run.took.as_secs_f64()
    );
    if whole {
        let _ = writeln!(out, "{}", verdict_line(summary.verdict, summary.class));
    } else if summary.is_complete(Level::Core) {
        let core = match summary.verdict {
            Verdict::NotConformant | Verdict::NotStarted => {
                verdict_line(summary.verdict, summary.class)
            }
            _ => format!(
                "The {} is core conformant; nothing else was asked.",
                summary.class
            ),
        };
        let _ = writeln!(out, "{core}");
    }
    out
}

/// Why scenarios were not performed, each reason once.
fn told_once(run: &Run<'_>, out: &mut String) {
    let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
    for result in &run.results {
        let reason = match &result.performance.outcome {
            Outcome::Skipped(reason) => format!("skipped: {reason}"),
            Outcome::NotStarted(reason) => reason.clone(),
            Outcome::Blocked(by) => {
                format!("blocked: no other scenario can pass until `{by}` does")
            }
            Outcome::Passed | Outcome::Failed(_) => continue,
        };
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, names)) => names.push(&result.scenario.name),
            None => reasons.push((reason, vec![&result.scenario.name])),
        }
    }
    for (reason, names) in reasons {
        const SHOWN: usize = 6;
        let more = if names.len() > SHOWN {
            format!(" and {} more", names.len() - SHOWN)
        } else {
            String::new()
        };
        let _ = writeln!(
            out,
            "{reason}\n    {}{more}\n",
            names[..names.len().min(SHOWN)].join(", ")
        );
    }
}

/// A part of a level's scenarios says nothing about what it did not test.
fn level_line(summary: &Summary<'_>, level: Level) -> Option<String> {
    let whole = summary.is_complete(level);
    let ids = |standing| {
        summary
            .with(level, standing)
            .map(|requirement| requirement.id.as_str())
            .collect::<Vec<_>>()
    };
    let proved = ids(Standing::Proved).len();
    let observable = summary
        .requirements
        .iter()
        .filter(|(requirement, standing)| {
            requirement.level == level && *standing != Standing::NotObservable
        })
        .count();
    if observable == 0 {
        return None;
    }
    let of = if whole {
        format!(" of {observable} requirements")
    } else {
        String::new()
    };
    let mut said = whole || proved > 0;
    let mut line = format!("{level:<12} {proved:>2}{of} proved");
    for (standing, label) in [
        (Standing::Broken, "broken"),
        (Standing::Unclear, "unclear"),
        (Standing::NotTested, "not tested"),
    ] {
        let ids = ids(standing);
        if standing == Standing::NotTested && !whole {
            continue;
        }
        said |= !ids.is_empty();
        if ids.len() == observable && standing == Standing::NotTested {
            let _ = write!(line, "; {label}: all");
        } else if !ids.is_empty() {
            let _ = write!(line, "; {label}: {}", ids.join(" "));
        }
    }
    said.then_some(line)
}

/// The verdict in one sentence.
pub(super) fn verdict_line(verdict: Verdict, class: Class) -> String {
    let about = match verdict {
        Verdict::Conformant => "is conformant",
        Verdict::ConformantAsFarAsTested => {
            return "Nothing is broken, but not everything was tested: see above.".to_owned();
        }
        Verdict::CoreConformant => "is core conformant; it is not conformant",
        Verdict::NotConformant => "is not conformant",
        Verdict::NotStarted => "could not be started",
    };
    format!("The {class} {about}.")
}
