//! The state of the connection while the user is not in the room.

use super::accessibility::{live_label, with_name};
use super::action::UiAction;
use super::colours::Colours;
use super::view_context::ViewContext;
use crate::i18n::{Language, tr};
use crate::session::{InputError, State};
use eframe::egui::{Button, CornerRadius, Frame, Key, Margin, RichText, Stroke, TextEdit, Ui};
use std::time::Duration;

/// A strip above the transcript, which is hidden while the user is in the room.
#[derive(Debug, Default)]
pub(super) struct Banner {
    /// The next nickname, after the server has refused one.
    nick: String,
    error: Option<InputError>,
}

impl Banner {
    /// Shows the strip if there is something to report. Returns what other parts of the window have to handle.
    pub(super) fn show(&mut self, ui: &mut Ui, cx: &mut ViewContext<'_>) -> Option<UiAction> {
        if matches!(cx.session.state(), State::Joined | State::Idle) {
            *self = Self::default();
            return None;
        }
        let colours = Colours::of(ui);
        let frame = Frame::new()
            .fill(colours.surface)
            .stroke(Stroke::new(1.0, colours.border))
            .corner_radius(CornerRadius::same(10))
            .inner_margin(Margin::symmetric(14, 10));
        let shown = frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal_wrapped(|ui| self.content(ui, cx)).inner
        });
        ui.add_space(6.0);
        shown.inner
    }

    fn content(&mut self, ui: &mut Ui, cx: &mut ViewContext<'_>) -> Option<UiAction> {
        let language = cx.language;
        match cx.session.state().clone() {
            State::Waiting { end, until, .. } => {
                let left = until.saturating_duration_since(cx.now.instant);
                repaint_for_countdown(ui, left);
                let (reason, when) = (language.end(end), language.waiting(left));
                report(ui, &format!("{};", capitalize(&reason)), true);
                // Not announced by screen readers, because it changes every second.
                ui.label(RichText::new(when).color(Colours::of(ui).error));
                if ui.button(tr!(language, "Now", "Adesso")).clicked() {
                    cx.session.reconnect_now(cx.now);
                }
                if ui.button(tr!(language, "Give up", "Rinuncia")).clicked() {
                    cx.session.cancel_reconnect();
                }
                None
            }
            State::Over(end) => {
                report(ui, &capitalize(&language.end(end)), true);
                let again = tr!(language, "Connect again", "Ricollegati");
                let colours = Colours::of(ui);
                let again = RichText::new(again).color(colours.on_accent);
                if ui.add(Button::new(again).fill(colours.accent)).clicked() {
                    cx.session.reconnect_now(cx.now);
                }
                change_server_button(ui, language)
            }
            State::Refused(refusal) => {
                report(ui, &capitalize(&language.refusal(&refusal)), true);
                self.nick_field(ui, cx);
                change_server_button(ui, language)
            }
            State::Connecting => {
                report(ui, &tr!(language, "Connecting…", "Mi collego…"), false);
                cancel_button(ui, cx);
                None
            }
            State::Naming => {
                let text = tr!(language, "Asking for the nickname…", "Chiedo il nome…");
                report(ui, &text, false);
                cancel_button(ui, cx);
                None
            }
            State::Leaving { .. } => {
                report(ui, &tr!(language, "Leaving…", "Esco…"), false);
                None
            }
            State::Idle | State::Joined => None,
        }
    }

    fn nick_field(&mut self, ui: &mut Ui, cx: &mut ViewContext<'_>) {
        let language = cx.language;
        let hint = tr!(language, "another nickname", "un altro nome");
        let edit = TextEdit::singleline(&mut self.nick).hint_text(&hint);
        let edit = with_name(ui.add(edit.desired_width(160.0)), &hint);
        let entered = edit.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if ui.button(tr!(language, "Try", "Prova")).clicked() || entered {
            self.error = cx.session.choose_nick(cx.now, self.nick.trim()).err();
        }
        if let Some(error) = &self.error {
            report(ui, &language.input_error(error), true);
        }
    }
}

fn cancel_button(ui: &mut Ui, cx: &mut ViewContext<'_>) {
    let text = tr!(cx.language, "Cancel", "Annulla");
    if ui.button(text).clicked() {
        cx.session.leave(cx.now);
    }
}

fn change_server_button(ui: &mut Ui, language: Language) -> Option<UiAction> {
    let text = tr!(language, "Another server…", "Un altro server…");
    ui.button(text).clicked().then_some(UiAction::ChangeServer)
}

fn report(ui: &mut Ui, text: &str, is_error: bool) {
    let colours = Colours::of(ui);
    let colour = if is_error {
        colours.error
    } else {
        colours.weak_text
    };
    live_label(ui, RichText::new(text).color(colour));
}

/// Requests the next frame for the moment at which the displayed number of seconds changes.
fn repaint_for_countdown(ui: &Ui, left: Duration) {
    let part = Duration::from_nanos(u64::from(left.subsec_nanos()));
    // Slightly later, so that the second is over for sure.
    ui.ctx()
        .request_repaint_after(part + Duration::from_millis(5));
}

/// Capitalizes the first letter of a sentence that stands alone.
fn capitalize(sentence: &str) -> String {
    let mut chars = sentence.chars();
    let first = chars.next();
    first
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(chars)
        .collect()
}
