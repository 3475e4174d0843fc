//! What a screen reader says of what it would not see.

use eframe::egui::{Context, Id, Response, RichText, Ui, accesskit::Live};

/// Gives a field the name that a screen reader says. A hint is not enough: it is gone when something is typed.
pub(super) fn named(field: Response, name: &str) -> Response {
    field
        .ctx
        .accesskit_node_builder(field.id, |node| node.set_label(name));
    field
}

/// Shows a text that is read aloud when it comes, or becomes another one, wherever the keyboard is.
pub(super) fn live(ui: &mut Ui, text: RichText) {
    let id = ui.label(text).id;
    set_live(ui.ctx(), id, Live::Polite);
}

/// Says whether something is read aloud when it comes, and its parts, as far as it is not said of them.
pub(super) fn set_live(context: &Context, id: Id, live: Live) {
    context.accesskit_node_builder(id, |node| node.set_live(live));
}
