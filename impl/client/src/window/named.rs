//! Names for what has no label beside it.

use eframe::egui::Response;

/// Gives a field the name that a screen reader says. A hint is not enough: it is gone when something is typed.
pub(super) fn named(field: Response, name: &str) -> Response {
    field
        .ctx
        .accesskit_node_builder(field.id, |node| node.set_label(name));
    field
}
