//! The whole window.

use super::Options;
use super::carrier::Carrier;
use super::closing::Signals;
use super::colours::Colours;
use super::fonts;
use super::form::Form;
use super::menu;
use super::room::{Room, Wish};
use super::scene::Scene;
use super::settings::{Server, Settings, Store};
use super::theme;
use super::title::title;
use crate::connection::Network;
use crate::session::{Now, Options as Rules, Session, State};
use crate::words::{Language, say};
use eframe::egui::{
    Align, CentralPanel, Context, Frame, Layout, Margin, Panel, RichText, Ui, UserAttentionType,
    ViewportCommand,
};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::time::{Duration, Instant};

/// How long the window waits for the server's goodbye after it was closed.
const LONGEST_GOODBYE: Duration = Duration::from_millis(500);

/// The application. A frame is a [`turn`](Self::turn), which takes what has happened, and a [`show`](Self::show), which
/// draws and takes what the user does.
#[derive(Debug)]
pub struct App {
    carrier: Carrier,
    form: Form,
    /// The room, once the user has been let in; the form before that.
    room: Option<Room>,
    settings: Settings,
    /// The settings as they are kept.
    kept: Settings,
    store: Option<Store>,
    /// Why the settings are not what they should be.
    trouble: Option<String>,
    /// The language of the command line.
    language: Option<Language>,
    signals: Signals,
    /// Until when the window waits for a goodbye, once it is to be closed.
    closing: Option<Instant>,
    title: String,
    now: Now,
}

impl App {
    /// The window's content, which wakes `ctx` when something comes from the network.
    ///
    /// # Errors
    /// When the system gives no thread for the network.
    pub fn new(ctx: &Context, options: Options) -> io::Result<Self> {
        let waker = ctx.clone();
        let network = Network::start(move || waker.request_repaint())?;
        let rules = Rules {
            retry: true,
            farewell: LONGEST_GOODBYE,
        };
        let session = Session::new(rules, RandomState::new().hash_one(0));
        let store = match &options.config {
            Some(folder) => Some(Store::in_folder(folder)),
            None => Store::of_system(),
        };
        let loaded = store.as_ref().map(Store::load).transpose();
        let (settings, trouble) = match loaded {
            Ok(settings) => (settings.unwrap_or_default(), None),
            Err(error) => (Settings::default(), Some(error.to_string())),
        };
        theme::apply(ctx);
        fonts::apply(ctx);
        ctx.set_theme(settings.theme);
        ctx.set_zoom_factor(settings.zoom.clamp(0.5, 4.0));
        let mut app = Self {
            carrier: Carrier::new(session, network),
            form: first_form(&options, &settings),
            room: None,
            kept: settings.clone(),
            settings,
            store,
            trouble,
            language: options.language,
            signals: Signals::default(),
            closing: None,
            title: String::new(),
            now: Now::read(),
        };
        if options.host.is_some() && options.nick.is_some() {
            let (form, mut scene) = app.form_and_scene();
            form.go(&mut scene);
        }
        Ok(app)
    }

    /// From now on SIGTERM and Ctrl-C close the window as its button does.
    pub(super) fn leave_at_signals(&self, ctx: &Context) {
        self.signals.hear(ctx);
    }

    /// The session that is shown.
    pub const fn session(&self) -> &Session {
        self.carrier.session()
    }

    /// Takes what has happened since the last frame.
    pub fn turn(&mut self, ctx: &Context) {
        self.now = Now::read();
        // Who is about to come in reads what comes then.
        let reads = self.room.as_ref().is_none_or(Room::shows_the_newest);
        let looks = reads && ctx.input(|input| input.focused);
        self.carrier.session_mut().look(looks);
        let mentions = self.session().unread().mentions;
        if self.carrier.turn(self.now) {
            ctx.request_repaint();
        }
        if self.session().unread().mentions > mentions {
            let attention = UserAttentionType::Informational;
            ctx.send_viewport_cmd(ViewportCommand::RequestUserAttention(attention));
        }
        if self.room.is_none() && self.session().nick().is_some() {
            self.room = Some(Room::new());
            self.remember_server();
        }
        self.close_when_asked(ctx);
        if let Some(until) = self.session().poll_timeout() {
            ctx.request_repaint_after(until.saturating_duration_since(self.now.instant));
        }
        let title = title(self.session());
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// Draws the window, and does what the user wants.
    pub fn show(&mut self, ui: &mut Ui) {
        match self.room.take() {
            Some(mut room) => {
                let (_, mut scene) = self.form_and_scene();
                match room.show(ui, &mut scene) {
                    Some(Wish::Form) => self.form = first_form(&Options::default(), &self.settings),
                    None => self.room = Some(room),
                }
            }
            None => self.show_form(ui),
        }
        self.carrier.perform();
        self.keep_settings(ui.ctx());
    }

    fn show_form(&mut self, ui: &mut Ui) {
        let frame = Frame::new()
            .fill(Colours::of(ui).paper)
            .inner_margin(Margin::symmetric(16, 10));
        Panel::top("bar")
            .frame(frame)
            .show_separator_line(false)
            .show(ui, |ui| {
                let (_, mut scene) = self.form_and_scene();
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let name = say!(scene.language, "Settings", "Impostazioni");
                    menu::lasting(name).ui(ui, |ui| menu::choices(ui, &mut scene));
                });
            });
        CentralPanel::default().frame(frame).show(ui, |ui| {
            if let Some(trouble) = &self.trouble {
                let text = RichText::new(trouble).small();
                ui.label(text.color(Colours::of(ui).warning));
            }
            let (form, mut scene) = self.form_and_scene();
            form.show(ui, &mut scene);
        });
    }

    /// The form, and what every part of the window sees.
    fn form_and_scene(&mut self) -> (&mut Form, Scene<'_>) {
        let scene = Scene {
            language: self.language.unwrap_or_else(|| self.settings.language()),
            session: self.carrier.session_mut(),
            settings: &mut self.settings,
            now: self.now,
        };
        (&mut self.form, scene)
    }

    fn remember_server(&mut self) {
        if let Some(target) = self.carrier.session().target() {
            self.settings.remember(Server {
                host: target.host.clone(),
                port: target.port,
                nick: target.nick.clone(),
            });
        }
    }

    /// Keeps the settings when they are others than before, and does what they say.
    fn keep_settings(&mut self, ctx: &Context) {
        self.settings.zoom = ctx.zoom_factor();
        if self.settings == self.kept {
            return;
        }
        if self.settings.language != self.kept.language {
            // What the user chooses now counts more than how the program was started.
            self.language = None;
        }
        ctx.set_theme(self.settings.theme);
        self.kept = self.settings.clone();
        let kept = self.store.as_ref().map(|store| store.save(&self.kept));
        self.trouble = match kept {
            Some(Err(error)) => Some(error.to_string()),
            Some(Ok(())) | None => None,
        };
        // The new ones are to be seen.
        ctx.request_repaint();
    }

    /// Says goodbye before the window goes, and waits for the answer, but not for long. Who insists is let go.
    fn close_when_asked(&mut self, ctx: &Context) {
        let asked = ctx.input(|input| input.viewport().close_requested());
        let insists = asked && self.closing.is_some();
        if (asked || self.signals.happened()) && self.closing.is_none() {
            self.carrier.session_mut().leave(self.now);
            self.carrier.perform();
            self.closing = Some(self.now.instant + LONGEST_GOODBYE);
        }
        let Some(until) = self.closing else { return };
        let gone = matches!(self.session().state(), State::Idle | State::Over(_));
        if gone || insists || self.now.instant >= until {
            ctx.send_viewport_cmd(ViewportCommand::Close);
        } else {
            if asked {
                ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            }
            ctx.request_repaint_after(until - self.now.instant);
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.turn(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.show(ui);
    }
}

/// A form with what the command line says, and else what was there the last time.
fn first_form(options: &Options, settings: &Settings) -> Form {
    let last = settings.recent.first();
    let host = options.host.clone();
    let port = match (options.port, &host) {
        (None, None) => last.map(|last| last.port),
        (port, _) => port,
    };
    Form::new(
        host.or_else(|| last.map(|last| last.host.clone())),
        port,
        options
            .nick
            .clone()
            .or_else(|| last.map(|last| last.nick.clone())),
    )
}
