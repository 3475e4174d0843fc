//! The application: chooses the page, keeps the settings, and closes the window.

use super::action::UiAction;
use super::colours::Colours;
use super::driver::Driver;
use super::fonts;
use super::form::Form;
use super::menu;
use super::options::Options;
use super::room::Room;
use super::settings::{Server, Settings, Store};
use super::theme;
use super::title::title;
use super::view_context::ViewContext;
use crate::connection::Network;
use crate::i18n::{Language, tr};
use crate::session::{self, Now, Session, State};
use crate::signals::Signals;
use eframe::egui::{
    Align, CentralPanel, Context, Frame, Layout, Margin, Panel, RichText, Ui, UserAttentionType,
    ViewportCommand,
};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::time::{Duration, Instant};

/// How long the window waits for the server after `<quit>` before it closes.
const QUIT_TIMEOUT: Duration = Duration::from_secs(2);

/// The application. Each frame calls [`update`](Self::update), which handles events, and then [`show`](Self::show), which
/// draws and handles user input.
#[derive(Debug)]
pub struct App {
    driver: Driver,
    form: Form,
    /// The room page, once the user has joined. Before that, the form is shown.
    room: Option<Room>,
    settings: Settings,
    /// The settings as they were saved last.
    saved: Settings,
    store: Option<Store>,
    /// Why the settings could not be loaded or saved.
    settings_error: Option<String>,
    /// The language on the command line, until the user chooses another one.
    language: Option<Language>,
    signals: Signals,
    /// When the window closes at the latest, once it has been asked to.
    close_at: Option<Instant>,
    title: String,
    now: Now,
}

impl App {
    /// Creates the application. Network events make `ctx` draw a frame.
    ///
    /// # Errors
    /// If the network thread cannot be created.
    pub fn new(ctx: &Context, options: Options) -> io::Result<Self> {
        let waker = ctx.clone();
        let network = Network::start(move || waker.request_repaint())?;
        let session_options = session::Options {
            reconnect: true,
            quit_timeout: QUIT_TIMEOUT,
        };
        let session = Session::new(session_options, RandomState::new().hash_one(0));
        let store = match &options.config {
            Some(folder) => Some(Store::in_folder(folder)),
            None => Store::of_system(),
        };
        let loaded = store.as_ref().map(Store::load).transpose();
        let (settings, settings_error) = match loaded {
            Ok(settings) => (settings.unwrap_or_default(), None),
            Err(error) => (Settings::default(), Some(error.to_string())),
        };
        theme::apply(ctx);
        fonts::apply(ctx);
        ctx.set_theme(settings.theme);
        ctx.set_zoom_factor(settings.zoom.clamp(0.5, 4.0));
        let mut app = Self {
            driver: Driver::new(session, network),
            form: initial_form(&options, &settings),
            room: None,
            saved: settings.clone(),
            settings,
            store,
            settings_error,
            language: options.language,
            signals: Signals::default(),
            close_at: None,
            title: String::new(),
            now: Now::read(),
        };
        if options.host.is_some() && options.nick.is_some() {
            let (form, mut cx) = app.form_and_context();
            form.submit(&mut cx);
        }
        Ok(app)
    }

    /// Makes SIGTERM and Ctrl-C close the window as its close button does.
    pub(super) fn close_on_signals(&self, ctx: &Context) {
        let ctx = ctx.clone();
        self.signals.listen(move || ctx.request_repaint());
    }

    /// The session that the window shows.
    pub const fn session(&self) -> &Session {
        self.driver.session()
    }

    /// Handles what has happened since the last frame.
    pub fn update(&mut self, ctx: &Context) {
        self.now = Now::read();
        // A user who has not joined yet will see the first messages.
        let newest_visible = self.room.as_ref().is_none_or(Room::shows_newest);
        let attentive = newest_visible && ctx.input(|input| input.focused);
        self.driver.session_mut().set_attentive(attentive);
        let mentions = self.session().unread().mentions;
        if self.driver.handle_events(self.now) {
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
        self.close_when_requested(ctx);
        if let Some(until) = self.session().poll_timeout() {
            ctx.request_repaint_after(until.saturating_duration_since(self.now.instant));
        }
        let title = title(self.session());
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// Draws the window and handles user input.
    pub fn show(&mut self, ui: &mut Ui) {
        match self.room.take() {
            Some(mut room) => {
                let (_, mut cx) = self.form_and_context();
                if room.show(ui, &mut cx) == Some(UiAction::ChangeServer) {
                    self.form = initial_form(&Options::default(), &self.settings);
                } else {
                    self.room = Some(room);
                }
            }
            None => self.show_form(ui),
        }
        self.driver.perform_actions();
        self.save_settings(ui.ctx());
    }

    fn show_form(&mut self, ui: &mut Ui) {
        let frame = Frame::new()
            .fill(Colours::of(ui).background)
            .inner_margin(Margin::symmetric(16, 10));
        Panel::top("bar")
            .frame(frame)
            .show_separator_line(false)
            .show(ui, |ui| {
                let (_, mut cx) = self.form_and_context();
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let name = tr!(cx.language, "Settings", "Impostazioni");
                    menu::persistent(name).ui(ui, |ui| menu::show_settings(ui, &mut cx));
                });
            });
        CentralPanel::default().frame(frame).show(ui, |ui| {
            if let Some(error) = &self.settings_error {
                let text = RichText::new(error).small();
                ui.label(text.color(Colours::of(ui).warning));
            }
            let (form, mut cx) = self.form_and_context();
            form.show(ui, &mut cx);
        });
    }

    /// The form, and the context for every part of the window.
    fn form_and_context(&mut self) -> (&mut Form, ViewContext<'_>) {
        let cx = ViewContext {
            language: self.language.unwrap_or_else(|| self.settings.language()),
            session: self.driver.session_mut(),
            settings: &mut self.settings,
            now: self.now,
        };
        (&mut self.form, cx)
    }

    fn remember_server(&mut self) {
        if let Some(target) = self.driver.session().target() {
            self.settings.remember(Server {
                host: target.host.clone(),
                port: target.port,
                nick: target.nick.clone(),
            });
        }
    }

    /// Applies and saves the settings if they have changed.
    fn save_settings(&mut self, ctx: &Context) {
        self.settings.zoom = ctx.zoom_factor();
        if self.settings == self.saved {
            return;
        }
        if self.settings.language != self.saved.language {
            // A choice in the menu overrides the command line.
            self.language = None;
        }
        ctx.set_theme(self.settings.theme);
        self.saved = self.settings.clone();
        let saved = self.store.as_ref().map(|store| store.save(&self.saved));
        self.settings_error = match saved {
            Some(Err(error)) => Some(error.to_string()),
            Some(Ok(())) | None => None,
        };
        // Draw with the new settings.
        ctx.request_repaint();
    }

    /// Leaves the room before the window closes, and waits a moment for the server. A second request to close does not wait.
    fn close_when_requested(&mut self, ctx: &Context) {
        let requested = ctx.input(|input| input.viewport().close_requested());
        let repeated = requested && self.close_at.is_some();
        if (requested || self.signals.received()) && self.close_at.is_none() {
            self.driver.session_mut().leave(self.now);
            self.driver.perform_actions();
            self.close_at = Some(self.now.instant + QUIT_TIMEOUT);
        }
        let Some(until) = self.close_at else { return };
        let over = matches!(self.session().state(), State::Idle | State::Over(_));
        if over || repeated || self.now.instant >= until {
            ctx.send_viewport_cmd(ViewportCommand::Close);
        } else {
            if requested {
                ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            }
            ctx.request_repaint_after(until - self.now.instant);
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.update(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.show(ui);
    }
}

/// A form filled in from the command line, or else with the most recent server.
fn initial_form(options: &Options, settings: &Settings) -> Form {
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
