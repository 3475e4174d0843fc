//! Information for screen readers.

use eframe::egui::{Context, Id, Response, RichText, Ui, accesskit::Live};

/// Sets the accessible name of a field. A hint is not enough, because it disappears when something is typed.
pub(super) fn with_name(field: Response, name: &str) -> Response {
    field
        .ctx
        .accesskit_node_builder(field.id, |node| node.set_label(name));
    field
}

/// Shows a text that screen readers announce when it appears or changes.
pub(super) fn live_label(ui: &mut Ui, text: RichText) {
    let id = ui.label(text).id;
    set_live(ui.ctx(), id, Live::Polite);
}

/// Sets whether screen readers announce changes of a node and of its children.
pub(super) fn set_live(context: &Context, id: Id, live: Live) {
    context.accesskit_node_builder(id, |node| node.set_live(live));
}
