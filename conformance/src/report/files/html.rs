//! HTML: one self-contained page for people who want to see what happened.
//!
//! - [`shell`], [`head`], [`filter`]: the frame, what was checked with the verdict, and the search
//! - [`requirement`], [`scenario`], [`failure`]: one within the other
//! - [`diagram`]: what happened on the wire, as SVG
//! - [`matrix`]: several servers in one table, a page of its own
//! - [`inline`]: texts from elsewhere, made harmless
//!
//! The page is complete without its script, which only hides what was not asked for.

mod compare;
mod diagram;
mod diagrams;
mod failure;
mod filter;
mod head;
mod inline;
mod matrix;
mod requirement;
mod scenario;
mod shell;

use maud::{Markup, PreEscaped, html};

use crate::report::Matrix;
use crate::report::document::Document;
use crate::requirement::Level;
use diagrams::Diagrams;
use requirement::Homes;
use shell::shell;

const SCRIPT: &str = include_str!("html/script.js");

/// The most bytes of a page with all diagrams. A larger one shows those of failures only, since pages are mailed and opened on phones.
const LARGEST: usize = 2_000_000;

pub(super) fn report(document: &Document) -> String {
    let complete = text(document, Diagrams::All);
    if complete.len() <= LARGEST {
        return complete;
    }
    text(document, Diagrams::OfFailures)
}

pub(super) fn comparison(matrix: &Matrix) -> String {
    inline::visible(&matrix::page(matrix).into_string())
}

/// Makes every invisible character visible. The page has none of its own, so all of them came from elsewhere.
fn text(document: &Document, diagrams: Diagrams) -> String {
    inline::visible(&page(document, diagrams).into_string())
}

fn page(document: &Document, diagrams: Diagrams) -> Markup {
    let homes = Homes::of(document);
    let body = html! {
        a .skip href="#requirements" { "Skip to the requirements" }
        (head::head(document))
        (filter::filter())
        main #requirements tabindex="-1" {
            @for level in Level::ALL.into_iter().filter(|level| document.levels.contains_key(level)) {
                (requirement::section(document, &homes, level, diagrams))
            }
            p #nothing hidden { "Nothing on this page matches." }
        }
        footer { (head::colophon(document, diagrams)) }
        script nonce="page" { (PreEscaped(SCRIPT)) }
    };
    shell(&head::verdict(document), &body)
}

#[cfg(test)]
mod tests;
