//! The top of the page: what was checked, the verdict, the levels. And its foot.

use maud::{Markup, html};

use super::diagrams::Diagrams;
use super::inline::{seconds, sentence};
use crate::report::Verdict;
use crate::report::diagnosis::Diagnosis;
use crate::report::document::{Counts, Document};
use crate::report::files::words::{self, count};

/// The verdict in one sentence, or how many of the selected scenarios failed.
pub(super) fn verdict(document: &Document) -> String {
    if document.complete || document.verdict == Verdict::NotStarted {
        return words::verdict(document.verdict, document.class);
    }
    let failed = document
        .scenarios
        .iter()
        .filter(|scenario| scenario.broken().is_some())
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
        .any(|scenario| scenario.broken().is_some());
    let (tone, mark) = match document.verdict {
        Verdict::NotStarted => ("bad", "✗"),
        _ if !document.complete && !any_failed => ("fair", "✓"),
        _ if !document.complete => ("bad", "✗"),
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
            @if let Some(crash) = &document.crash {
                p .cause { (sentence(&words::crash(crash))) }
            }
            @if let Some(diagnosis) = &document.diagnosis {
                p .cause { strong { "Most likely: " } (cause(diagnosis)) }
            }
            (levels(document))
            p .totals { (totals(document)) " in " (seconds(document.took_s)) "." }
            (reasons(document))
        }
    }
}

/// The diagnosis, with links to its requirement and its scenario.
fn cause(diagnosis: &Diagnosis) -> Markup {
    let Diagnosis {
        cause,
        blame,
        scenario,
    } = diagnosis;
    html! {
        (sentence(words::cause(*cause))) " ("
        a href={ "#" (blame) } { (blame) } "; see "
        a href={ "#s-" (scenario) } { (scenario) } ")."
    }
}

fn totals(document: &Document) -> String {
    let parts = words::OUTCOMES.into_iter().filter_map(|word| {
        let outcomes = document.scenarios.iter().map(|scenario| &scenario.outcome);
        let count = outcomes
            .filter(|outcome| words::outcome(outcome).1 == word)
            .count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    format!(
        "{}: {}",
        count(document.scenarios.len(), "scenario"),
        parts.collect::<Vec<_>>().join(", ")
    )
}

/// Why scenarios were not performed, each reason once.
fn reasons(document: &Document) -> Markup {
    let mut reasons: Vec<(String, usize)> = Vec::new();
    let outcomes = document.scenarios.iter().map(|scenario| &scenario.outcome);
    for reason in outcomes.filter_map(words::not_performed) {
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count += 1,
            None => reasons.push((reason, 1)),
        }
    }
    html! {
        @if !reasons.is_empty() {
            ul .reasons aria-label="Why scenarios were not performed" {
                @for (reason, number) in reasons {
                    li { (count(number, "scenario")) " not performed: " (sentence(&reason)) "." }
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
    // Hidden from screen readers: the numbers stand beside it.
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

/// The meaning of the words and signs, and what the page leaves out.
pub(super) fn colophon(document: &Document, diagrams: Diagrams) -> Markup {
    html! {
        p {
            strong { "broken" } ": a scenario failed because of this requirement. "
            strong { "proved" } ": its scenarios passed. "
            strong { "unclear" } ": other requirements, which are broken, keep its scenarios from judging it; fix those first."
        }
        p {
            "In diagrams, time runs downwards; each row is one event as that actor saw it. "
            "Invisible characters are escaped as in source code: " code { "\\r" } ", " code { "\\x00" } ", " code { "\\u{202E}" } "."
            @if diagrams == Diagrams::OfFailures {
                " To keep the page small, only failed scenarios have a diagram."
            }
        }
        p { "Report schema " (document.schema) "." }
    }
}
