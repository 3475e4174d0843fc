//! The end of the report: why scenarios were not performed, the likely cause, the levels, the verdict.

use std::fmt::Write as _;

use super::words;
use crate::report::{Standing, Summary, diagnosis};
use crate::requirement::Level;
use crate::runner::{Outcome, Run};

/// The end of the report. `complete`: every scenario was selected, so that the verdict is about the whole program.
pub fn closing(summary: &Summary<'_>, run: &Run<'_>, complete: bool) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    for (reason, names) in not_performed(run) {
        let _ = writeln!(out, "{reason}\n    {}\n", first_few(&names));
    }
    if let Some(diagnosis) = diagnosis::of(run) {
        let _ = writeln!(out, "{}\n", words::diagnosis(&diagnosis));
    }
    for level in Level::ALL {
        if let Some(line) = level_line(summary, level) {
            let _ = writeln!(out, "{line}");
        }
    }
    let _ = writeln!(out, "{}", totals(run));
    if let Some(dialect) = &run.dialect {
        let _ = writeln!(out, "{}", in_dialect(summary, dialect, complete));
    } else if complete {
        let _ = writeln!(out, "{}", words::verdict(summary.verdict, summary.class));
    } else if summary.is_complete(Level::Core) {
        let verdict = words::core_verdict(summary.verdict, summary.class);
        let _ = writeln!(out, "{verdict}");
    }
    out
}

/// How much applies in a dialect, and whether it is kept.
fn in_dialect(summary: &Summary<'_>, dialect: &str, complete: bool) -> String {
    let standings = || summary.requirements.iter().map(|(_, standing)| *standing);
    let observable = standings().filter(|standing| *standing != Standing::NotObservable);
    let applies = standings()
        .filter(|standing| !matches!(standing, Standing::NotObservable | Standing::NotApplicable));
    let is_kept = !summary.is_broken(Level::Full);
    // What was not selected may apply or not.
    let applies = complete.then(|| (applies.count(), observable.count()));
    words::kept(dialect, applies, is_kept)
}

/// Each reason once, with the names of the scenarios that were not performed for it.
fn not_performed<'a>(run: &Run<'a>) -> Vec<(String, Vec<&'a str>)> {
    let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
    for result in &run.results {
        let Some(reason) = words::not_performed(&result.performance.outcome) else {
            continue;
        };
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, names)) => names.push(&result.scenario.name),
            None => reasons.push((reason, vec![&result.scenario.name])),
        }
    }
    reasons
}

fn first_few(names: &[&str]) -> String {
    const SHOWN: usize = 6;
    let shown = names[..names.len().min(SHOWN)].join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// How many scenarios ended in each way, and the time that they took.
fn totals(run: &Run<'_>) -> String {
    const WORDS: [&str; 6] = [
        "passed",
        "failed",
        "not started",
        "blocked",
        "skipped",
        "not applicable",
    ];
    let mut counts = [0; WORDS.len()];
    for result in &run.results {
        counts[match result.performance.outcome {
            Outcome::Passed => 0,
            Outcome::Failed(_) => 1,
            Outcome::NotStarted(_) => 2,
            Outcome::Blocked(_) => 3,
            Outcome::Skipped(_) => 4,
            Outcome::NotApplicable(_) => 5,
        }] += 1;
    }
    let counts = counts.iter().zip(WORDS).filter(|(count, _)| **count > 0);
    let counts: Vec<_> = counts
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    format!(
        "{}: {} in {:.2} s",
        words::count(run.results.len(), "scenario"),
        counts.join(", "),
        run.took.as_secs_f64()
    )
}

/// Where the requirements of a level stand. Requirements without a result are listed only if all scenarios were selected.
fn level_line(summary: &Summary<'_>, level: Level) -> Option<String> {
    let complete = summary.is_complete(level);
    let ids = |standing| -> Vec<_> {
        let requirements = summary.with(level, standing);
        requirements
            .map(|requirement| requirement.id.as_str())
            .collect()
    };
    let proved = ids(Standing::Proved).len();
    let observable = summary
        .requirements
        .iter()
        .filter(|(requirement, standing)| {
            let idle = [Standing::NotObservable, Standing::NotApplicable];
            requirement.level == level && !idle.contains(standing)
        })
        .count();
    if observable == 0 {
        return None;
    }
    let of = if complete {
        format!(" of {observable} requirements")
    } else {
        String::new()
    };
    let mut says_something = complete || proved > 0;
    let mut line = format!("{level:<12} {proved:>2}{of} proved");
    for (standing, label) in [
        (Standing::Broken, "broken"),
        (Standing::Unclear, "unclear"),
        (Standing::NotTested, "not tested"),
    ] {
        let ids = ids(standing);
        if standing == Standing::NotTested && !complete {
            continue;
        }
        says_something |= !ids.is_empty();
        if ids.len() == observable && standing == Standing::NotTested {
            let _ = write!(line, "; {label}: all");
        } else if !ids.is_empty() {
            let _ = write!(line, "; {label}: {}", ids.join(" "));
        }
    }
    says_something.then_some(line)
}
