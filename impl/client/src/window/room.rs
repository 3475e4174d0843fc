//! Where people talk.

use super::banner::{self, Banner};
use super::composer::Composer;
use super::members;
use super::menu;
use super::scene::Scene;
use super::transcript::{Page, Transcript};
use eframe::egui::{CentralPanel, Frame, Key, Margin, Panel, Ui};

/// The page with the transcript, and everything around it.
#[derive(Debug)]
pub(super) struct Room {
    transcript: Transcript,
    composer: Composer,
    banner: Banner,
}

/// What the user wants that the room cannot do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// To go to another server.
    Form,
}

impl Room {
    pub(super) fn new() -> Self {
        let mut composer = Composer::default();
        composer.take_focus();
        Self {
            transcript: Transcript::new(),
            composer,
            banner: Banner::default(),
        }
    }

    /// Whether the newest messages can be seen.
    pub(super) fn shows_the_newest(&self) -> bool {
        self.transcript.is_at_end()
    }

    /// Shows the page.
    pub(super) fn show(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) -> Option<Wish> {
        self.take_keys(ui);
        let mut wish = None;
        let bar = Panel::top("bar").frame(framed(ui, 16, 10));
        bar.show(ui, |ui| match menu::bar(ui, scene) {
            Some(menu::Wish::Leave) => scene.session.leave(scene.now),
            Some(menu::Wish::Form) => wish = Some(Wish::Form),
            Some(menu::Wish::Search | menu::Wish::Save) | None => {}
        });
        if scene.settings.members {
            let panel = Panel::right("members").frame(framed(ui, 16, 12));
            panel
                .default_size(190.0)
                .show(ui, |ui| members::show(ui, scene));
        }
        let composer = Panel::bottom("composer").frame(framed(ui, 16, 12));
        composer.show_separator_line(false).show(ui, |ui| {
            if self.composer.show(ui, scene) {
                self.transcript.go_to_end();
            }
        });
        CentralPanel::default()
            .frame(framed(ui, 16, 4))
            .show(ui, |ui| {
                if let Some(banner::Wish::Form) = self.banner.show(ui, scene) {
                    wish = Some(Wish::Form);
                }
                let page = Page {
                    log: scene.session.transcript(),
                    language: scene.language,
                    unread: scene.session.unread().from,
                    searched: "",
                };
                self.transcript.show(ui, &page);
            });
        wish
    }

    /// Takes the keys that are about the transcript, wherever the keyboard is.
    fn take_keys(&mut self, ui: &Ui) {
        ui.input(|input| {
            if input.key_pressed(Key::PageUp) {
                self.transcript.turn_page(-1.0);
            }
            if input.key_pressed(Key::PageDown) {
                self.transcript.turn_page(1.0);
            }
            if input.modifiers.command && input.key_pressed(Key::End) {
                self.transcript.go_to_end();
            }
        });
    }
}

fn framed(ui: &Ui, x: i8, y: i8) -> Frame {
    Frame::new()
        .fill(ui.visuals().panel_fill)
        .inner_margin(Margin::symmetric(x, y))
}
