//! A terminal: a line editor on a thread of its own, and lines above it.

use super::bell::Bell;
use super::screen::Screen;
use super::typed::{Desk, Typed};
use crate::session::{Members, Session, State, completion};
use crate::text::harmless;
use crate::words::{Language, say};
use reedline::{
    ColumnarMenu, Completer, CompletionResult, Emacs, ExternalPrinter, KeyCode, KeyModifiers,
    MenuBuilder, Prompt, PromptEditMode, PromptHistorySearch, Reedline, ReedlineEvent,
    ReedlineMenu, Signal, Span, Suggestion, default_emacs_keybindings,
};
use std::borrow::Cow;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often the line editor looks for something to show.
const LOOK: Duration = Duration::from_millis(50);

const MENU: &str = "nicknames";

/// The terminal, as the console sees it.
pub(super) struct Terminal {
    lines: SyncSender<String>,
    /// What is to be shown at the next flush.
    batch: String,
    shared: Shared,
    end: Arc<AtomicBool>,
    editor: Option<JoinHandle<()>>,
    /// Of the members that the line editor knows.
    revision: Option<u64>,
}

/// What the line editor needs to know of the session.
#[derive(Debug, Clone, Default)]
struct Shared(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    prompt: String,
    members: Members,
}

impl Shared {
    fn with<T>(&self, look: impl FnOnce(&mut Known) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Opens the terminal: what is typed there, and where to show things.
pub(super) fn open(bell: Bell, language: Language) -> (Receiver<Typed>, io::Result<Screen>) {
    let (desk, typed) = Desk::new(bell);
    // Nothing waits in between: what has been handed over is shown, also when the editor is told to end right after.
    let printer = ExternalPrinter::new(0);
    let lines = printer.sender();
    let shared = Shared::default();
    let end = Arc::new(AtomicBool::new(false));
    let mut editor = editor(shared.clone(), printer, end.clone());
    let prompt = Caret(shared.clone());
    let editor = std::thread::Builder::new()
        .name("editor".into())
        .spawn(move || {
            loop {
                let typed = match editor.read_line(&prompt) {
                    Ok(Signal::Success(line)) => Typed::Line(line),
                    Ok(Signal::CtrlC) => Typed::Interrupt,
                    Ok(Signal::ExternalBreak(_)) => return,
                    Ok(_) | Err(_) => Typed::End,
                };
                let last = typed == Typed::End;
                if !desk.put(typed) || last {
                    return;
                }
            }
        });
    let screen = editor.map(|editor| {
        let say_hello = say!(
            language,
            "Ctrl-D leaves, /help helps",
            "Ctrl-D esce, /help aiuta"
        );
        let mut screen = Screen::Terminal(Terminal {
            lines,
            batch: String::new(),
            shared,
            end,
            editor: Some(editor),
            revision: None,
        });
        screen.notice(&say_hello);
        screen
    });
    (typed, screen)
}

fn editor(shared: Shared, printer: ExternalPrinter<String>, end: Arc<AtomicBool>) -> Reedline {
    let mut keys = default_emacs_keybindings();
    let complete = vec![ReedlineEvent::Menu(MENU.into()), ReedlineEvent::MenuNext];
    keys.add_binding(
        KeyModifiers::NONE,
        KeyCode::Tab,
        ReedlineEvent::UntilFound(complete),
    );
    Reedline::create()
        .with_external_printer(printer)
        .with_break_signal(end)
        .with_poll_interval(LOOK)
        .with_edit_mode(Box::new(Emacs::new(keys)))
        .with_completer(Box::new(Nicknames(shared)))
        .with_menu(ReedlineMenu::EngineCompleter(Box::new(
            ColumnarMenu::default().with_name(MENU),
        )))
        .with_quick_completions(true)
        .with_partial_completions(true)
        .use_bracketed_paste(true)
}

impl Terminal {
    pub(super) fn line(&mut self, line: &str) {
        // With a margin that no new line has (CLIENT-10).
        let options = textwrap::Options::with_termwidth().subsequent_indent("    ");
        let line = line.replace('\t', "    ");
        for row in textwrap::wrap(&line, options) {
            if !self.batch.is_empty() {
                self.batch.push('\n');
            }
            self.batch.push_str(&row);
        }
    }

    pub(super) fn flush(&mut self) {
        if !self.batch.is_empty() {
            // Without an editor there is nowhere to show it but at the end.
            if let Err(unshown) = self.lines.send(std::mem::take(&mut self.batch)) {
                self.batch = unshown.0;
            }
        }
    }

    /// Brings the prompt and the nicknames up to date.
    pub(super) fn now(&mut self, session: &Session, language: Language) {
        let prompt = match session.state() {
            State::Refused(_) => say!(language, "nickname: ", "nome: "),
            _ => session
                .nick()
                .map_or("> ".into(), |nick| format!("{}: ", harmless(nick))),
        };
        let members = session.members();
        let known = self.revision.replace(members.revision()) == Some(members.revision());
        self.shared.with(|shared| {
            shared.prompt = prompt;
            if !known {
                shared.members = members.clone();
            }
        });
    }

    /// Ends the line editor, which gives the terminal back, and shows what it has not shown.
    pub(super) fn close(&mut self) {
        self.end.store(true, Ordering::Relaxed);
        if let Some(editor) = self.editor.take() {
            let _ = editor.join();
        }
        println!();
        if !self.batch.is_empty() {
            println!("{}", self.batch);
        }
    }
}

/// What stands before the line that is being typed: the user's own nickname, so that the line looks like a message.
struct Caret(Shared);

impl Prompt for Caret {
    fn render_prompt_left(&self) -> Cow<'_, str> {
        Cow::Owned(self.0.with(|known| known.prompt.clone()))
    }

    fn render_prompt_right(&self) -> Cow<'_, str> {
        Cow::Borrowed("")
    }

    fn render_prompt_indicator(&self, _mode: PromptEditMode) -> Cow<'_, str> {
        Cow::Borrowed("")
    }

    fn render_prompt_multiline_indicator(&self) -> Cow<'_, str> {
        Cow::Borrowed("    ")
    }

    fn render_prompt_history_search_indicator(&self, search: PromptHistorySearch) -> Cow<'_, str> {
        Cow::Owned(format!("? {}", search.term))
    }
}

/// Completes nicknames.
struct Nicknames(Shared);

impl Completer for Nicknames {
    fn complete(&mut self, line: &str, cursor: usize) -> CompletionResult {
        let found = self
            .0
            .with(|known| completion::candidates(&known.members, line, cursor));
        let (start, names) = found.unwrap_or_default();
        let suggestions: Vec<_> = names
            .into_iter()
            .map(|value| Suggestion {
                value,
                span: Span::new(start, cursor),
                ..Suggestion::default()
            })
            .collect();
        CompletionResult::fresh(suggestions)
    }
}
