//! The form that hides what was not asked for.

use maud::{Markup, html};

use crate::report::files::words;
use crate::requirement::Level;

/// Hidden until the script shows it: without the script it would do nothing.
pub(super) fn filter() -> Markup {
    html! {
        search #filter aria-label="What to show" hidden {
            form {
                p .query {
                    label for="query" { "Search" }
                    input #query type="search" autocomplete="off" spellcheck="false" placeholder="JOIN-3, crlf, welcome …" aria-keyshortcuts="/";
                }
                (choice("standing", "Requirement", &["broken", "unclear", "proved", "not tested", "not observable"]))
                (choice("level", "Level", &Level::ALL.map(|level| level.to_string())))
                (choice("outcome", "Scenario", &words::OUTCOMES))
                p .buttons {
                    button #open type="button" { "Open all" }
                    button #clear type="reset" { "Clear" }
                }
            }
            p #count role="status" {}
        }
    }
}

fn choice(name: &str, label: &str, values: &[impl AsRef<str>]) -> Markup {
    html! {
        p {
            label for=(name) { (label) }
            select #(name) {
                option value="" { "any" }
                @for value in values {
                    option value=(value.as_ref().replace(' ', "-")) { (value.as_ref()) }
                }
            }
        }
    }
}
