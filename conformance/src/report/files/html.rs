//! HTML: one page that needs nothing else, for people who want to see what happened.
//!
//! - [`head`]: what was checked, the verdict, the levels
//! - [`requirement`], [`scenario`], [`failure`]: from the whole to the part
//! - [`diagram`]: what happened on the wire, as SVG
//! - [`matrix`]: several servers in one table, a page of its own
//! - [`words`]: texts that come from elsewhere, made harmless
//!
//! Without the script the page is complete; the script only hides what was not asked for.

mod compare;
mod diagram;
mod failure;
mod head;
mod matrix;
mod requirement;
mod scenario;
mod words;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::report::Matrix;
use crate::report::document::Document;
use crate::requirement::Level;
use requirement::Homes;

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");

/// Everything in the page that comes from elsewhere is escaped. This is a second wall: should something slip through, it can
/// neither run nor ask the network for anything. (The nonce is no secret; it only tells this page's own two blocks from attributes.)
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'nonce-page'; script-src 'nonce-page'; base-uri 'none'; form-action 'none'";

/// A page larger than this, in bytes, shows diagrams of failures only: it is mailed, and opened on telephones.
const LARGEST: usize = 2_000_000;

/// Which scenarios have a diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Diagrams {
    All,
    OfFailures,
}

pub(super) fn report(document: &Document) -> String {
    let complete = text(document, Diagrams::All);
    if complete.len() <= LARGEST {
        return complete;
    }
    text(document, Diagrams::OfFailures)
}

pub(super) fn comparison(matrix: &Matrix) -> String {
    words::visible(&matrix::page(matrix).into_string())
}

/// The page has no invisible characters of its own, so all that are in it came from elsewhere: none can be forgotten here.
fn text(document: &Document, diagrams: Diagrams) -> String {
    words::visible(&page(document, diagrams).into_string())
}

fn page(document: &Document, diagrams: Diagrams) -> Markup {
    let homes = Homes::of(document);
    let body = html! {
        a .skip href="#requirements" { "Skip to the requirements" }
        (head::head(document))
        (filter())
        main #requirements tabindex="-1" {
            @for level in Level::ALL.into_iter().filter(|level| document.levels.contains_key(level)) {
                (requirement::section(document, &homes, level, diagrams))
            }
            p #nothing hidden { "Nothing on this page is like that." }
        }
        footer { (head::colophon(document, diagrams)) }
        script nonce="page" { (PreEscaped(SCRIPT)) }
    };
    shell(&head::verdict(document), &body)
}

/// What every page has around its body.
fn shell(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Salotto conformance" }
                // Otherwise browsers ask the network for one.
                link rel="icon" href="data:,";
                style nonce="page" { (PreEscaped(STYLE)) }
            }
            body { (body) }
        }
    }
}

/// Hidden until the script shows it: without the script it would do nothing.
fn filter() -> Markup {
    html! {
        search #filter aria-label="What to show" hidden {
            form {
                p .query {
                    label for="query" { "Search" }
                    input #query type="search" autocomplete="off" spellcheck="false" placeholder="JOIN-3, crlf, welcome …" aria-keyshortcuts="/";
                }
                (choice("standing", "Requirement", &["broken", "unclear", "proved", "not tested", "not observable"]))
                (choice("level", "Level", &Level::ALL.map(|level| level.to_string())))
                (choice("outcome", "Scenario", &["failed", "passed", "skipped", "blocked", "not started"]))
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

#[cfg(test)]
mod tests;
