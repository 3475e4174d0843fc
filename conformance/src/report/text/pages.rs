//! What is broken: the first requirements with a page each, and the others with a line each.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::closing::causes;
use super::page::Page;
use super::words;
use crate::requirement::Id;
use crate::runner::{Outcome, Run, ScenarioResult, is_gate};
use crate::spec::Spec;

/// So many requirements have a page of their own.
const IN_FULL: usize = 3;

/// Space for lines about the other requirements, and for the one that says how to see more.
const SHORT: usize = 14;

/// The pages of a run, in at most `limit` lines, but always one page. `None` for every failure in full. `again` is the
/// command that runs scenarios again.
pub(super) fn pages(spec: &Spec, run: &Run<'_>, again: &str, limit: Option<usize>) -> String {
    let page = |result| Page::of(spec, result, again).map(|page| format!("{page}\n"));
    let Some(limit) = limit else {
        let all = run.results.iter();
        return all.filter_map(page).collect();
    };
    let told = told(spec, run);
    let mut out = String::new();
    // Writing to a String cannot fail.
    if told.len() > 1 {
        out += &causes(run);
    }
    let mut shown = 0;
    for page in told.iter().take(IN_FULL).copied().filter_map(page) {
        let rest = (told.len() - shown - 1).min(SHORT);
        if shown > 0 && lines(&out) + lines(&page) + rest > limit {
            break;
        }
        out += &page;
        shown += 1;
    }
    let rest = &told[shown..];
    for result in rest.iter().take(SHORT - 2) {
        if let Some(failure) = result.performance.outcome.failure() {
            let (name, problem) = (&result.scenario.name, words::problem(&failure.problem));
            let blame = failure.blame.as_str();
            let _ = writeln!(out, "✗ {blame:<9} {name}: {}", one_line(&problem));
        }
    }
    if let Some(more) = rest.len().checked_sub(SHORT - 2).filter(|more| *more > 0) {
        let more = words::count(more, "more requirement");
        let _ = writeln!(out, "  and {more}; --all shows every failure");
    } else if !rest.is_empty() {
        let _ = writeln!(out, "  --all shows every failure in full");
    }
    if !rest.is_empty() {
        out.push('\n');
    }
    out
}

fn lines(text: &str) -> usize {
    text.lines().count()
}

fn one_line(text: &str) -> String {
    const LONGEST: usize = 100;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// One failure for each broken requirement, the simplest that proves it. Those that everything else relies on come first,
/// then the levels, and within a level the order is that of the specification.
fn told<'r, 'a>(spec: &Spec, run: &'r Run<'a>) -> Vec<&'r ScenarioResult<'a>> {
    let mut simplest: BTreeMap<&Id, &ScenarioResult<'_>> = BTreeMap::new();
    for result in &run.results {
        let Outcome::Failed(failure) = &result.performance.outcome else {
            continue;
        };
        let rank = |result: &ScenarioResult<'_>| {
            let proves = result.scenario.proves.contains(&failure.blame);
            let steps = result.scenario.source.lines().count();
            (!is_gate(&result.scenario.name), !proves, steps)
        };
        let best = simplest.entry(&failure.blame).or_insert(result);
        if rank(result) < rank(best) {
            *best = result;
        }
    }
    let mut told: Vec<_> = simplest.into_iter().collect();
    told.sort_by_key(|(id, result)| {
        let place = spec.requirements.iter().position(|it| it.id == **id);
        let level = spec.requirement(id).map(|requirement| requirement.level);
        (!is_gate(&result.scenario.name), level, place)
    });
    told.into_iter().map(|(_, result)| result).collect()
}
