//! What every page has around its body.

use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("style.css");

/// A second line of defence behind escaping: a text that slipped through could neither run nor load anything from the network.
/// The nonce is no secret; it only distinguishes the page's own two blocks from attributes.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'nonce-page'; script-src 'nonce-page'; base-uri 'none'; form-action 'none'";

/// What every page has around its body.
pub(super) fn shell(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Salotto conformance" }
                // Otherwise browsers request one from the network.
                link rel="icon" href="data:,";
                style nonce="page" { (PreEscaped(STYLE)) }
            }
            body { (body) }
        }
    }
}
