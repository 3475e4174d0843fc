//! The page to chat on.

use super::action::UiAction;
use super::banner::Banner;
use super::colours::Colours;
use super::composer::Composer;
use super::members;
use super::menu;
use super::protocol_pane;
use super::save::SaveBar;
use super::search::{SearchAction, SearchBar};
use super::transcript::{Content, Transcript};
use super::view_context::ViewContext;
use crate::i18n::tr;
use crate::session::State;
use eframe::egui::{
    Align2, Area, Button, CentralPanel, Event, Frame, Id, Key, Margin, Modifiers, Order, Panel,
    RichText, Ui, vec2,
};

/// The members are hidden if less width is available, in points.
const MIN_WIDTH_FOR_MEMBERS: f32 = 560.0;

/// The state of the page between frames.
#[derive(Debug)]
pub(super) struct Room {
    transcript: Transcript,
    composer: Composer,
    banner: Banner,
    search: Option<SearchBar>,
    save: Option<SaveBar>,
    /// Whether the user was in the room in the last frame.
    was_joined: bool,
}

impl Room {
    pub(super) fn new() -> Self {
        Self {
            transcript: Transcript::new(),
            composer: Composer::default(),
            banner: Banner::default(),
            search: None,
            save: None,
            was_joined: false,
        }
    }

    /// Whether the newest messages are visible.
    pub(super) fn shows_newest(&self) -> bool {
        self.transcript.is_at_end()
    }

    /// Shows the page. Returns an action that it cannot handle itself.
    pub(super) fn show(&mut self, ui: &mut Ui, cx: &mut ViewContext<'_>) -> Option<UiAction> {
        self.handle_keys(ui, cx);
        let joined = cx.session.state() == &State::Joined;
        if joined && !self.was_joined {
            // A user who has joined can type at once.
            self.composer.request_focus();
        }
        self.was_joined = joined;
        let bar = Panel::top("bar").frame(panel_frame(ui, 16, 10));
        let chosen = bar.show(ui, |ui| menu::show_bar(ui, cx)).inner;
        let mut unhandled = chosen.and_then(|action| self.handle(action, cx));
        self.show_bars(ui, cx);
        if cx.settings.protocol {
            let pane = Panel::bottom("protocol").frame(panel_frame(ui, 16, 8));
            let pane = pane.resizable(true).default_size(190.0).min_size(80.0);
            pane.show(ui, |ui| protocol_pane::show(ui, cx));
        }
        if cx.settings.members && ui.available_width() >= MIN_WIDTH_FOR_MEMBERS {
            let pane = Panel::right("members").frame(panel_frame(ui, 16, 12));
            let pane = pane.default_size(190.0);
            pane.show(ui, |ui| members::show(ui, cx));
        }
        let composer = Panel::bottom("composer").frame(panel_frame(ui, 16, 12));
        composer.show_separator_line(false).show(ui, |ui| {
            if self.composer.show(ui, cx) {
                self.transcript.scroll_to_end();
            }
        });
        let middle = CentralPanel::default().frame(panel_frame(ui, 16, 4));
        middle.show(ui, |ui| {
            unhandled = self.banner.show(ui, cx).or(unhandled);
            let content = Content {
                log: cx.session.transcript(),
                language: cx.language,
                first_unread: cx.session.unread().from,
                query: self.search.as_ref().map_or("", SearchBar::query),
            };
            self.transcript.show(ui, &content);
            self.show_jump_button(ui, cx);
        });
        unhandled
    }

    /// Handles an action, or returns it.
    fn handle(&mut self, action: UiAction, cx: &mut ViewContext<'_>) -> Option<UiAction> {
        match action {
            UiAction::Search => self.open_search(cx),
            UiAction::Save => self.save = Some(SaveBar::new(cx.session)),
            UiAction::Leave => cx.session.leave(cx.now),
            UiAction::ChangeServer => return Some(action),
        }
        None
    }

    fn open_search(&mut self, cx: &ViewContext<'_>) {
        let search = self
            .search
            .get_or_insert_with(|| SearchBar::new(cx.language));
        search.request_focus();
    }

    /// Shows the bars for searching and saving, if they are open.
    fn show_bars(&mut self, ui: &mut Ui, cx: &ViewContext<'_>) {
        if let Some(search) = &mut self.search {
            let strip = Panel::top("search").frame(panel_frame(ui, 16, 8));
            match strip.show(ui, |ui| search.show(ui, cx)).inner {
                Some(SearchAction::GoTo(index)) => self.transcript.scroll_to(index),
                Some(SearchAction::Close) => {
                    self.search = None;
                    self.composer.request_focus();
                }
                None => {}
            }
        }
        if let Some(save) = &mut self.save {
            let strip = Panel::top("save").frame(panel_frame(ui, 16, 8));
            if strip.show(ui, |ui| save.show(ui, cx)).inner {
                self.save = None;
                self.composer.request_focus();
            }
        }
    }

    /// Shows a button that scrolls to the newest messages, unless they are visible.
    fn show_jump_button(&mut self, ui: &Ui, cx: &ViewContext<'_>) {
        if self.transcript.is_at_end() {
            return;
        }
        let language = cx.language;
        let text = match cx.session.unread().messages {
            0 => tr!(language, "Jump to the newest", "Ai più recenti"),
            1 => tr!(language, "One new message", "Un messaggio nuovo"),
            count => tr!(language, "{count} new messages", "{count} messaggi nuovi"),
        };
        let colours = Colours::of(ui);
        let area = Area::new(Id::unique("jump to newest")).order(Order::Middle);
        let area = area.fixed_pos(ui.max_rect().center_bottom() - vec2(0.0, 12.0));
        area.pivot(Align2::CENTER_BOTTOM).show(ui.ctx(), |ui| {
            let text = RichText::new(text).color(colours.on_accent);
            if ui.add(Button::new(text).fill(colours.accent)).clicked() {
                self.transcript.scroll_to_end();
                self.composer.request_focus();
            }
        });
    }

    /// Handles the keys that work wherever the focus is.
    fn handle_keys(&mut self, ui: &Ui, cx: &mut ViewContext<'_>) {
        let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
        if pressed(Modifiers::COMMAND, Key::F) {
            self.open_search(cx);
        }
        if pressed(Modifiers::COMMAND, Key::End) {
            self.transcript.scroll_to_end();
        }
        if pressed(Modifiers::NONE, Key::PageUp) {
            self.transcript.scroll_pages(-1.0);
        }
        if pressed(Modifiers::NONE, Key::PageDown) {
            self.transcript.scroll_pages(1.0);
        }
        // Text typed while nothing has the focus goes to the composer.
        if ui.memory(|memory| memory.focused().is_none()) {
            let typed: String = ui.input(|input| {
                let texts = input.events.iter().filter_map(|event| match event {
                    Event::Text(text) => Some(text.as_str()),
                    _ => None,
                });
                texts.collect()
            });
            if !typed.is_empty() {
                self.composer.append(ui.ctx(), cx, &typed);
            }
        }
    }
}

fn panel_frame(ui: &Ui, x: i8, y: i8) -> Frame {
    Frame::new()
        .fill(ui.visuals().panel_fill)
        .inner_margin(Margin::symmetric(x, y))
}
