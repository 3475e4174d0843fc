//! The page that asks for the server and the nickname.

mod error;

use super::accessibility::live_label;
use super::colours::Colours;
use super::settings::Server;
use super::view_context::ViewContext;
use crate::i18n::{Language, tr};
use crate::sanitize::sanitize;
use crate::session::{State, Target};
use eframe::egui::{Align, Button, Key, Layout, RichText, ScrollArea, TextEdit, Ui, vec2};
use error::{Field, FormError};
use salotto_protocol::DEFAULT_PORT;

/// The width of the form, in points.
const WIDTH: f32 = 380.0;

/// The fields, and what is wrong with them.
#[derive(Debug)]
pub(super) struct Form {
    host: String,
    port: String,
    nick: String,
    error: Option<FormError>,
    /// The field that gets the keyboard focus in the next frame.
    focus: Option<Field>,
    /// The state of the session in the last frame.
    last_state: State,
}

impl Form {
    /// A form that is filled in with what is known.
    pub(super) fn new(host: Option<String>, port: Option<u16>, nick: Option<String>) -> Self {
        let focus = match (&host, &nick) {
            (None, _) => Field::Host,
            (Some(_), _) => Field::Nick,
        };
        Self {
            host: host.unwrap_or_default(),
            port: port.unwrap_or(DEFAULT_PORT).to_string(),
            nick: nick.unwrap_or_default(),
            error: None,
            focus: Some(focus),
            last_state: State::Idle,
        }
    }

    /// The target that the fields describe.
    fn target(&self) -> Result<Target, FormError> {
        let host = self.host.trim();
        if host.is_empty() {
            return Err(FormError::NoHost);
        }
        let port = self.port.trim().parse().ok().filter(|&port| port != 0);
        Ok(Target {
            host: host.to_owned(),
            port: port.ok_or(FormError::InvalidPort)?,
            // Nicknames contain no spaces, so these are typing mistakes.
            nick: self.nick.trim().to_owned(),
        })
    }

    /// Connects to the server in the fields, or shows why that is not possible.
    pub(super) fn submit(&mut self, cx: &mut ViewContext<'_>) {
        self.error = None;
        let result = self.target().and_then(|target| {
            let same_server =
                |other: &Target| other.host == target.host && other.port == target.port;
            let session = &mut *cx.session;
            let was_refused = matches!(session.state(), State::Refused(_));
            if was_refused && session.target().is_some_and(same_server) {
                session.choose_nick(cx.now, &target.nick)?;
            } else {
                session.connect(cx.now, target)?;
            }
            Ok(())
        });
        if let Err(error) = result {
            self.set_error(error);
        }
        self.last_state = cx.session.state().clone();
    }

    fn set_error(&mut self, error: FormError) {
        self.focus = Some(error.field().unwrap_or(Field::Host));
        self.error = Some(error);
    }

    fn follow(&mut self, state: &State) {
        if *state != self.last_state {
            self.last_state = state.clone();
            match FormError::of(state) {
                Some(error) => self.set_error(error),
                None => self.error = None,
            }
        }
    }

    pub(super) fn show(&mut self, ui: &mut Ui, cx: &mut ViewContext<'_>) {
        self.follow(cx.session.state());
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let width = WIDTH.min(ui.available_width() - 32.0);
            let margin = (ui.available_width() - width) / 2.0;
            let above = ((ui.available_height() - 460.0) / 2.5).max(8.0);
            ui.add_space(above);
            ui.horizontal(|ui| {
                ui.add_space(margin);
                ui.vertical(|ui| {
                    ui.set_width(width);
                    self.card(ui, cx);
                });
            });
        });
    }

    fn card(&mut self, ui: &mut Ui, cx: &mut ViewContext<'_>) {
        let language = cx.language;
        let colours = Colours::of(ui);
        ui.heading(super::title::NAME);
        let motto = tr!(
            language,
            "One room. Everybody hears everybody.",
            "Una stanza. Tutti sentono tutti."
        );
        ui.label(RichText::new(motto).color(colours.weak_text));
        ui.add_space(18.0);

        let busy = matches!(cx.session.state(), State::Connecting | State::Naming);
        let entered = ui
            .add_enabled_ui(!busy, |ui| self.fields(ui, language))
            .inner;
        if let Some(error) = self.error.as_ref().filter(|error| error.field().is_none()) {
            show_error(ui, error, language);
        }
        ui.add_space(10.0);
        if busy {
            self.show_progress(ui, cx);
        } else {
            let text = RichText::new(tr!(language, "Join", "Entra")).color(colours.on_accent);
            let button = Button::new(text).fill(colours.accent);
            let size = vec2(ui.available_width(), 38.0);
            if ui.add_sized(size, button).clicked() || entered {
                self.submit(cx);
            }
            self.show_recent(ui, cx);
        }
    }

    /// Shows the three fields. Returns whether Enter was pressed in one of them.
    fn fields(&mut self, ui: &mut Ui, language: Language) -> bool {
        let (mut entered, full) = (false, ui.available_width());
        let port_width = 96.0;
        ui.horizontal_top(|ui| {
            let gap = ui.spacing().item_spacing.x;
            let host_width = full - port_width - gap;
            let label = tr!(language, "Server", "Server");
            entered |= self.field(ui, Field::Host, &label, host_width, language);
            let label = tr!(language, "Port", "Porta");
            entered |= self.field(ui, Field::Port, &label, port_width, language);
        });
        self.show_error_of(ui, &[Field::Host, Field::Port], language);
        ui.add_space(6.0);
        let label = tr!(language, "Nickname", "Nome");
        entered |= self.field(ui, Field::Nick, &label, full, language);
        self.show_error_of(ui, &[Field::Nick], language);
        entered
    }

    fn field(
        &mut self,
        ui: &mut Ui,
        field: Field,
        label: &str,
        width: f32,
        language: Language,
    ) -> bool {
        let colours = Colours::of(ui);
        let is_wrong = self.error.as_ref().and_then(FormError::field) == Some(field);
        ui.vertical(|ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing.y = 4.0;
            let label = ui.label(RichText::new(label).small().color(colours.weak_text));
            if is_wrong {
                ui.visuals_mut().widgets.inactive.bg_stroke.color = colours.error;
            }
            let hint = match field {
                Field::Host => tr!(language, "a name or an address", "un nome o un indirizzo"),
                Field::Port | Field::Nick => String::new(),
            };
            let text = match field {
                Field::Host => &mut self.host,
                Field::Port => &mut self.port,
                Field::Nick => &mut self.nick,
            };
            let edit = TextEdit::singleline(text)
                .id_salt(field)
                .hint_text(hint)
                .margin(vec2(10.0, 8.0))
                .desired_width(f32::INFINITY);
            let edit = ui.add(edit).labelled_by(label.id);
            if self.focus == Some(field) && ui.is_enabled() {
                edit.request_focus();
                self.focus = None;
            }
            if edit.changed() && is_wrong {
                self.error = None;
            }
            edit.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
        })
        .inner
    }

    fn show_error_of(&self, ui: &mut Ui, fields: &[Field], language: Language) {
        let is_here =
            |error: &&FormError| error.field().is_some_and(|field| fields.contains(&field));
        if let Some(error) = self.error.as_ref().filter(is_here) {
            show_error(ui, error, language);
        }
    }

    fn show_progress(&mut self, ui: &mut Ui, cx: &mut ViewContext<'_>) {
        let language = cx.language;
        let colours = Colours::of(ui);
        ui.horizontal(|ui| {
            let progress = match cx.session.state() {
                State::Naming => tr!(language, "Asking for the nickname…", "Chiedo il nome…"),
                _ => tr!(language, "Connecting…", "Mi collego…"),
            };
            ui.label(RichText::new(progress).color(colours.weak_text));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button(tr!(language, "Cancel", "Annulla")).clicked() {
                    cx.session.leave(cx.now);
                    self.focus = Some(Field::Host);
                }
            });
        });
    }

    fn show_recent(&mut self, ui: &mut Ui, cx: &mut ViewContext<'_>) {
        if cx.settings.recent.is_empty() {
            return;
        }
        let language = cx.language;
        let colours = Colours::of(ui);
        ui.add_space(18.0);
        let label = tr!(language, "Recent servers", "Server recenti");
        ui.label(RichText::new(label).small().color(colours.weak_text));
        let mut chosen = None;
        for server in &cx.settings.recent {
            let Server { host, port, nick } = server;
            let (host, nick) = (sanitize(host), sanitize(nick));
            let text = tr!(
                language,
                "{host}, port {port}, as {nick}",
                "{host}, porta {port}, come {nick}"
            );
            let button = Button::new(text)
                .truncate()
                .min_size(vec2(ui.available_width(), 34.0));
            if ui.add(button).clicked() {
                chosen = Some(server.clone());
            }
        }
        if let Some(server) = chosen {
            self.host = server.host;
            self.port = server.port.to_string();
            self.nick = server.nick;
            self.submit(cx);
        }
    }
}

fn show_error(ui: &mut Ui, error: &FormError, language: Language) {
    let colour = Colours::of(ui).error;
    live_label(ui, RichText::new(error.message(language)).color(colour));
}
