//! The end of the report: why scenarios were not performed, the crash, the likely cause, the levels, the verdict.

use std::fmt::Write as _;

use super::requirement::wrap;
use super::words;
use crate::report::{Standing, Summary, diagnosis};
use crate::requirement::{Id, Level, Requirement};
use crate::runner::{Happening, Outcome, Run, Trace};

/// The end of the report. `complete`: every scenario was selected, so that the verdict is about the whole program.
pub fn closing(summary: &Summary<'_>, run: &Run<'_>, complete: bool) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    for (reason, names) in not_performed(run) {
        let _ = writeln!(out, "{reason}\n    {}\n", first_few(&names));
    }
    let swept = swept(run);
    if swept > 0 {
        let _ = writeln!(out, "{}\n", words::swept(swept));
    }
    out += &causes(run);
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

/// The crash, and the likely cause of most failures, as far as there are any.
pub(super) fn causes(run: &Run<'_>) -> String {
    let crash = diagnosis::crash(run).map(|crash| words::crash(&crash));
    let likely = diagnosis::of(run).map(|diagnosis| words::diagnosis(&diagnosis));
    let causes = crash.into_iter().chain(likely);
    causes.map(|cause| format!("{cause}\n\n")).collect()
}

/// How many processes the suite had to end because they had left the group of the one under test.
fn swept(run: &Run<'_>) -> usize {
    let traces = run.results.iter().map(|result| &result.performance.trace);
    let last = traces.filter_map(Trace::last);
    last.filter_map(|moment| match moment.what {
        Happening::Swept { processes } => Some(processes),
        _ => None,
    })
    .sum()
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
    const WORDS: [&str; 8] = [
        "passed",
        "failed",
        "unclear",
        "not started",
        "blocked",
        "skipped",
        "disturbed",
        "not applicable",
    ];
    let mut counts = [0; WORDS.len()];
    for result in &run.results {
        counts[match result.performance.outcome {
            Outcome::Passed => 0,
            Outcome::Failed(_) => 1,
            Outcome::Unclear(_) => 2,
            Outcome::NotStarted(_) => 3,
            Outcome::Blocked(_) => 4,
            Outcome::Skipped(_) => 5,
            Outcome::Disturbed { .. } => 6,
            Outcome::NotApplicable(_) => 7,
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
    let of_level = |(requirement, standing): &&(&Requirement, Standing)| {
        let idle = [Standing::NotObservable, Standing::NotApplicable];
        requirement.level == level && !idle.contains(standing)
    };
    let observable = summary.requirements.iter().filter(of_level).count();
    if observable == 0 {
        return None;
    }
    let of = if complete {
        format!(" of {observable} requirements")
    } else {
        String::new()
    };
    let mut groups = vec![("broken".to_owned(), ids(Standing::Broken))];
    groups.extend(unclear(summary, level));
    if complete {
        groups.push(("not tested".to_owned(), ids(Standing::NotTested)));
    }
    groups.retain(|(_, ids)| !ids.is_empty());
    if !complete && proved == 0 && groups.is_empty() {
        return None;
    }
    let mut line = format!("{level:<12} {proved:>2}{of} proved");
    for (label, ids) in groups {
        let ids = match ids.len() {
            all if all == observable => "all".to_owned(),
            _ => ids.join(" "),
        };
        let _ = write!(line, "; {label}: {ids}");
    }
    Some(wrap(&line, "", &" ".repeat(13)))
}

/// The unclear requirements of a level, by what keeps them from being judged.
fn unclear<'a>(summary: &Summary<'a>, level: Level) -> Vec<(String, Vec<&'a str>)> {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for requirement in summary.with(level, Standing::Unclear) {
        let causes: Vec<_> = summary.causes(requirement).map(Id::as_str).collect();
        let label = format!("unclear because of {}", causes.join(", "));
        match groups.iter_mut().find(|(known, _)| *known == label) {
            Some((_, ids)) => ids.push(requirement.id.as_str()),
            None => groups.push((label, vec![requirement.id.as_str()])),
        }
    }
    groups
}
