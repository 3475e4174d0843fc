//! The details of a failure, beside the diagram.

use maud::{Markup, html};

use super::compare::difference;
use super::inline::sentence;
use crate::report::document::ScenarioEntry;
use crate::report::files::words::{self, Comparison, Side};
use crate::runner::Failure;

/// What was expected and, below it, what came instead, with the difference marked.
pub(super) fn comparison(failure: &Failure) -> Markup {
    let Some(Comparison { expected, received }) = words::comparison(&failure.problem) else {
        return html! {};
    };
    let everything = ((0, expected.text.len()), (0, received.text.len()));
    let (in_expected, in_received) = match difference(&expected.text, &received.text) {
        // Two texts that have nothing in common need no marks.
        parts if parts == everything => ((0, 0), (0, 0)),
        parts => parts,
    };
    html! {
        dl .comparison {
            div { dt { "expected" } dd { (side(&expected, in_expected)) } }
            div { dt { "received" } dd { (side(&received, in_received)) } }
        }
    }
}

fn side(side: &Side, (from, to): (usize, usize)) -> Markup {
    let Side { text, remark } = side;
    html! {
        @if !text.is_empty() {
            code { bdi {
                (&text[..from])
                @if from < to { mark { (&text[from..to]) } }
                (&text[to..])
            } }
            " "
        }
        @if !remark.is_empty() { span .aside { "(" (sentence(remark)) ")" } }
    }
}

/// What else had arrived, and what the program printed.
pub(super) fn details(scenario: &ScenarioEntry, failure: &Failure) -> Markup {
    let name = &scenario.name;
    let output = words::output(scenario.class);
    html! {
        @for unread in &failure.unread {
            h5 { (words::unread(&unread.actor)) }
            pre tabindex="0" role="region" aria-label={ "Other lines that " (unread.actor) " received in " (name) } {
                @for line in &unread.lines { (words::received(line)) "\n" }
                @if unread.more > 0 { "… " (unread.more) " more" }
            }
        }
        @if let Some(command) = &failure.beyond_signals {
            p { (sentence(&words::beyond_signals(command))) "." }
        }
        @if !failure.output.is_empty() {
            h5 { (output) }
            pre .output tabindex="0" role="region" aria-label={ (output) " in " (name) } {
                @for line in &failure.output { (line) "\n" }
            }
        }
    }
}
