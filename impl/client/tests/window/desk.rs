//! A window that a test sits at.

use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{Event, Key, Modifiers, ViewportCommand, ViewportEvent, ViewportId};
use egui_kittest::Harness;
use egui_kittest::kittest::{AccessKitNode, NodeT, Queryable};
use salotto_client::window::{App, Options};
use salotto_client::words::Language;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long anything may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// A window, somebody in front of it, and a folder for its settings.
pub(crate) struct Desk {
    pub(crate) window: Harness<'static, App>,
    folder: TempDir,
    title: String,
}

impl Desk {
    /// A window as it is when it is opened for the first time, in English.
    pub(crate) fn new() -> Self {
        Self::with(Options {
            language: Some(Language::English),
            ..Options::default()
        })
    }

    /// A window in the room of a server of this machine.
    pub(crate) fn at(port: u16, nick: &str) -> Self {
        let mut desk = Self::new();
        desk.goes_to(port, nick);
        desk.shows("you are in as");
        desk
    }

    /// Fills in the form, and presses Return.
    pub(crate) fn goes_to(&mut self, port: u16, nick: &str) {
        self.fill("Server", "127.0.0.1");
        self.fill("Port", &port.to_string());
        self.fill("Nickname", nick);
        self.press(Key::Enter);
    }

    pub(crate) fn with(options: Options) -> Self {
        Self::in_folder(tempfile::tempdir().expect("a folder"), options)
    }

    /// A window whose settings are in `folder`.
    pub(crate) fn in_folder(folder: TempDir, options: Options) -> Self {
        let config = Some(folder.path().to_owned());
        let window = Harness::builder()
            .with_size([960.0, 640.0])
            .build_eframe(|creation| {
                let options = Options { config, ..options };
                App::new(&creation.egui_ctx, options).expect("a thread")
            });
        Self {
            window,
            folder,
            title: String::new(),
        }
    }

    /// Draws frames until something is true.
    pub(crate) fn until(&mut self, what: &str, mut is_so: impl FnMut(&mut Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.step();
            if is_so(self) {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "not in time: {what}\n{}",
                self.all()
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn step(&mut self) {
        self.window.step();
        for command in self.commands() {
            if let ViewportCommand::Title(title) = command {
                self.title = title;
            }
        }
    }

    /// What the title of the window says.
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// Ends this run of the program, and leaves its settings.
    pub(crate) fn close(self) -> TempDir {
        self.folder
    }

    /// Draws frames until there is something with this name in the window, in whole or in part.
    pub(crate) fn shows(&mut self, name: &str) {
        self.until(name, |desk| desk.has(name));
    }

    /// Draws frames until nothing has this name.
    pub(crate) fn loses(&mut self, name: &str) {
        self.until(&format!("without {name}"), |desk| !desk.has(name));
    }

    /// Asserts that the keyboard is with what has this name.
    #[track_caller]
    pub(crate) fn has_the_keyboard(&self, name: &str) {
        let node = self.window.get_by_label(name);
        assert!(node.is_focused(), "somewhere else than {name}");
    }

    /// Asserts that a screen reader says this text as soon as it is there.
    #[track_caller]
    pub(crate) fn reads_aloud(&self, text: &str) {
        let label = self.window.get_by_label(text);
        assert_eq!(label.accesskit_node().live(), Live::Polite, "{text}");
    }

    /// Whether there is something with this name, in whole or in part.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names().any(|known| known.contains(name))
    }

    /// Everything that has a name, for somebody who wonders why a test fails.
    fn all(&self) -> String {
        self.names().collect::<Vec<_>>().join("\n")
    }

    fn names(&self) -> impl Iterator<Item = String> {
        let all = self.window.root().children_recursive();
        all.flat_map(|node| {
            let node = node.accesskit_node();
            [
                node.label(),
                node.value(),
                node.placeholder().map(Into::into),
            ]
        })
        .flatten()
    }

    /// The messages and notices that can be seen, from top to bottom.
    pub(crate) fn rows(&self) -> Vec<String> {
        let items = self.window.query_all_by_role(Role::ListItem);
        items
            .filter_map(|row| row.accesskit_node().label())
            .collect()
    }

    /// Clicks on what has this name.
    pub(crate) fn click(&mut self, name: &str) {
        self.window.get_by_label(name).click();
        self.window.step();
        self.window.step();
    }

    /// Puts the keyboard into a field, takes away what is there, and types.
    pub(crate) fn fill(&mut self, field: &str, text: &str) {
        let named = |node: &AccessKitNode<'_>| {
            let is_field = matches!(node.role(), Role::TextInput | Role::MultilineTextInput);
            is_field
                && (node.label().as_deref() == Some(field) || node.placeholder() == Some(field))
        };
        self.window.get_by(named).focus();
        self.window.step();
        self.window.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.window.step();
        self.press(Key::Backspace);
        self.types(text);
    }

    /// Types at what has the keyboard.
    pub(crate) fn types(&mut self, text: &str) {
        self.window.event(Event::Text(text.into()));
        self.window.step();
    }

    /// Presses a key.
    pub(crate) fn press(&mut self, key: Key) {
        self.window.key_press(key);
        self.window.step();
        self.window.step();
    }

    /// Types a message, and presses Return.
    pub(crate) fn says(&mut self, text: &str) {
        self.types(text);
        self.press(Key::Enter);
    }

    /// What is about to be said.
    pub(crate) fn draft(&self) -> String {
        self.window.state().session().draft().text().to_owned()
    }

    /// Asks the window to close, as its frame's button does.
    pub(crate) fn ask_to_close(&mut self) {
        let root = self.window.input_mut().viewports.get_mut(&ViewportId::ROOT);
        root.expect("a window").events.push(ViewportEvent::Close);
        self.window.step();
    }

    /// What the last frame wants of the window.
    pub(crate) fn commands(&self) -> Vec<ViewportCommand> {
        let output = &self.window.output().viewport_output;
        output[&ViewportId::ROOT].commands.clone()
    }
}
