//! What a screen reader says of what it would not see.

use eframe::egui::{Response, accesskit::Live};

/// Gives a field the name that a screen reader says. A hint is not enough: it is gone when something is typed.
pub(super) fn named(field: Response, name: &str) -> Response {
    field
        .ctx
        .accesskit_node_builder(field.id, |node| node.set_label(name));
    field
}

/// Has a text read aloud when it comes, or becomes another one, wherever the keyboard is.
pub(super) fn live(label: &Response) {
    label
        .ctx
        .accesskit_node_builder(label.id, |node| node.set_live(Live::Polite));
}
