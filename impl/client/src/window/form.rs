//! Where somebody says where to go.

mod problem;

use super::colours::Colours;
use super::named::live;
use super::scene::Scene;
use super::settings::Server;
use crate::session::{State, Target};
use crate::text::harmless;
use crate::words::{Language, say};
use eframe::egui::{Align, Button, Key, Layout, RichText, ScrollArea, TextEdit, Ui, vec2};
use problem::{Field, Problem};
use salotto_protocol::DEFAULT_PORT;

/// How wide the form is, in points.
const WIDTH: f32 = 380.0;

/// What stands in the fields, and what is wrong with it.
#[derive(Debug)]
pub(super) struct Form {
    host: String,
    port: String,
    nick: String,
    problem: Option<Problem>,
    /// The field that is to have the keyboard next.
    focus: Option<Field>,
    /// What the session did when the form was shown last.
    seen: State,
}

impl Form {
    /// A form that is filled in as far as anything is known.
    pub(super) fn new(host: Option<String>, port: Option<u16>, nick: Option<String>) -> Self {
        let focus = match (&host, &nick) {
            (None, _) => Field::Host,
            (Some(_), _) => Field::Nick,
        };
        Self {
            host: host.unwrap_or_default(),
            port: port.unwrap_or(DEFAULT_PORT).to_string(),
            nick: nick.unwrap_or_default(),
            problem: None,
            focus: Some(focus),
            seen: State::Idle,
        }
    }

    /// What is in the fields, as a target.
    fn target(&self) -> Result<Target, Problem> {
        let host = self.host.trim();
        if host.is_empty() {
            return Err(Problem::NoHost);
        }
        let port = self.port.trim().parse().ok().filter(|&port| port != 0);
        Ok(Target {
            host: host.to_owned(),
            port: port.ok_or(Problem::NotAPort)?,
            // Blanks at the ends are nobody's intention, and no nickname has any.
            nick: self.nick.trim().to_owned(),
        })
    }

    /// Goes where the fields say, or tells why not.
    pub(super) fn go(&mut self, scene: &mut Scene<'_>) {
        self.problem = None;
        let gone = self.target().and_then(|target| {
            let same = |other: &Target| other.host == target.host && other.port == target.port;
            let session = &mut *scene.session;
            let asked_again =
                matches!(session.state(), State::Refused(_)) && session.target().is_some_and(same);
            if asked_again {
                session.choose_nick(scene.now, &target.nick)?;
            } else {
                session.connect(scene.now, target)?;
            }
            Ok(())
        });
        if let Err(problem) = gone {
            self.tell(problem);
        }
        self.seen = scene.session.state().clone();
    }

    fn tell(&mut self, problem: Problem) {
        self.focus = Some(problem.field().unwrap_or(Field::Host));
        self.problem = Some(problem);
    }

    fn look_at(&mut self, state: &State) {
        if *state != self.seen {
            self.seen = state.clone();
            match Problem::of(state) {
                Some(problem) => self.tell(problem),
                None => self.problem = None,
            }
        }
    }

    /// Shows the form.
    pub(super) fn show(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) {
        self.look_at(scene.session.state());
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let width = WIDTH.min(ui.available_width() - 32.0);
            let margin = (ui.available_width() - width) / 2.0;
            let above = ((ui.available_height() - 460.0) / 2.5).max(8.0);
            ui.add_space(above);
            ui.horizontal(|ui| {
                ui.add_space(margin);
                ui.vertical(|ui| {
                    ui.set_width(width);
                    self.card(ui, scene);
                });
            });
        });
    }

    fn card(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) {
        let language = scene.language;
        let colours = Colours::of(ui);
        ui.heading(super::title::NAME);
        let motto = say!(
            language,
            "One room. Everybody hears everybody.",
            "Una stanza. Tutti sentono tutti."
        );
        ui.label(RichText::new(motto).color(colours.weak));
        ui.add_space(18.0);

        let busy = matches!(scene.session.state(), State::Connecting | State::Naming);
        let entered = ui
            .add_enabled_ui(!busy, |ui| self.fields(ui, language))
            .inner;
        if let Some(problem) = self.problem.as_ref().filter(|p| p.field().is_none()) {
            complain(ui, problem, language);
        }
        ui.add_space(10.0);
        if busy {
            self.waiting(ui, scene);
        } else {
            let text = RichText::new(say!(language, "Join", "Entra")).color(colours.on_accent);
            let button = Button::new(text).fill(colours.accent);
            let size = vec2(ui.available_width(), 38.0);
            if ui.add_sized(size, button).clicked() || entered {
                self.go(scene);
            }
            self.recent(ui, scene);
        }
    }

    /// Shows the three fields. Tells whether Return was pressed in one of them.
    fn fields(&mut self, ui: &mut Ui, language: Language) -> bool {
        let (mut entered, full) = (false, ui.available_width());
        let port_width = 96.0;
        ui.horizontal_top(|ui| {
            let gap = ui.spacing().item_spacing.x;
            let host_width = full - port_width - gap;
            let label = say!(language, "Server", "Server");
            entered |= self.field(ui, Field::Host, &label, host_width, language);
            let label = say!(language, "Port", "Porta");
            entered |= self.field(ui, Field::Port, &label, port_width, language);
        });
        self.explain(ui, &[Field::Host, Field::Port], language);
        ui.add_space(6.0);
        let label = say!(language, "Nickname", "Nome");
        entered |= self.field(ui, Field::Nick, &label, full, language);
        self.explain(ui, &[Field::Nick], language);
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
        let wrong = self.problem.as_ref().and_then(Problem::field) == Some(field);
        ui.vertical(|ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing.y = 4.0;
            let label = ui.label(RichText::new(label).small().color(colours.weak));
            if wrong {
                ui.visuals_mut().widgets.inactive.bg_stroke.color = colours.error;
            }
            let hint = match field {
                Field::Host => say!(language, "a name or an address", "un nome o un indirizzo"),
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
            if edit.changed() && wrong {
                self.problem = None;
            }
            edit.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
        })
        .inner
    }

    fn explain(&self, ui: &mut Ui, fields: &[Field], language: Language) {
        let problem = self.problem.as_ref();
        if let Some(problem) = problem.filter(|p| p.field().is_some_and(|f| fields.contains(&f))) {
            complain(ui, problem, language);
        }
    }

    fn waiting(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) {
        let language = scene.language;
        let colours = Colours::of(ui);
        ui.horizontal(|ui| {
            let what = match scene.session.state() {
                State::Naming => say!(language, "Asking for the nickname…", "Chiedo il nome…"),
                _ => say!(language, "Connecting…", "Mi collego…"),
            };
            ui.label(RichText::new(what).color(colours.weak));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button(say!(language, "Cancel", "Annulla")).clicked() {
                    scene.session.leave(scene.now);
                    self.focus = Some(Field::Host);
                }
            });
        });
    }

    fn recent(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) {
        if scene.settings.recent.is_empty() {
            return;
        }
        let language = scene.language;
        let colours = Colours::of(ui);
        ui.add_space(18.0);
        let label = say!(language, "Recent servers", "Server recenti");
        ui.label(RichText::new(label).small().color(colours.weak));
        let mut chosen = None;
        for server in &scene.settings.recent {
            let Server { host, port, nick } = server;
            let (host, nick) = (harmless(host), harmless(nick));
            let text = say!(
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
            self.go(scene);
        }
    }
}

fn complain(ui: &mut Ui, problem: &Problem, language: Language) {
    let colour = Colours::of(ui).error;
    live(ui, RichText::new(problem.tell(language)).color(colour));
}
