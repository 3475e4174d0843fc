//! The top of the page: what was checked, the verdict, the levels; and its end.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::Diagrams;
use super::words::{count, seconds, sentence};
use crate::report::document::{Counts, Document};
use crate::report::{Verdict, text};

/// What the run makes of the server, or of what was selected, in one sentence.
pub(super) fn verdict(document: &Document) -> String {
    if document.whole || document.verdict == Verdict::NotStarted {
        return match document.verdict {
            // "See above" is true on a terminal only.
            Verdict::ConformantAsFarAsTested => {
                "Nothing is broken, but not everything was tested.".to_owned()
            }
            verdict => text::verdict_line(verdict, document.class),
        };
    }
    let failed = document
        .scenarios
        .iter()
        .filter(|scenario| scenario.failure.is_some())
        .count();
    let selected = count(document.scenarios.len(), "selected scenario");
    match failed {
        0 => format!("None of {selected} failed."),
        _ => format!("{failed} of {selected} failed."),
    }
}

pub(super) fn head(document: &Document) -> Markup {
    let any_failed = document
        .scenarios
        .iter()
        .any(|scenario| scenario.failure.is_some());
    let (tone, mark) = match document.verdict {
        Verdict::NotStarted => ("bad", "✗"),
        _ if !document.whole && !any_failed => ("fair", "✓"),
        _ if !document.whole => ("bad", "✗"),
        Verdict::Conformant => ("good", "✓"),
        Verdict::ConformantAsFarAsTested => ("fair", "✓"),
        Verdict::CoreConformant => ("fair", "◐"),
        Verdict::NotConformant => ("bad", "✗"),
    };
    html! {
        header .(tone) {
            p .product { "Salotto conformance" }
            h1 { span .mark aria-hidden="true" { (mark) } (verdict(document)) }
            p .server { (document.class.capitalized()) ": " code { (document.server) } }
            @if let Some(diagnosis) = &document.diagnosis {
                p .cause { strong { "Most likely: " } (with_links(document, diagnosis)) }
            }
            (levels(document))
            p .totals { (totals(document)) " in " (seconds(document.took_s)) "." }
            (reasons(document))
        }
    }
}

/// The diagnosis ends with `(JOIN-1; see a-scenario).`: both are on this page.
fn with_links(document: &Document, diagnosis: &str) -> Markup {
    let Some((before, (id, scenario))) = diagnosis
        .strip_suffix(").")
        .and_then(|rest| rest.rsplit_once(" ("))
        .and_then(|(before, inside)| Some((before, inside.split_once("; see ")?)))
        .filter(|(_, (_, scenario))| {
            document
                .scenarios
                .iter()
                .any(|known| known.name == *scenario)
        })
    else {
        return sentence(diagnosis);
    };
    html! {
        (sentence(before)) " ("
        a href={ "#" (id) } { (id) } "; see "
        a href={ "#s-" (scenario) } { (scenario) } ")."
    }
}

fn totals(document: &Document) -> String {
    let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
    for scenario in &document.scenarios {
        *outcomes.entry(scenario.outcome).or_default() += 1;
    }
    let parts = ["passed", "failed", "skipped", "blocked", "not-started"]
        .into_iter()
        .filter_map(|outcome| Some((outcomes.get(outcome)?, outcome.replace('-', " "))))
        .map(|(count, outcome)| format!("{count} {outcome}"));
    format!(
        "{}: {}",
        count(document.scenarios.len(), "scenario"),
        parts.collect::<Vec<_>>().join(", ")
    )
}

/// Why scenarios were not performed, each reason once.
fn reasons(document: &Document) -> Markup {
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for reason in document
        .scenarios
        .iter()
        .filter_map(|scenario| scenario.reason.as_deref())
    {
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count += 1,
            None => reasons.push((reason, 1)),
        }
    }
    html! {
        @if !reasons.is_empty() {
            ul .reasons aria-label="Why scenarios were not performed" {
                @for (reason, number) in reasons {
                    li { (count(number, "scenario")) " not performed: " (sentence(reason)) }
                }
            }
        }
    }
}

fn levels(document: &Document) -> Markup {
    html! {
        table .levels {
            caption .unseen { "Requirements by level" }
            thead .unseen {
                tr { th scope="col" { "Level" } th scope="col" { "Share" } th scope="col" { "Standings" } }
            }
            tbody {
                @for (level, counts) in &document.levels {
                    tr {
                        th scope="row" { a href={ "#level-" (level) } { (level) } }
                        td .bar { (bar(counts)) }
                        td { (numbers(counts)) }
                    }
                }
            }
        }
    }
}

fn bar(counts: &Counts) -> Markup {
    let parts = [
        ("proved", counts.proved),
        ("broken", counts.broken),
        ("unclear", counts.unclear),
        ("not-tested", counts.not_tested),
    ];
    let all = parts.iter().map(|(_, count)| count).sum::<usize>().max(1);
    let mut from = 0;
    let parts = parts.map(|(class, count)| {
        from += count;
        (class, from - count, count)
    });
    // Nobody needs to hear it: the numbers stand beside it.
    html! {
        svg viewBox={ "0 0 " (all) " 1" } preserveAspectRatio="none" aria-hidden="true" {
            @for (class, from, count) in parts.into_iter().filter(|(_, _, count)| *count > 0) {
                rect .(class) x=(from) y="0" width=(count) height="1" {}
            }
        }
    }
}

fn numbers(counts: &Counts) -> Markup {
    let observable = counts.proved + counts.broken + counts.unclear + counts.not_tested;
    let others = [
        (counts.broken, "broken"),
        (counts.unclear, "unclear"),
        (counts.not_tested, "not tested"),
    ];
    html! {
        strong { (counts.proved) " of " (observable) } " proved"
        @for (number, word) in others.into_iter().filter(|(number, _)| *number > 0) {
            ", " span .{ "n-" (word.replace(' ', "-")) } { (number) " " (word) }
        }
    }
}

/// What the signs mean, and what the page leaves out.
pub(super) fn colophon(document: &Document, diagrams: Diagrams) -> Markup {
    html! {
        p {
            strong { "broken" } ": a scenario failed, and this requirement is to blame. "
            strong { "proved" } ": its scenarios passed. "
            strong { "unclear" } ": its scenarios failed because of other requirements; mend those first."
        }
        p {
            "In diagrams, time goes down; each row is one thing that happened, as that actor saw it. "
            "What is invisible is shown as in source code: " code { "\\r" } ", " code { "\\x00" } ", " code { "\\u{202E}" } "."
            @if diagrams == Diagrams::OfFailures {
                " To keep the page small, only failures have a diagram."
            }
        }
        p { "Report schema " (document.schema) "." }
    }
}
