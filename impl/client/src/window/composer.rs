//! What is about to be said.

use super::colours::Colours;
use super::named::{live, named};
use super::scene::Scene;
use crate::session::{InputError, State, Submitted};
use crate::words::say;
use eframe::egui::text::{CCursor, CCursorRange};
use eframe::egui::{
    Button, Context, Event, EventFilter, Id, Key, KeyboardShortcut, Modifiers, RichText,
    ScrollArea, TextEdit, Ui, Vec2, vec2,
};
use salotto_protocol::MAX_CLIENT_LINE;

/// From how many bytes on they are counted where the user can see it.
const NEAR_THE_LIMIT: usize = MAX_CLIENT_LINE - 512;

/// How large the button is, in points.
const BUTTON: Vec2 = vec2(84.0, 38.0);

/// What tells the field from all others.
const FIELD: &str = "composer";

/// How high the field grows before it scrolls, in points.
const HIGHEST: f32 = 130.0;

/// The field, and what it remembers from one frame to the next.
#[derive(Debug, Default)]
pub(super) struct Composer {
    error: Option<InputError>,
    /// Where the cursor is, in bytes.
    cursor: usize,
    /// Whether the cursor is in the first row of the field, and in the last one.
    at_edge: (bool, bool),
    /// Whether the field is to have the keyboard.
    wants_focus: bool,
}

impl Composer {
    /// From the next frame on the field has the keyboard.
    pub(super) const fn take_focus(&mut self) {
        self.wants_focus = true;
    }

    /// Adds what was typed elsewhere, and takes the keyboard.
    pub(super) fn add(&mut self, ctx: &Context, scene: &mut Scene<'_>, text: &str) {
        scene.session.draft_mut().text_mut().push_str(text);
        let id = Id::unique(FIELD);
        self.put_cursor(ctx, id, usize::MAX, scene.session.draft().text());
        self.wants_focus = true;
    }

    /// Shows what is wrong, the field, and the button. Tells whether something was said.
    pub(super) fn show(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) -> bool {
        if scene.session.question().is_some() {
            self.ask(ui, scene);
            return false;
        }
        self.complain(ui, scene);
        self.count(ui, scene);
        let id = Id::unique(FIELD);
        let focused = ui.memory(|memory| memory.has_focus(id));
        let entered = focused && self.take_keys(ui, id, scene);
        let sent = self.field(ui, id, scene) || entered;
        sent && self.submit(scene)
    }

    fn submit(&mut self, scene: &mut Scene<'_>) -> bool {
        self.wants_focus = true;
        let submitted = scene.session.submit(scene.now);
        self.error = submitted.as_ref().err().cloned();
        matches!(submitted, Ok(Submitted::Sent | Submitted::Help))
    }

    /// Takes the keys that are not for the editor. Tells whether Return was among them.
    fn take_keys(&mut self, ui: &Ui, id: Id, scene: &mut Scene<'_>) -> bool {
        let mut taken = Vec::new();
        let can_complete = self.can_complete(scene);
        let at_edge = self.at_edge;
        ui.input_mut(|input| {
            input.events.retain(|event| {
                let &Event::Key {
                    key,
                    pressed: true,
                    modifiers,
                    ..
                } = event
                else {
                    return true;
                };
                let mine = modifiers.is_none()
                    && match key {
                        Key::Enter => true,
                        Key::Tab => can_complete,
                        Key::ArrowUp => at_edge.0,
                        Key::ArrowDown => at_edge.1,
                        _ => false,
                    };
                if mine {
                    taken.push(key);
                }
                !mine
            });
        });
        for &key in &taken {
            let cursor = match key {
                Key::Tab => scene.session.complete(self.cursor),
                Key::ArrowUp => scene.session.draft_mut().older().then_some(usize::MAX),
                Key::ArrowDown => scene.session.draft_mut().newer().then_some(usize::MAX),
                _ => None,
            };
            if let Some(cursor) = cursor {
                self.put_cursor(ui.ctx(), id, cursor, scene.session.draft().text());
            }
        }
        taken.contains(&Key::Enter)
    }

    fn can_complete(&self, scene: &Scene<'_>) -> bool {
        let session = &scene.session;
        session.draft().completes(self.cursor, session.members())
    }

    fn put_cursor(&mut self, ctx: &Context, id: Id, cursor: usize, text: &str) {
        self.cursor = cursor.min(text.len());
        let before = text.get(..self.cursor).unwrap_or(text);
        let cursor = CCursorRange::one(CCursor::end_of_str(before));
        let mut state = TextEdit::load_state(ctx, id).unwrap_or_default();
        state.cursor.set_char_range(Some(cursor));
        TextEdit::store_state(ctx, id, state);
    }

    /// Shows the field and the button. Tells whether the button was pressed.
    fn field(&mut self, ui: &mut Ui, id: Id, scene: &mut Scene<'_>) -> bool {
        let language = scene.language;
        ui.horizontal_top(|ui| {
            let width = ui.available_width() - BUTTON.x - ui.spacing().item_spacing.x;
            ui.allocate_ui(vec2(width, 0.0), |ui| {
                let area = ScrollArea::vertical().id_salt("draft").max_height(HIGHEST);
                area.show(ui, |ui| self.edit(ui, id, scene));
            });
            ui.vertical(|ui| {
                let colours = Colours::of(ui);
                let joined = scene.session.state() == &State::Joined;
                let text = RichText::new(say!(language, "Send", "Invia"));
                let button = match joined {
                    true => Button::new(text.color(colours.on_accent)).fill(colours.accent),
                    false => Button::new(text),
                };
                let button = ui.add_enabled_ui(joined, |ui| ui.add_sized(BUTTON, button));
                button.inner.clicked()
            })
            .inner
        })
        .inner
    }

    fn edit(&mut self, ui: &mut Ui, id: Id, scene: &mut Scene<'_>) {
        let hint = say!(
            scene.language,
            "Say something to everybody",
            "Di' qualcosa a tutti"
        );
        let filter = self.filter(scene);
        let edit = TextEdit::multiline(scene.session.draft_mut().text_mut())
            .id(id)
            .hint_text(&hint)
            .event_filter(filter)
            .return_key(KeyboardShortcut::new(Modifiers::SHIFT, Key::Enter))
            .margin(vec2(12.0, 10.0))
            .desired_rows(1)
            .desired_width(f32::INFINITY);
        let output = edit.show(ui);
        let name = say!(scene.language, "Message", "Messaggio");
        named(output.response.response.clone(), &name);
        if output.response.changed() {
            self.error = None;
        }
        if std::mem::take(&mut self.wants_focus) {
            output.response.request_focus();
        }
        if let Some(range) = output.cursor_range {
            let text = scene.session.draft().text();
            let cursor = range.primary;
            let before = text.char_indices().nth(cursor.index.0);
            self.cursor = before.map_or(text.len(), |(at, _)| at);
            let row = output.galley.layout_from_cursor(cursor).row;
            self.at_edge = (row == 0, row + 1 >= output.galley.rows.len());
            if output.response.changed() {
                // The galley is still that of the text before.
                let (above, below) = text.split_at(self.cursor);
                self.at_edge = (!above.contains('\n'), !below.contains('\n'));
                ui.ctx().request_repaint();
            }
        }
        // The next Tab comes before the next frame is drawn, and finds the text as it is now.
        let filter = self.filter(scene);
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    }

    /// The keys that stay in the field. Where no nickname can be completed, Tab goes on to the button.
    fn filter(&self, scene: &Scene<'_>) -> EventFilter {
        EventFilter {
            tab: self.can_complete(scene),
            horizontal_arrows: true,
            vertical_arrows: true,
            escape: false,
        }
    }

    /// Counts the bytes when they come near the limit.
    fn count(&self, ui: &mut Ui, scene: &Scene<'_>) {
        let bytes = scene.session.draft().line_bytes();
        if bytes >= NEAR_THE_LIMIT {
            let colours = Colours::of(ui);
            let colour = match bytes {
                ..=MAX_CLIENT_LINE => colours.weak,
                _ => colours.error,
            };
            let text = say!(
                scene.language,
                "{bytes} of {MAX_CLIENT_LINE} bytes",
                "{bytes} di {MAX_CLIENT_LINE} byte"
            );
            ui.label(RichText::new(text).small().color(colour));
        }
    }

    fn complain(&self, ui: &mut Ui, scene: &Scene<'_>) {
        if let Some(error) = &self.error {
            let why = scene.language.input_error(error);
            let text = say!(scene.language, "Not sent: {why}", "Non inviato: {why}");
            live(ui, RichText::new(text).small().color(Colours::of(ui).error));
        }
    }

    /// Asks what the session wants to know before it sends anything.
    fn ask(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) {
        let language = scene.language;
        let Some(question) = scene.session.question() else {
            return;
        };
        let text = language.question(question);
        let preview = question
            .lines
            .iter()
            .take(3)
            .map(|line| crate::text::harmless(line));
        let preview: Vec<_> = preview.collect();
        let rest = if question.lines.len() > 3 {
            "\n…"
        } else {
            ""
        };
        let preview = format!("{}{rest}", preview.join("\n"));
        let colours = Colours::of(ui);
        live(ui, RichText::new(text).strong());
        ui.label(RichText::new(preview).small().color(colours.weak));
        let mut answer = None;
        ui.horizontal(|ui| {
            let send = RichText::new(say!(language, "Send", "Invia")).color(colours.on_accent);
            let send = ui.add(Button::new(send).fill(colours.accent));
            let back = ui.button(say!(language, "Back to the text", "Torna al testo"));
            if ui.memory(|memory| memory.focused().is_none()) {
                send.request_focus();
            }
            if send.clicked() {
                answer = Some(true);
            }
            if back.clicked() || ui.input(|input| input.key_pressed(Key::Escape)) {
                answer = Some(false);
            }
        });
        if let Some(yes) = answer {
            self.error = scene.session.answer(scene.now, yes).err();
            self.wants_focus = true;
        }
    }
}
