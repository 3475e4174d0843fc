//! The field for the draft of a message.

use super::accessibility::{live_label, with_name};
use super::colours::Colours;
use super::view_context::ViewContext;
use crate::i18n::tr;
use crate::sanitize::sanitize;
use crate::session::{InputError, State, Submitted};
use eframe::egui::text::{CCursor, CCursorRange};
use eframe::egui::{
    Button, Context, Event, EventFilter, Id, Key, KeyboardShortcut, Modifiers, RichText,
    ScrollArea, TextEdit, Ui, Vec2, vec2,
};
use salotto_protocol::MAX_CLIENT_LINE;

/// From this length on, in bytes, the length is shown.
const SHOW_LENGTH_FROM: usize = MAX_CLIENT_LINE - 512;

/// The size of the Send button, in points.
const BUTTON_SIZE: Vec2 = vec2(84.0, 38.0);

/// The id of the field.
const FIELD: &str = "composer";

/// The maximum height of the field before it scrolls, in points.
const MAX_HEIGHT: f32 = 130.0;

/// The state of the field between frames.
#[derive(Debug, Default)]
pub(super) struct Composer {
    error: Option<InputError>,
    /// The position of the cursor, in bytes.
    cursor: usize,
    /// Whether the cursor is in the first row.
    in_first_row: bool,
    /// Whether the cursor is in the last row.
    in_last_row: bool,
    wants_focus: bool,
}

impl Composer {
    /// Gives the field the keyboard focus from the next frame on.
    pub(super) const fn request_focus(&mut self) {
        self.wants_focus = true;
    }

    /// Appends text that was typed outside the field, and requests the focus.
    pub(super) fn append(&mut self, ctx: &Context, cx: &mut ViewContext<'_>, text: &str) {
        cx.session.draft_mut().text_mut().push_str(text);
        let id = Id::unique(FIELD);
        self.set_cursor(ctx, id, usize::MAX, cx.session.draft().text());
        self.wants_focus = true;
    }

    /// Shows the error, the field and the button, or the question. Returns whether a message was sent.
    pub(super) fn show(&mut self, ui: &mut Ui, cx: &mut ViewContext<'_>) -> bool {
        if cx.session.question().is_some() {
            self.show_question(ui, cx);
            return false;
        }
        self.show_error(ui, cx);
        show_length(ui, cx);
        let id = Id::unique(FIELD);
        let focused = ui.memory(|memory| memory.has_focus(id));
        let entered = focused && self.handle_keys(ui, id, cx);
        let sent = self.field(ui, id, cx) || entered;
        sent && self.submit(cx)
    }

    fn submit(&mut self, cx: &mut ViewContext<'_>) -> bool {
        self.wants_focus = true;
        let submitted = cx.session.submit_draft(cx.now);
        self.error = submitted.as_ref().err().cloned();
        matches!(submitted, Ok(Submitted::Sent | Submitted::Help))
    }

    /// Handles the keys that the text editor must not get. Returns whether Enter was pressed.
    fn handle_keys(&mut self, ui: &Ui, id: Id, cx: &mut ViewContext<'_>) -> bool {
        let mut keys = Vec::new();
        let can_complete = self.can_complete(cx);
        let (in_first_row, in_last_row) = (self.in_first_row, self.in_last_row);
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
                let is_ours = modifiers.is_none()
                    && match key {
                        Key::Enter => true,
                        Key::Tab => can_complete,
                        Key::ArrowUp => in_first_row,
                        Key::ArrowDown => in_last_row,
                        _ => false,
                    };
                if is_ours {
                    keys.push(key);
                }
                !is_ours
            });
        });
        for &key in &keys {
            let cursor = match key {
                Key::Tab => cx.session.complete(self.cursor),
                Key::ArrowUp => cx.session.draft_mut().older().then_some(usize::MAX),
                Key::ArrowDown => cx.session.draft_mut().newer().then_some(usize::MAX),
                _ => None,
            };
            if let Some(cursor) = cursor {
                self.set_cursor(ui.ctx(), id, cursor, cx.session.draft().text());
            }
        }
        keys.contains(&Key::Enter)
    }

    fn can_complete(&self, cx: &ViewContext<'_>) -> bool {
        let session = &cx.session;
        session.draft().can_complete(self.cursor, session.members())
    }

    fn set_cursor(&mut self, ctx: &Context, id: Id, cursor: usize, text: &str) {
        self.cursor = cursor.min(text.len());
        let before = text.get(..self.cursor).unwrap_or(text);
        let cursor = CCursorRange::one(CCursor::end_of_str(before));
        let mut state = TextEdit::load_state(ctx, id).unwrap_or_default();
        state.cursor.set_char_range(Some(cursor));
        TextEdit::store_state(ctx, id, state);
    }

    /// Shows the field and the button. Returns whether the button was clicked.
    fn field(&mut self, ui: &mut Ui, id: Id, cx: &mut ViewContext<'_>) -> bool {
        let language = cx.language;
        ui.horizontal_top(|ui| {
            let width = ui.available_width() - BUTTON_SIZE.x - ui.spacing().item_spacing.x;
            ui.allocate_ui(vec2(width, 0.0), |ui| {
                let area = ScrollArea::vertical()
                    .id_salt("draft")
                    .max_height(MAX_HEIGHT);
                area.show(ui, |ui| self.edit(ui, id, cx));
            });
            ui.vertical(|ui| {
                let colours = Colours::of(ui);
                let joined = cx.session.state() == &State::Joined;
                let text = RichText::new(tr!(language, "Send", "Invia"));
                let button = match joined {
                    true => Button::new(text.color(colours.on_accent)).fill(colours.accent),
                    false => Button::new(text),
                };
                let button = ui.add_enabled_ui(joined, |ui| ui.add_sized(BUTTON_SIZE, button));
                button.inner.clicked()
            })
            .inner
        })
        .inner
    }

    fn edit(&mut self, ui: &mut Ui, id: Id, cx: &mut ViewContext<'_>) {
        let hint = tr!(
            cx.language,
            "Write a message to everybody",
            "Di' qualcosa a tutti"
        );
        let filter = self.filter(cx);
        let edit = TextEdit::multiline(cx.session.draft_mut().text_mut())
            .id(id)
            .hint_text(&hint)
            .event_filter(filter)
            .return_key(KeyboardShortcut::new(Modifiers::SHIFT, Key::Enter))
            .margin(vec2(12.0, 10.0))
            .desired_rows(1)
            .desired_width(f32::INFINITY);
        let output = edit.show(ui);
        let name = tr!(cx.language, "Message", "Messaggio");
        with_name(output.response.response.clone(), &name);
        if output.response.changed() {
            self.error = None;
        }
        if std::mem::take(&mut self.wants_focus) {
            output.response.request_focus();
        }
        if let Some(range) = output.cursor_range {
            let text = cx.session.draft().text();
            let cursor = range.primary;
            let before = text.char_indices().nth(cursor.index.0);
            self.cursor = before.map_or(text.len(), |(at, _)| at);
            let row = output.galley.layout_from_cursor(cursor).row;
            self.in_first_row = row == 0;
            self.in_last_row = row + 1 >= output.galley.rows.len();
            if output.response.changed() {
                // The galley still shows the text before the change.
                let (above, below) = text.split_at(self.cursor);
                self.in_first_row = !above.contains('\n');
                self.in_last_row = !below.contains('\n');
                ui.ctx().request_repaint();
            }
        }
        // The next Tab is handled before the next frame is drawn, so the filter has to match the text as it is now.
        let filter = self.filter(cx);
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    }

    /// The keys that do not move the focus. Tab does, unless it completes a nickname.
    fn filter(&self, cx: &ViewContext<'_>) -> EventFilter {
        EventFilter {
            tab: self.can_complete(cx),
            horizontal_arrows: true,
            vertical_arrows: true,
            escape: false,
        }
    }

    fn show_error(&self, ui: &mut Ui, cx: &ViewContext<'_>) {
        if let Some(error) = &self.error {
            let reason = cx.language.input_error(error);
            let text = tr!(cx.language, "Not sent: {reason}", "Non inviato: {reason}");
            live_label(ui, RichText::new(text).small().color(Colours::of(ui).error));
        }
    }

    /// Shows the question of the session and its answers.
    fn show_question(&mut self, ui: &mut Ui, cx: &mut ViewContext<'_>) {
        let language = cx.language;
        let Some(question) = cx.session.question() else {
            return;
        };
        let text = language.question(question);
        let preview = question.lines.iter().take(3);
        let preview: Vec<_> = preview.map(|line| sanitize(line)).collect();
        let rest = if question.lines.len() > 3 {
            "\n…"
        } else {
            ""
        };
        let preview = format!("{}{rest}", preview.join("\n"));
        let colours = Colours::of(ui);
        live_label(ui, RichText::new(text).strong());
        ui.label(RichText::new(preview).small().color(colours.weak_text));
        let mut answer = None;
        ui.horizontal(|ui| {
            let send = RichText::new(tr!(language, "Send", "Invia")).color(colours.on_accent);
            let send = ui.add(Button::new(send).fill(colours.accent));
            let back = ui.button(tr!(language, "Back to the text", "Torna al testo"));
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
            self.error = cx.session.answer(cx.now, yes).err();
            self.wants_focus = true;
        }
    }
}

/// Shows the length of the draft when it comes near the limit.
fn show_length(ui: &mut Ui, cx: &ViewContext<'_>) {
    let bytes = cx.session.draft().line_bytes();
    if bytes >= SHOW_LENGTH_FROM {
        let colours = Colours::of(ui);
        let colour = match bytes {
            ..=MAX_CLIENT_LINE => colours.weak_text,
            _ => colours.error,
        };
        let text = tr!(
            cx.language,
            "{bytes} of {MAX_CLIENT_LINE} bytes",
            "{bytes} di {MAX_CLIENT_LINE} byte"
        );
        ui.label(RichText::new(text).small().color(colour));
    }
}
