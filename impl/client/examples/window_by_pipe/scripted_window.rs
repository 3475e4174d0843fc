//! A window that is used by a script.

use eframe::egui::accesskit::{NodeId, Role};
use eframe::egui::{Event, Key, Modifiers, ViewportCommand, ViewportEvent, ViewportId};
use egui_kittest::kittest::{AccessKitNode, NodeT, Queryable};
use egui_kittest::{Harness, Node};
use salotto_client::window::{App, Options};
use std::collections::HashSet;
use std::io::{self, Write};
use std::time::Duration;

/// The accessible name of the composer.
const COMPOSER: &str = "Message";
/// The accessible names of the answers to a question.
const YES: &str = "Send";
const NO: &str = "Back to the text";

/// The window, and what has been printed of it. The script acts like a person:
///
/// - It waits for the composer, because text typed before it exists is lost.
/// - It answers a question with the line `yes` or `no`; any other line means no.
/// - It scrolls up if more rows have come than fit into the view.
/// - It closes the window and prints what is shown until the window is gone.
pub(crate) struct ScriptedWindow {
    window: Harness<'static, App>,
    /// The last row that was printed.
    last_row: Option<NodeId>,
    /// The texts outside the rows in the last frame: banners, errors, questions.
    other_texts: HashSet<String>,
    is_closing: bool,
}

/// A visible message or notice.
#[derive(Clone, PartialEq)]
struct Row {
    id: NodeId,
    text: String,
    top: f32,
}

impl ScriptedWindow {
    /// Opens the window, which calls `wake` when it needs to be drawn at once.
    #[expect(clippy::expect_used, reason = "the harness does not accept an error")]
    pub(crate) fn open(options: Options, wake: impl Fn() + Send + Sync + 'static) -> Self {
        let window = Harness::builder()
            // Tall, because scrolling takes frames.
            .with_size([960.0, 2000.0])
            .allow_missing_glyphs()
            .build_eframe(move |creation| {
                let ctx = &creation.egui_ctx;
                ctx.set_request_repaint_callback(move |request| {
                    // See `time_to_next_frame` for frames that are due later.
                    if request.delay.is_zero() {
                        wake();
                    }
                });
                App::new(ctx, options).expect("a thread for the network")
            });
        Self {
            window,
            last_row: None,
            other_texts: HashSet::new(),
            is_closing: false,
        }
    }

    /// How long the next frame can wait unless something happens.
    pub(crate) fn time_to_next_frame(&self) -> Duration {
        let output = &self.window.output().viewport_output[&ViewportId::ROOT];
        output.repaint_delay.min(Duration::from_secs(1))
    }

    /// Whether the composer or a question accepts a line.
    pub(crate) fn accepts_lines(&self) -> bool {
        self.composer().is_some() || self.asks()
    }

    fn composer(&self) -> Option<Node<'_>> {
        self.window.query_by_label(COMPOSER)
    }

    fn asks(&self) -> bool {
        self.window.query_by_label(NO).is_some()
    }

    /// Sends a line, or answers a question with it. Call it only while [`accepts_lines`](Self::accepts_lines).
    pub(crate) fn enter(&mut self, line: &str) -> io::Result<()> {
        if self.asks() {
            let answer = if line == "yes" { YES } else { NO };
            self.window.get_by_label(answer).click();
            self.draw()?;
            self.draw()?;
            if matches!(line, "yes" | "no") {
                return Ok(());
            }
        }
        if let Some(composer) = self.composer() {
            composer.focus();
        }
        self.window.step();
        // Remove a rejected or unconfirmed text.
        self.window.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.press(Key::Backspace);
        self.type_text(line);
        self.press(Key::Enter);
        self.draw()
    }

    /// Types a line and Enter although nothing accepts it. This must have no effect (CLIENT-1).
    pub(crate) fn type_without_effect(&mut self, line: &str) {
        self.type_text(line);
        // If the composer has appeared meanwhile, the text must not be sent, because it will be typed again.
        if !self.accepts_lines() {
            self.press(Key::Enter);
        }
    }

    /// Types into the focused node.
    fn type_text(&mut self, line: &str) {
        // Control characters cannot be typed, only pasted.
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

    /// Requests the window to close, as the close button does.
    pub(crate) fn close(&mut self) {
        self.is_closing = true;
        let viewports = &mut self.window.input_mut().viewports;
        let root = viewports.entry(ViewportId::ROOT).or_default();
        root.events.push(ViewportEvent::Close);
    }

    /// Whether the window has been requested to close.
    pub(crate) fn is_closing(&self) -> bool {
        self.is_closing
    }

    /// Whether the last frame closed the window.
    pub(crate) fn is_closed(&self) -> bool {
        let output = &self.window.output().viewport_output[&ViewportId::ROOT];
        output.commands.contains(&ViewportCommand::Close)
    }

    /// Draws a frame and prints what is new in it.
    pub(crate) fn draw(&mut self) -> io::Result<()> {
        self.window.step();
        let mut out = io::stdout().lock();
        self.print_rows(&mut out)?;
        let other_texts = self.other_texts();
        for text in other_texts.difference(&self.other_texts) {
            writeln!(out, "[{text}]")?;
        }
        self.other_texts = other_texts;
        out.flush()
    }

    fn print_rows(&mut self, out: &mut impl Write) -> io::Result<()> {
        let mut rows = self.rows();
        let end = rows.last().map(|row| row.id);
        if end == self.last_row {
            return Ok(());
        }
        let position = |rows: &[Row], id| rows.iter().position(|row| Some(row.id) == id);
        let mut has_scrolled = false;
        loop {
            // More than a page may have come, even since the last scrolling.
            while position(&rows, self.last_row).is_none() {
                has_scrolled = true;
                let before = rows;
                rows = self.scroll_page(Key::PageUp);
                if rows == before {
                    break;
                }
            }
            let new = position(&rows, self.last_row).map_or(0, |at| at + 1);
            for row in &rows[new..] {
                writeln!(out, "{}", row.text)?;
                self.last_row = Some(row.id);
            }
            if !has_scrolled {
                return Ok(());
            }
            let before = rows;
            rows = self.scroll_page(Key::PageDown);
            if rows == before {
                return Ok(());
            }
        }
    }

    fn scroll_page(&mut self, key: Key) -> Vec<Row> {
        self.press(key);
        // Rows that have come into view are measured, which may move the others.
        self.window.step();
        self.rows()
    }

    /// The visible rows, from top to bottom.
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

    /// The visible texts that are neither in a list nor the title of one.
    fn other_texts(&self) -> HashSet<String> {
        let root = self.window.root();
        let lists = self.window.query_all_by_role(Role::List);
        let titles: HashSet<_> = lists
            .filter_map(|list| list.accesskit_node().label())
            .collect();
        let texts = root.children_recursive().filter_map(|node| {
            let node = node.accesskit_node();
            let is_outside = node.role() == Role::Label && !is_in_a_list(&node);
            is_outside.then(|| node.value()).flatten()
        });
        texts.filter(|text| !titles.contains(text)).collect()
    }
}

fn is_in_a_list(node: &AccessKitNode<'_>) -> bool {
    let parents = std::iter::successors(node.parent(), |node| node.parent());
    parents.into_iter().any(|node| node.role() == Role::List)
}
