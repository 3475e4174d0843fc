//! What the connection is doing, while it does not carry the user into the room.

use super::colours::Colours;
use super::named::{live, named};
use super::scene::Scene;
use crate::session::{InputError, State};
use crate::words::{Language, say};
use eframe::egui::{Button, CornerRadius, Frame, Key, Margin, RichText, Stroke, TextEdit, Ui};
use std::time::Duration;

/// A strip above the transcript. It is not there while all is well.
#[derive(Debug, Default)]
pub(super) struct Banner {
    /// Another nickname, after the server refused one.
    nick: String,
    error: Option<InputError>,
}

/// What the user wants that is not the session's affair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// To go to another server.
    Form,
}

impl Banner {
    /// Shows the strip, when there is something to tell.
    pub(super) fn show(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) -> Option<Wish> {
        if matches!(scene.session.state(), State::Joined | State::Idle) {
            *self = Self::default();
            return None;
        }
        let colours = Colours::of(ui);
        let frame = Frame::new()
            .fill(colours.surface)
            .stroke(Stroke::new(1.0, colours.line))
            .corner_radius(CornerRadius::same(10))
            .inner_margin(Margin::symmetric(14, 10));
        let shown = frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal_wrapped(|ui| self.content(ui, scene)).inner
        });
        ui.add_space(6.0);
        shown.inner
    }

    fn content(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) -> Option<Wish> {
        let language = scene.language;
        match scene.session.state().clone() {
            State::Waiting { end, until, .. } => {
                let left = until.saturating_duration_since(scene.now.instant);
                tick(ui, left);
                let (why, when) = (language.end(end), language.waiting(left));
                tell(ui, &format!("{};", capital(&why)), true);
                // Not read aloud: it is another one each second.
                ui.label(RichText::new(when).color(Colours::of(ui).error));
                if ui.button(say!(language, "Now", "Adesso")).clicked() {
                    scene.session.retry_now(scene.now);
                }
                if ui.button(say!(language, "Give up", "Rinuncia")).clicked() {
                    scene.session.cancel_retry();
                }
                None
            }
            State::Over(end) => {
                tell(ui, &capital(&language.end(end)), true);
                let again = say!(language, "Connect again", "Ricollegati");
                let colours = Colours::of(ui);
                let again = RichText::new(again).color(colours.on_accent);
                if ui.add(Button::new(again).fill(colours.accent)).clicked() {
                    scene.session.retry_now(scene.now);
                }
                other_server(ui, language)
            }
            State::Refused(refusal) => {
                tell(ui, &capital(&language.refusal(&refusal)), true);
                self.other_nick(ui, scene);
                other_server(ui, language)
            }
            State::Connecting => {
                tell(ui, &say!(language, "Connecting…", "Mi collego…"), false);
                cancel(ui, scene);
                None
            }
            State::Naming => {
                let text = say!(language, "Asking for the nickname…", "Chiedo il nome…");
                tell(ui, &text, false);
                cancel(ui, scene);
                None
            }
            State::Leaving { .. } => {
                tell(ui, &say!(language, "Leaving…", "Esco…"), false);
                None
            }
            State::Idle | State::Joined => None,
        }
    }

    fn other_nick(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) {
        let language = scene.language;
        let hint = say!(language, "another nickname", "un altro nome");
        let edit = TextEdit::singleline(&mut self.nick).hint_text(&hint);
        let edit = named(ui.add(edit.desired_width(160.0)), &hint);
        let entered = edit.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if ui.button(say!(language, "Try it", "Prova")).clicked() || entered {
            self.error = scene.session.choose_nick(scene.now, self.nick.trim()).err();
        }
        if let Some(error) = &self.error {
            tell(ui, &language.input_error(error), true);
        }
    }
}

fn cancel(ui: &mut Ui, scene: &mut Scene<'_>) {
    let text = say!(scene.language, "Cancel", "Annulla");
    if ui.button(text).clicked() {
        scene.session.leave(scene.now);
    }
}

fn other_server(ui: &mut Ui, language: Language) -> Option<Wish> {
    let text = say!(language, "Another server…", "Un altro server…");
    ui.button(text).clicked().then_some(Wish::Form)
}

fn tell(ui: &mut Ui, text: &str, bad: bool) {
    let colours = Colours::of(ui);
    let colour = if bad { colours.error } else { colours.weak };
    live(ui, RichText::new(text).color(colour));
}

/// Asks for the next frame when the countdown will show another second, and no sooner.
fn tick(ui: &Ui, left: Duration) {
    let part = Duration::from_nanos(u64::from(left.subsec_nanos()));
    // A bit later, so that the second is surely over.
    ui.ctx()
        .request_repaint_after(part + Duration::from_millis(5));
}

/// With a capital letter at the beginning: here it stands alone.
fn capital(sentence: &str) -> String {
    let mut chars = sentence.chars();
    let first = chars.next();
    first
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(chars)
        .collect()
}
