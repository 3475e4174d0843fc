//! The bar at the top, and the menu at its end.

use super::colours::Colours;
use super::scene::Scene;
use super::settings::Theme;
use crate::session::State;
use crate::text::harmless;
use crate::words::{Language, say};
use eframe::egui::containers::menu::{MenuButton, MenuConfig};
use eframe::egui::{Align, Label, Layout, PopupCloseBehavior, RichText, Ui};

/// What the user wants that is not a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// To search in the transcript.
    Search,
    /// To keep the transcript in a file.
    Save,
    /// To leave the room.
    Leave,
    /// To go to another server.
    Form,
}

/// Shows where the user is, and what can be done.
pub(super) fn bar(ui: &mut Ui, scene: &mut Scene<'_>) -> Option<Wish> {
    let language = scene.language;
    let colours = Colours::of(ui);
    let mut wish = None;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let more = menu(ui, scene);
        wish = wish.or(more);
        let protocol = say!(language, "Protocol", "Protocollo");
        ui.toggle_value(&mut scene.settings.protocol, protocol);
        let members = say!(language, "Members", "Presenti");
        ui.toggle_value(&mut scene.settings.members, members);
        if ui.button(say!(language, "Search", "Cerca")).clicked() {
            wish = Some(Wish::Search);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            if let Some(target) = scene.session.target() {
                let (host, port) = (harmless(&target.host), target.port);
                let name = RichText::new(host).size(18.0).strong();
                ui.add(Label::new(name).truncate());
                let port = say!(language, "port {port}", "porta {port}");
                ui.add(Label::new(RichText::new(port).small().color(colours.weak)).truncate());
            }
        });
    });
    wish
}

fn menu(ui: &mut Ui, scene: &mut Scene<'_>) -> Option<Wish> {
    let language = scene.language;
    let mut wish = None;
    lasting(say!(language, "Menu", "Menu")).ui(ui, |ui| {
        let mut item = |ui: &mut Ui, text: String, meaning| {
            if ui.button(text).clicked() {
                wish = Some(meaning);
                ui.close();
            }
        };
        let save = say!(language, "Save the transcript…", "Salva la conversazione…");
        item(ui, save, Wish::Save);
        match scene.session.state() {
            State::Joined | State::Naming | State::Refused(_) => {
                item(
                    ui,
                    say!(language, "Leave the room", "Esci dalla stanza"),
                    Wish::Leave,
                );
            }
            State::Over(_) | State::Waiting { .. } | State::Idle => {
                item(
                    ui,
                    say!(language, "Another server…", "Un altro server…"),
                    Wish::Form,
                );
            }
            State::Connecting | State::Leaving { .. } => {}
        }
        ui.separator();
        choices(ui, scene);
    });
    wish
}

/// A menu that stays open while one chooses.
pub(super) fn lasting(name: String) -> MenuButton<'static> {
    let config = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    MenuButton::new(name).config(config)
}

/// Shows the settings that are not about a room.
pub(super) fn choices(ui: &mut Ui, scene: &mut Scene<'_>) {
    let language = scene.language;
    let colours = Colours::of(ui);
    let head = |ui: &mut Ui, text: String| {
        ui.label(RichText::new(text).small().color(colours.weak));
    };
    head(ui, say!(language, "Theme", "Tema"));
    for theme in [Theme::System, Theme::Light, Theme::Dark] {
        let text = match theme {
            Theme::System => say!(language, "As the system", "Come il sistema"),
            Theme::Light => say!(language, "Light", "Chiaro"),
            Theme::Dark => say!(language, "Dark", "Scuro"),
        };
        ui.radio_value(&mut scene.settings.theme, theme, text);
    }
    ui.separator();
    head(ui, say!(language, "Language", "Lingua"));
    let system = say!(language, "The system's", "Quella del sistema");
    ui.radio_value(&mut scene.settings.language, None, system);
    for known in Language::ALL {
        ui.radio_value(&mut scene.settings.language, Some(known), known.name());
    }
}
