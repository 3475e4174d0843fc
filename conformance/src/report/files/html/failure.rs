//! What went wrong in a scenario, beside the diagram.

use maud::{Markup, html};

use super::compare::difference;
use crate::report::document::FailureEntry;

/// What was expected, and under it what came instead, with the difference marked.
pub(super) fn comparison(failure: &FailureEntry) -> Markup {
    let expected = failure.expected.as_deref().unwrap_or_default();
    let received = failure.received.as_deref().unwrap_or_default();
    // In parentheses stands what is no line.
    let comparable = ![expected, received]
        .iter()
        .any(|side| side.is_empty() || side.starts_with('('));
    let nothing = ((0, 0), (0, 0));
    let (in_expected, in_received) = match difference(expected, received) {
        // Where nothing is alike there is nothing to point at.
        parts if !comparable || parts == ((0, expected.len()), (0, received.len())) => nothing,
        parts => parts,
    };
    html! {
        @if failure.expected.is_some() || failure.received.is_some() {
            dl .comparison {
                div { dt { "expected" } dd { (marked(expected, in_expected)) } }
                div { dt { "received" } dd { (marked(received, in_received)) } }
            }
        }
    }
}

fn marked(text: &str, (from, to): (usize, usize)) -> Markup {
    html! {
        code { bdi {
            (&text[..from])
            @if from < to { mark { (&text[from..to]) } }
            (&text[to..])
        } }
    }
}

/// What else had come, and what the server printed.
pub(super) fn details(failure: &FailureEntry, scenario: &str) -> Markup {
    html! {
        @for (actor, lines) in &failure.unread {
            h5 { (actor) " has also received, and no step has asked for it yet" }
            pre tabindex="0" role="region" aria-label={ "What " (actor) " has also received in " (scenario) } {
                @for line in lines { (line) "\n" }
            }
        }
        @if !failure.output.is_empty() {
            h5 { "The server printed last" }
            pre .output tabindex="0" role="region" aria-label={ "What the server printed last in " (scenario) } {
                @for line in &failure.output { (line) "\n" }
            }
        }
    }
}
