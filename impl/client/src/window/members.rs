//! Who is in the room.

use super::colours::Colours;
use super::scene::Scene;
use crate::text::harmless;
use crate::words::say;
use eframe::egui::{Label, RichText, ScrollArea, TextStyle, Ui, UiBuilder, accesskit};

/// Shows the user, and then the others by the alphabet.
pub(super) fn show(ui: &mut Ui, scene: &Scene<'_>) {
    let Scene {
        session, language, ..
    } = scene;
    let colours = Colours::of(ui);
    let members = session.members();
    let count = members.len() + usize::from(session.nick().is_some());
    let more = if members.incomplete() { "+" } else { "" };
    let title = match session.nick() {
        Some(_) => say!(
            *language,
            "In the room: {count}{more}",
            "Nella stanza: {count}{more}"
        ),
        None => say!(*language, "You are not in the room", "Non sei nella stanza"),
    };
    ui.label(RichText::new(&title).small().color(colours.weak));
    let list = UiBuilder::new()
        .accessibility_role(accesskit::Role::List)
        .accessibility_label(title);
    let height = ui.text_style_height(&TextStyle::Body);
    let own = session.nick();
    ui.scope_builder(list, |ui| {
        let area = ScrollArea::vertical().auto_shrink(false);
        area.show_rows(ui, height, count, |ui, shown| {
            let names = own.into_iter().chain(members.iter());
            for (at, nick) in names.enumerate().skip(shown.start).take(shown.len()) {
                let name = RichText::new(harmless(nick)).color(colours.nick(nick));
                if at == 0 && own.is_some() {
                    ui.horizontal(|ui| {
                        ui.add(Label::new(name.strong()).truncate());
                        let you = say!(*language, "(you)", "(tu)");
                        ui.label(RichText::new(you).small().color(colours.weak));
                    });
                } else {
                    ui.add(Label::new(name).truncate());
                }
            }
        });
    });
}
