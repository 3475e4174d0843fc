//! One scenario: what it asks, and what happened.

use maud::{Markup, html};

use super::words::{outcome, seconds, sentence};
use super::{Diagrams, diagram, failure};
use crate::report::document::ScenarioEntry;
use crate::requirement::Id;

pub(super) fn entry(scenario: &ScenarioEntry, home: &Id, open: bool, diagrams: Diagrams) -> Markup {
    let (mark, word) = outcome(scenario.outcome);
    let others: Vec<_> = scenario.proves.iter().filter(|id| *id != home).collect();
    let has_diagram =
        !scenario.moments.is_empty() && (scenario.failure.is_some() || diagrams == Diagrams::All);
    html! {
        details .scenario #{ "s-" (scenario.name) } data-outcome=(scenario.outcome) data-name=(scenario.name) open[open] {
            summary {
                h4 {
                    span .mark aria-hidden="true" { (mark) }
                    (scenario.name)
                    " " span .word { (word) }
                }
                @if let Some(failure) = &scenario.failure {
                    p .problem { (failure.problem) "." }
                }
                p .took { (seconds(scenario.took_s)) }
            }
            @if let Some(reason) = &scenario.reason {
                p .note { (sentence(reason)) "." }
            }
            div .sides {
                div .asked {
                    h5 { "What it asks" }
                    (source(scenario))
                    @if let Some(failure) = &scenario.failure {
                        (failure::comparison(failure))
                    }
                    p .place {
                        "spec/" (scenario.file) ":" (scenario.line)
                        @if !others.is_empty() {
                            "; proves also "
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
                    @if let Some(failure) = &scenario.failure { (failure::details(failure, &scenario.name)) }
                    h5 { "Again" }
                    pre .again tabindex="0" role="region" aria-label={ "The command that performs " (scenario.name) " again" } { (scenario.again) }
                }
            }
        }
    }
}

/// The steps; the one that failed is marked, and what was never reached is dimmed.
fn source(scenario: &ScenarioEntry) -> Markup {
    let failure = scenario.failure.as_ref();
    let bad = failure
        .and_then(|failure| failure.line)
        .and_then(|line| line.checked_sub(scenario.line + 1));
    let after_the_last = failure.is_some_and(|failure| failure.line.is_none());
    let counters = failure.map_or("", |failure| failure.counters.as_str());
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
                mark { "✗ " span .aside { "(after the last step: nothing else may come)" } }
                "\n"
            }
        }
    }
}
