//! The top bar and its menu.

use super::action::UiAction;
use super::colours::Colours;
use super::settings::Theme;
use super::view_context::ViewContext;
use crate::i18n::{Language, tr};
use crate::sanitize::sanitize;
use crate::session::State;
use clap::ValueEnum;
use eframe::egui::containers::menu::{MenuButton, MenuConfig};
use eframe::egui::{Align, Label, Layout, PopupCloseBehavior, RichText, Ui};

/// Shows the server and the buttons. Returns what the user has chosen.
pub(super) fn show_bar(ui: &mut Ui, cx: &mut ViewContext<'_>) -> Option<UiAction> {
    let language = cx.language;
    let colours = Colours::of(ui);
    let mut action = None;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        action = menu(ui, cx);
        let protocol = tr!(language, "Protocol", "Protocollo");
        ui.toggle_value(&mut cx.settings.protocol, protocol);
        let members = tr!(language, "Members", "Presenti");
        ui.toggle_value(&mut cx.settings.members, members);
        if ui.button(tr!(language, "Search", "Cerca")).clicked() {
            action = Some(UiAction::Search);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            if let Some(target) = cx.session.target() {
                let (host, port) = (sanitize(&target.host), target.port);
                let name = RichText::new(host).size(18.0).strong();
                ui.add(Label::new(name).truncate());
                let port = tr!(language, "port {port}", "porta {port}");
                ui.add(Label::new(RichText::new(port).small().color(colours.weak_text)).truncate());
            }
        });
    });
    action
}

fn menu(ui: &mut Ui, cx: &mut ViewContext<'_>) -> Option<UiAction> {
    let language = cx.language;
    let mut action = None;
    persistent(tr!(language, "Menu", "Menu")).ui(ui, |ui| {
        let mut item = |ui: &mut Ui, text: String, chosen| {
            if ui.button(text).clicked() {
                action = Some(chosen);
                ui.close();
            }
        };
        let save = tr!(language, "Save the transcript…", "Salva la conversazione…");
        item(ui, save, UiAction::Save);
        match cx.session.state() {
            State::Joined | State::Naming | State::Refused(_) => {
                item(
                    ui,
                    tr!(language, "Leave the room", "Esci dalla stanza"),
                    UiAction::Leave,
                );
            }
            State::Over(_) | State::Waiting { .. } | State::Idle => {
                item(
                    ui,
                    tr!(language, "Another server…", "Un altro server…"),
                    UiAction::ChangeServer,
                );
            }
            State::Connecting | State::Leaving { .. } => {}
        }
        ui.separator();
        show_settings(ui, cx);
    });
    action
}

/// A menu that stays open when something in it is chosen.
pub(super) fn persistent(name: String) -> MenuButton<'static> {
    let config = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    MenuButton::new(name).config(config)
}

/// Shows the settings that are independent of a room.
pub(super) fn show_settings(ui: &mut Ui, cx: &mut ViewContext<'_>) {
    let language = cx.language;
    let colours = Colours::of(ui);
    let head = |ui: &mut Ui, text: String| {
        ui.label(RichText::new(text).small().color(colours.weak_text));
    };
    head(ui, tr!(language, "Theme", "Tema"));
    for theme in [Theme::System, Theme::Light, Theme::Dark] {
        let text = match theme {
            Theme::System => tr!(language, "Same as the system", "Come il sistema"),
            Theme::Light => tr!(language, "Light", "Chiaro"),
            Theme::Dark => tr!(language, "Dark", "Scuro"),
        };
        ui.radio_value(&mut cx.settings.theme, theme, text);
    }
    ui.separator();
    head(ui, tr!(language, "Language", "Lingua"));
    let system = tr!(language, "System language", "Quella del sistema");
    ui.radio_value(&mut cx.settings.language, None, system);
    for &known in Language::value_variants() {
        ui.radio_value(&mut cx.settings.language, Some(known), known.name());
    }
}
