//! Where people talk.

use super::banner::{self, Banner};
use super::colours::Colours;
use super::composer::Composer;
use super::members;
use super::menu;
use super::raw;
use super::save::Save;
use super::scene::Scene;
use super::search::{self, Search};
use super::transcript::{Page, Transcript};
use crate::session::State;
use crate::words::say;
use eframe::egui::{
    Align2, Area, Button, CentralPanel, Event, Frame, Id, Key, Margin, Modifiers, Order, Panel,
    RichText, Ui, vec2,
};

/// How wide the window must be for the members to have a place, in points: the messages come first.
const ROOM_FOR_MEMBERS: f32 = 560.0;

/// The page with the transcript, and everything around it.
#[derive(Debug)]
pub(super) struct Room {
    transcript: Transcript,
    composer: Composer,
    banner: Banner,
    search: Option<Search>,
    save: Option<Save>,
    /// Whether the user was in the room when it was drawn last.
    joined: bool,
}

/// What the user wants that the room cannot do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// To go to another server.
    Form,
}

impl Room {
    pub(super) fn new() -> Self {
        Self {
            transcript: Transcript::new(),
            composer: Composer::default(),
            banner: Banner::default(),
            search: None,
            save: None,
            joined: false,
        }
    }

    /// Whether the newest messages can be seen.
    pub(super) fn shows_the_newest(&self) -> bool {
        self.transcript.is_at_end()
    }

    /// Shows the page.
    pub(super) fn show(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) -> Option<Wish> {
        self.take_keys(ui, scene);
        let joined = scene.session.state() == &State::Joined;
        if joined && !self.joined {
            // Who comes in, or comes back, can talk at once.
            self.composer.take_focus();
        }
        self.joined = joined;
        let bar = Panel::top("bar").frame(framed(ui, 16, 10));
        let chosen = bar.show(ui, |ui| menu::bar(ui, scene)).inner;
        let mut wish = self.obey(chosen, scene);
        self.tools(ui, scene);
        if scene.settings.protocol {
            let pane = Panel::bottom("protocol").frame(framed(ui, 16, 8));
            let pane = pane.resizable(true).default_size(190.0).min_size(80.0);
            pane.show(ui, |ui| raw::show(ui, scene));
        }
        if scene.settings.members && ui.available_width() >= ROOM_FOR_MEMBERS {
            let pane = Panel::right("members").frame(framed(ui, 16, 12));
            let pane = pane.default_size(190.0);
            pane.show(ui, |ui| members::show(ui, scene));
        }
        let composer = Panel::bottom("composer").frame(framed(ui, 16, 12));
        composer.show_separator_line(false).show(ui, |ui| {
            if self.composer.show(ui, scene) {
                self.transcript.go_to_end();
            }
        });
        let middle = CentralPanel::default().frame(framed(ui, 16, 4));
        middle.show(ui, |ui| {
            if let Some(banner::Wish::Form) = self.banner.show(ui, scene) {
                wish = Some(Wish::Form);
            }
            let page = Page {
                log: scene.session.transcript(),
                language: scene.language,
                unread: scene.session.unread().from,
                searched: self.search.as_ref().map_or("", Search::sought),
            };
            self.transcript.show(ui, &page);
            self.way_back(ui, scene);
        });
        wish
    }

    fn obey(&mut self, chosen: Option<menu::Wish>, scene: &mut Scene<'_>) -> Option<Wish> {
        match chosen? {
            menu::Wish::Search => self.begin_search(scene),
            menu::Wish::Save => self.save = Some(Save::new(scene.session)),
            menu::Wish::Leave => scene.session.leave(scene.now),
            menu::Wish::Form => return Some(Wish::Form),
        }
        None
    }

    fn begin_search(&mut self, scene: &Scene<'_>) {
        let search = self
            .search
            .get_or_insert_with(|| Search::new(scene.language));
        search.take_focus();
    }

    /// Shows the strips below the bar that are there for a while.
    fn tools(&mut self, ui: &mut Ui, scene: &Scene<'_>) {
        if let Some(search) = &mut self.search {
            let strip = Panel::top("search").frame(framed(ui, 16, 8));
            match strip.show(ui, |ui| search.show(ui, scene)).inner {
                Some(search::Wish::Go(index)) => self.transcript.go_to(index),
                Some(search::Wish::Close) => {
                    self.search = None;
                    self.composer.take_focus();
                }
                None => {}
            }
        }
        if let Some(save) = &mut self.save {
            let strip = Panel::top("save").frame(framed(ui, 16, 8));
            if strip.show(ui, |ui| save.show(ui, scene)).inner {
                self.save = None;
                self.composer.take_focus();
            }
        }
    }

    /// Shows a button that leads to the newest messages, when they cannot be seen.
    fn way_back(&mut self, ui: &Ui, scene: &Scene<'_>) {
        if self.transcript.is_at_end() {
            return;
        }
        let language = scene.language;
        let text = match scene.session.unread().messages {
            0 => say!(language, "To the newest", "Ai più recenti"),
            1 => say!(language, "One new message", "Un messaggio nuovo"),
            count => say!(language, "{count} new messages", "{count} messaggi nuovi"),
        };
        let colours = Colours::of(ui);
        let area = Area::new(Id::unique("way back")).order(Order::Middle);
        let area = area.fixed_pos(ui.max_rect().center_bottom() - vec2(0.0, 12.0));
        area.pivot(Align2::CENTER_BOTTOM).show(ui.ctx(), |ui| {
            let text = RichText::new(text).color(colours.on_accent);
            if ui.add(Button::new(text).fill(colours.accent)).clicked() {
                self.transcript.go_to_end();
                self.composer.take_focus();
            }
        });
    }

    /// Takes the keys that are meant for the page, wherever the keyboard is.
    fn take_keys(&mut self, ui: &Ui, scene: &mut Scene<'_>) {
        let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
        if pressed(Modifiers::COMMAND, Key::F) {
            self.begin_search(scene);
        }
        if pressed(Modifiers::COMMAND, Key::End) {
            self.transcript.go_to_end();
        }
        if pressed(Modifiers::NONE, Key::PageUp) {
            self.transcript.turn_page(-1.0);
        }
        if pressed(Modifiers::NONE, Key::PageDown) {
            self.transcript.turn_page(1.0);
        }
        // Who types while nothing has the keyboard wants to say something.
        if ui.memory(|memory| memory.focused().is_none()) {
            let typed: String = ui.input(|input| {
                let texts = input.events.iter().filter_map(|event| match event {
                    Event::Text(text) => Some(text.as_str()),
                    _ => None,
                });
                texts.collect()
            });
            if !typed.is_empty() {
                self.composer.add(ui.ctx(), scene, &typed);
            }
        }
    }
}

fn framed(ui: &Ui, x: i8, y: i8) -> Frame {
    Frame::new()
        .fill(ui.visuals().panel_fill)
        .inner_margin(Margin::symmetric(x, y))
}
