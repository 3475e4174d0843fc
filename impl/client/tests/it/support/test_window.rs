//! A window that a test uses through its accessibility tree.

use super::server::{FakeServer, LIMIT, Peer};
use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{Event, Key, Modifiers, ViewportCommand, ViewportEvent, ViewportId};
use egui_kittest::Harness;
use egui_kittest::kittest::{AccessKitNode, NodeT, Queryable};
use salotto_client::i18n::Language;
use salotto_client::window::{App, Options};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A window and the folder of its settings.
pub(crate) struct TestWindow {
    pub(crate) harness: Harness<'static, App>,
    folder: TempDir,
    title: String,
}

impl TestWindow {
    /// A window in English, opened for the first time.
    pub(crate) fn new() -> Self {
        Self::with(Options {
            language: Some(Language::English),
            ..Options::default()
        })
    }

    /// A window of a user who has joined the room of a server on this machine.
    pub(crate) fn joined(port: u16, nick: &str) -> Self {
        let mut window = Self::new();
        window.connect_to(port, nick);
        window.wait_for("you are in the room as");
        window
    }

    /// A window of `anna`, who has joined the room of `fake`, and the server's side of the connection.
    pub(crate) fn joined_fake(fake: &FakeServer) -> (Self, Peer) {
        let mut window = Self::new();
        window.connect_to(fake.port, "anna");
        window.wait_for("Asking for the nickname");
        let client = fake.welcomes("anna");
        window.wait_for("you are in the room as anna");
        (window, client)
    }

    /// Fills in the form and presses Enter.
    pub(crate) fn connect_to(&mut self, port: u16, nick: &str) {
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
        let harness = Harness::builder()
            .with_size([960.0, 640.0])
            .build_eframe(|creation| {
                let options = Options { config, ..options };
                App::new(&creation.egui_ctx, options).expect("a thread")
            });
        Self {
            harness,
            folder,
            title: String::new(),
        }
    }

    /// Draws frames until a condition is true.
    pub(crate) fn wait_until(&mut self, what: &str, mut condition: impl FnMut(&mut Self) -> bool) {
        let deadline = Instant::now() + LIMIT;
        loop {
            self.step();
            if condition(self) {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "not in time: {what}\n{}",
                self.all_names()
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn step(&mut self) {
        self.harness.step();
        for command in self.commands() {
            if let ViewportCommand::Title(title) = command {
                self.title = title;
            }
        }
    }

    /// The title of the window.
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// Ends this run of the program and keeps the settings.
    pub(crate) fn into_folder(self) -> TempDir {
        self.folder
    }

    /// Draws frames until the name of a node contains this text.
    pub(crate) fn wait_for(&mut self, name: &str) {
        self.wait_until(name, |window| window.has(name));
    }

    /// Draws frames until no name of a node contains this text.
    pub(crate) fn wait_until_gone(&mut self, name: &str) {
        self.wait_until(&format!("without {name}"), |window| !window.has(name));
    }

    /// Asserts that the node with this name has the focus.
    #[track_caller]
    pub(crate) fn assert_focused(&self, name: &str) {
        let node = self.harness.get_by_label(name);
        assert!(node.is_focused(), "{name} does not have the focus");
    }

    /// Asserts that screen readers announce this text.
    #[track_caller]
    pub(crate) fn assert_announced(&self, text: &str) {
        let label = self.harness.get_by_label(text);
        assert_eq!(label.accesskit_node().live(), Live::Polite, "{text}");
    }

    /// Whether the name of a node contains this text.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names().any(|known| known.contains(name))
    }

    /// All names, to show why a test fails.
    fn all_names(&self) -> String {
        self.names().collect::<Vec<_>>().join("\n")
    }

    fn names(&self) -> impl Iterator<Item = String> {
        let all = self.harness.root().children_recursive();
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

    /// The visible messages and notices, from top to bottom.
    pub(crate) fn rows(&self) -> Vec<String> {
        let items = self.harness.query_all_by_role(Role::ListItem);
        items
            .filter_map(|row| row.accesskit_node().label())
            .collect()
    }

    /// Clicks on the node with this name.
    pub(crate) fn click(&mut self, name: &str) {
        self.harness.get_by_label(name).click();
        self.harness.step();
        self.harness.step();
    }

    /// Replaces the text of a field.
    pub(crate) fn fill(&mut self, field: &str, text: &str) {
        let named = |node: &AccessKitNode<'_>| {
            let is_field = matches!(node.role(), Role::TextInput | Role::MultilineTextInput);
            is_field
                && (node.label().as_deref() == Some(field) || node.placeholder() == Some(field))
        };
        self.harness.get_by(named).focus();
        self.harness.step();
        self.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.harness.step();
        self.press(Key::Backspace);
        self.type_text(text);
    }

    /// Types into the focused node.
    pub(crate) fn type_text(&mut self, text: &str) {
        self.harness.event(Event::Text(text.into()));
        self.harness.step();
    }

    pub(crate) fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.harness.step();
        self.harness.step();
    }

    /// Types a message and presses Enter.
    pub(crate) fn send_message(&mut self, text: &str) {
        self.type_text(text);
        self.press(Key::Enter);
    }

    /// The text in the composer.
    pub(crate) fn draft(&self) -> String {
        self.harness.state().session().draft().text().to_owned()
    }

    /// Requests the window to close, as the close button does.
    pub(crate) fn request_close(&mut self) {
        let root = self
            .harness
            .input_mut()
            .viewports
            .get_mut(&ViewportId::ROOT);
        root.expect("a window").events.push(ViewportEvent::Close);
        self.harness.step();
    }

    /// The commands of the last frame to the window.
    pub(crate) fn commands(&self) -> Vec<ViewportCommand> {
        let output = &self.harness.output().viewport_output;
        output[&ViewportId::ROOT].commands.clone()
    }
}
