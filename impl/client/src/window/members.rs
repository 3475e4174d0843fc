//! The list of members.

use super::colours::Colours;
use super::view_context::ViewContext;
use crate::i18n::tr;
use crate::sanitize::sanitize;
use eframe::egui::{Label, RichText, ScrollArea, TextStyle, Ui, UiBuilder, accesskit};

/// Shows the user, and then the others in alphabetical order.
pub(super) fn show(ui: &mut Ui, cx: &ViewContext<'_>) {
    let ViewContext {
        session, language, ..
    } = cx;
    let colours = Colours::of(ui);
    let members = session.members();
    let count = members.len() + usize::from(session.nick().is_some());
    let more = if members.is_incomplete() { "+" } else { "" };
    let title = match session.nick() {
        Some(_) => tr!(
            *language,
            "In the room: {count}{more}",
            "Nella stanza: {count}{more}"
        ),
        None => tr!(*language, "You are not in the room", "Non sei nella stanza"),
    };
    ui.label(RichText::new(&title).small().color(colours.weak_text));
    let list = UiBuilder::new()
        .accessibility_role(accesskit::Role::List)
        .accessibility_label(title);
    let height = ui.text_style_height(&TextStyle::Body);
    let own = session.nick();
    ui.scope_builder(list, |ui| {
        let area = ScrollArea::vertical().auto_shrink(false);
        area.show_rows(ui, height, count, |ui, shown| {
            let names = own.into_iter().chain(members.iter());
            for (index, nick) in names.enumerate().skip(shown.start).take(shown.len()) {
                let name = RichText::new(sanitize(nick)).color(colours.nick(nick));
                if index == 0 && own.is_some() {
                    ui.horizontal(|ui| {
                        ui.add(Label::new(name.strong()).truncate());
                        let you = tr!(*language, "(you)", "(tu)");
                        ui.label(RichText::new(you).small().color(colours.weak_text));
                    });
                } else {
                    ui.add(Label::new(name).truncate());
                }
            }
        });
    });
}
