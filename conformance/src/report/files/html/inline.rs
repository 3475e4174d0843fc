//! Texts inside elements.

use std::fmt::Write;

use maud::{Markup, html};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use driver::wire::Visible;

/// Escapes every character that is invisible, moves the cursor or changes the direction of the text, except for line feeds.
/// Idempotent, since most texts in a document have been through it already.
pub(super) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' '..='~' | '\n' => out.push(c),
            c => {
                // One character at a time, since `Visible` shortens long texts. Writing to a String cannot fail.
                let _ = write!(out, "{}", Visible(c.encode_utf8(&mut [0; 4]).as_bytes()));
            }
        }
    }
    out
}

/// Renders a sentence with the marks that requirements use: `code`, **strong**, *emphasis*.
pub(super) fn sentence(markdown: &str) -> Markup {
    html! {
        @for event in Parser::new(markdown) {
            @match event {
                Event::Code(text) => code { (text.as_ref()) },
                Event::Start(tag) => @match tag {
                    Tag::Strong => (opening("strong")),
                    Tag::Emphasis => (opening("em")),
                    _ => {}
                },
                Event::End(tag) => @match tag {
                    TagEnd::Strong => (closing("strong")),
                    TagEnd::Emphasis => (closing("em")),
                    _ => {}
                },
                Event::SoftBreak | Event::HardBreak => " ",
                // HTML in Markdown is shown as text.
                Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => (text.as_ref()),
                _ => {}
            }
        }
    }
}

// Safe: pulldown-cmark closes elements in the right order.
fn opening(element: &str) -> maud::PreEscaped<String> {
    maud::PreEscaped(format!("<{element}>"))
}

fn closing(element: &str) -> maud::PreEscaped<String> {
    maud::PreEscaped(format!("</{element}>"))
}

/// A duration, such as `41 ms` or `2.3 s`.
pub(super) fn seconds(seconds: f64) -> String {
    if seconds < 0.9995 {
        format!("{:.0} ms", seconds * 1000.0)
    } else {
        format!("{seconds:.1} s")
    }
}
