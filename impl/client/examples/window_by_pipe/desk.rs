//! A window, and somebody in front of it.

use eframe::egui::accesskit::{NodeId, Role};
use eframe::egui::{Event, Key, Modifiers, ViewportCommand, ViewportEvent, ViewportId};
use egui_kittest::kittest::{AccessKitNode, NodeT, Queryable};
use egui_kittest::{Harness, Node};
use salotto_client::window::{App, Options};
use std::collections::HashSet;
use std::io::{self, Write};
use std::time::Duration;

/// What the field for messages is called, and the two answers to a question.
const FIELD: &str = "Message";
const YES: &str = "Send";
const NO: &str = "Back to the text";

/// The window, and how far it has been read. Like anybody at a window, who sits here
///
/// - waits for the field when there is none yet: what is typed before that goes nowhere;
/// - answers a question with `yes` or `no`; whoever says something else instead means no;
/// - pages up when more has come than is in view;
/// - closes the window, and reads on until it is gone.
pub(crate) struct Desk {
    window: Harness<'static, App>,
    /// The last row that was read.
    read: Option<NodeId>,
    /// What stands around the rows: banners, errors, questions.
    around: HashSet<String>,
    is_closing: bool,
}

/// A message or a notice, where it is in view.
#[derive(Clone, PartialEq)]
struct Row {
    id: NodeId,
    text: String,
    top: f32,
}

impl Desk {
    /// Opens the window, which calls `wake` when it wants to be drawn.
    #[expect(
        clippy::expect_used,
        reason = "the harness takes no error, and nothing goes without a thread"
    )]
    pub(crate) fn open(options: Options, wake: impl Fn() + Send + Sync + 'static) -> Self {
        let window = Harness::builder()
            // A tall screen: turning pages takes frames.
            .with_size([960.0, 2000.0])
            .allow_missing_glyphs()
            .build_eframe(move |creation| {
                let ctx = &creation.egui_ctx;
                ctx.set_request_repaint_callback(move |request| {
                    // What is to be drawn later is in `patience`.
                    if request.delay.is_zero() {
                        wake();
                    }
                });
                App::new(ctx, options).expect("a thread for the network")
            });
        Self {
            window,
            read: None,
            around: HashSet::new(),
            is_closing: false,
        }
    }

    /// How long nothing changes unless something happens.
    pub(crate) fn patience(&self) -> Duration {
        let output = &self.window.output().viewport_output[&ViewportId::ROOT];
        output.repaint_delay.min(Duration::from_secs(1))
    }

    /// Whether there is a field or a question, and so somewhere to type.
    pub(crate) fn takes_lines(&self) -> bool {
        self.field().is_some() || self.asks()
    }

    fn field(&self) -> Option<Node<'_>> {
        self.window.query_by_label(FIELD)
    }

    fn asks(&self) -> bool {
        self.window.query_by_label(NO).is_some()
    }

    /// Says a line, or answers with it. There must be a place for it.
    pub(crate) fn say(&mut self, line: &str) -> io::Result<()> {
        if self.asks() {
            let answer = if line == "yes" { YES } else { NO };
            self.window.get_by_label(answer).click();
            self.look()?;
            self.look()?;
            if matches!(line, "yes" | "no") {
                return Ok(());
            }
        }
        if let Some(field) = self.field() {
            field.focus();
        }
        self.window.step();
        // What was refused, or not to be sent after all, is still there.
        self.window.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.press(Key::Backspace);
        self.put(line);
        self.press(Key::Enter);
        self.look()
    }

    /// Types a line, and Return, where there is no place for it: it must lead to nothing (CLIENT-1).
    pub(crate) fn type_in_vain(&mut self, line: &str) {
        self.put(line);
        // A field may have come meanwhile: what stands there now is not to be sent, since it will be typed again.
        if !self.takes_lines() {
            self.press(Key::Enter);
        }
    }

    /// Types at whatever has the keyboard.
    fn put(&mut self, line: &str) {
        // No key makes a control character: it can only be pasted.
        self.window.event(match line.contains(char::is_control) {
            true => Event::Paste(line.into()),
            false => Event::Text(line.into()),
        });
        self.window.step();
    }

    fn press(&mut self, key: Key) {
        self.window.key_press(key);
        self.window.step();
    }

    /// Asks the window to close, as the button of its frame does.
    pub(crate) fn close(&mut self) {
        self.is_closing = true;
        let viewports = &mut self.window.input_mut().viewports;
        let root = viewports.entry(ViewportId::ROOT).or_default();
        root.events.push(ViewportEvent::Close);
    }

    /// Whether the window has been asked to close.
    pub(crate) fn is_closing(&self) -> bool {
        self.is_closing
    }

    /// Whether the window went away with the last frame.
    pub(crate) fn is_closed(&self) -> bool {
        let output = &self.window.output().viewport_output[&ViewportId::ROOT];
        output.commands.contains(&ViewportCommand::Close)
    }

    /// Draws a frame, and reads aloud what is new in it.
    pub(crate) fn look(&mut self) -> io::Result<()> {
        self.window.step();
        let mut out = io::stdout().lock();
        self.read_rows(&mut out)?;
        let around = self.texts_around();
        for news in around.difference(&self.around) {
            writeln!(out, "[{news}]")?;
        }
        self.around = around;
        out.flush()
    }

    fn read_rows(&mut self, out: &mut impl Write) -> io::Result<()> {
        let mut rows = self.rows();
        let end = rows.last().map(|row| row.id);
        if end == self.read {
            return Ok(());
        }
        let place = |rows: &[Row], read| rows.iter().position(|row| Some(row.id) == read);
        let mut has_turned = false;
        loop {
            // More than a page may have come, also since the last page was turned: the end stays in view.
            while place(&rows, self.read).is_none() {
                has_turned = true;
                let before = rows;
                rows = self.turn_page(Key::PageUp);
                if rows == before {
                    break;
                }
            }
            let new = place(&rows, self.read).map_or(0, |at| at + 1);
            for row in &rows[new..] {
                writeln!(out, "{}", row.text)?;
                self.read = Some(row.id);
            }
            if !has_turned {
                return Ok(());
            }
            let before = rows;
            rows = self.turn_page(Key::PageDown);
            if rows == before {
                return Ok(());
            }
        }
    }

    fn turn_page(&mut self, key: Key) -> Vec<Row> {
        self.press(key);
        // The rows that have come into view are measured, and may move what is there.
        self.window.step();
        self.rows()
    }

    /// The rows in view, from top to bottom.
    fn rows(&self) -> Vec<Row> {
        let items = self.window.query_all_by_role(Role::ListItem);
        items
            .map(|row| Row {
                id: row.accesskit_node().locate().0,
                text: row.accesskit_node().label().unwrap_or_default(),
                top: row.rect().top(),
            })
            .collect()
    }

    /// The texts that are in no list, and not the title of one.
    fn texts_around(&self) -> HashSet<String> {
        let root = self.window.root();
        let lists = self.window.query_all_by_role(Role::List);
        let titles: HashSet<_> = lists
            .filter_map(|list| list.accesskit_node().label())
            .collect();
        let texts = root.children_recursive().filter_map(|node| {
            let node = node.accesskit_node();
            let free = node.role() == Role::Label && !is_in_a_list(&node);
            free.then(|| node.value()).flatten()
        });
        texts.filter(|text| !titles.contains(text)).collect()
    }
}

fn is_in_a_list(node: &AccessKitNode<'_>) -> bool {
    let parents = std::iter::successors(node.parent(), |node| node.parent());
    parents.into_iter().any(|node| node.role() == Role::List)
}
