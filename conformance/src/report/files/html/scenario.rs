//! One scenario: what it demands, and what happened.

use maud::{Markup, html};

use super::diagrams::Diagrams;
use super::inline::{seconds, sentence};
use super::{diagram, failure};
use crate::report::document::ScenarioEntry;
use crate::report::files::words;
use crate::requirement::Id;

pub(super) fn entry(scenario: &ScenarioEntry, home: &Id, open: bool, diagrams: Diagrams) -> Markup {
    let (mark, word) = words::outcome(&scenario.outcome);
    let failed = scenario.failure();
    let others: Vec<_> = scenario.proves.iter().filter(|id| *id != home).collect();
    let has_diagram =
        !scenario.moments.is_empty() && (failed.is_some() || diagrams == Diagrams::All);
    html! {
        details .scenario #{ "s-" (scenario.name) } data-outcome=(word.replace(' ', "-")) data-name=(scenario.name) open[open] {
            summary {
                h4 {
                    span .mark aria-hidden="true" { (mark) }
                    (scenario.name)
                    " " span .word { (word) }
                }
                @if let Some(failure) = failed {
                    p .problem { (words::problem(&failure.problem)) "." }
                }
                p .took { (seconds(scenario.took_s)) }
            }
            @if let Some(reason) = words::not_performed(&scenario.outcome) {
                p .note { (sentence(&reason)) "." }
            }
            div .sides {
                div .asked {
                    h5 { "What it demands" }
                    (source(scenario))
                    @if let Some(failure) = failed {
                        (failure::comparison(failure))
                    }
                    p .place {
                        "spec/" (scenario.file) ":" (scenario.line)
                        @if !others.is_empty() {
                            "; also proves "
                            @for (at, id) in others.iter().enumerate() {
                                @if at > 0 { ", " }
                                a href={ "#" (id) } { (id) }
                            }
                        }
                    }
                }
                @if has_diagram {
                    div .happened {
                        h5 { "What happened" }
                        (diagram::diagram(scenario))
                    }
                }
                div .details {
                    @if let Some(failure) = failed { (failure::details(scenario, failure)) }
                    h5 { "Run it again" }
                    pre .again tabindex="0" role="region" aria-label={ "The command that performs " (scenario.name) " again" } { (scenario.again) }
                }
            }
        }
    }
}

/// The steps. The one that failed is marked, and those after it are dimmed.
fn source(scenario: &ScenarioEntry) -> Markup {
    let failure = scenario.failure();
    let step = failure.and_then(|failure| failure.step.as_ref());
    let bad = step.and_then(|step| step.line.checked_sub(scenario.line + 1));
    let after_the_last = failure.is_some() && step.is_none();
    let counters = step.map_or_else(String::new, words::counters);
    html! {
        pre .source tabindex="0" role="region" aria-label={ "The steps of " (scenario.name) } {
            @for (at, step) in scenario.source.lines().enumerate() {
                @if bad == Some(at) {
                    mark {
                        span aria-hidden="true" { "✗ " }
                        (step)
                        @if !counters.is_empty() { span .aside { "    (" (counters) ")" } }
                        span .unseen { " – this step failed" }
                    }
                } @else if bad.is_some_and(|bad| at > bad) {
                    span .unreached { "  " (step) }
                } @else {
                    span { "  " (step) }
                }
                "\n"
            }
            @if after_the_last {
                mark { "✗ " span .aside { "(" (words::AFTER_THE_LAST_STEP) ")" } }
                "\n"
            }
        }
    }
}
