//! A line editor on its own thread, with output above the line that is being typed.

use super::input_queue::{Input, InputQueue};
use crate::i18n::{Language, tr};
use crate::sanitize::sanitize;
use crate::session::{Members, Session, State, completion};
use reedline::{
    ColumnarMenu, Completer, CompletionResult, Emacs, ExternalPrinter, KeyCode, KeyModifiers,
    MenuBuilder, Prompt, PromptEditMode, PromptHistorySearch, Reedline, ReedlineEvent,
    ReedlineMenu, Signal, Span, Suggestion, default_emacs_keybindings,
};
use std::borrow::Cow;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often the line editor checks for output.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

const MENU: &str = "nicknames";

/// A handle to the line editor.
pub(super) struct Terminal {
    lines: SyncSender<String>,
    /// The output to show at the next flush.
    batch: String,
    shared: Shared,
    end: Arc<AtomicBool>,
    editor: Option<JoinHandle<()>>,
    /// The revision of the member list that the line editor has.
    revision: Option<u64>,
}

/// The part of the session that the line editor uses.
#[derive(Debug, Clone, Default)]
struct Shared(Arc<Mutex<SharedState>>);

#[derive(Debug, Default)]
struct SharedState {
    prompt: String,
    members: Members,
}

impl Shared {
    fn with<T>(&self, access: impl FnOnce(&mut SharedState) -> T) -> T {
        access(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Terminal {
    /// Starts the line editor, which puts typed lines into `queue`.
    pub(super) fn open(queue: InputQueue) -> io::Result<Self> {
        // A channel without capacity: what has been sent to it is shown, even if the editor is told to end right after.
        let printer = ExternalPrinter::new(0);
        let lines = printer.sender();
        let shared = Shared::default();
        let end = Arc::new(AtomicBool::new(false));
        let editor = editor(shared.clone(), printer, end.clone());
        let prompt = NickPrompt(shared.clone());
        let editor = std::thread::Builder::new()
            .name("editor".into())
            .spawn(move || read_lines(editor, &prompt, &queue))?;
        Ok(Self {
            lines,
            batch: String::new(),
            shared,
            end,
            editor: Some(editor),
            revision: None,
        })
    }

    pub(super) fn line(&mut self, line: &str) {
        // Continuation rows are indented, so that they do not look like new lines (CLIENT-10).
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
            // If the editor has ended, the output is shown on closing.
            if let Err(unshown) = self.lines.send(std::mem::take(&mut self.batch)) {
                self.batch = unshown.0;
            }
        }
    }

    /// Updates the prompt and the member list.
    pub(super) fn update(&mut self, session: &Session, language: Language) {
        let prompt = match session.state() {
            State::Refused(_) => tr!(language, "nickname: ", "nome: "),
            _ => session
                .nick()
                .map_or("> ".into(), |nick| format!("{}: ", sanitize(nick))),
        };
        let members = session.members();
        let up_to_date = self.revision.replace(members.revision()) == Some(members.revision());
        self.shared.with(|shared| {
            shared.prompt = prompt;
            if !up_to_date {
                shared.members = members.clone();
            }
        });
    }

    /// Ends the line editor, which restores the terminal, and prints the output that it has not shown.
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
        .with_poll_interval(POLL_INTERVAL)
        .with_edit_mode(Box::new(Emacs::new(keys)))
        .with_completer(Box::new(Nicknames(shared)))
        .with_menu(ReedlineMenu::EngineCompleter(Box::new(
            ColumnarMenu::default().with_name(MENU),
        )))
        .with_quick_completions(true)
        .with_partial_completions(true)
        .use_bracketed_paste(true)
}

/// Reads lines until the input or the console ends.
fn read_lines(mut editor: Reedline, prompt: &NickPrompt, queue: &InputQueue) {
    loop {
        let input = match editor.read_line(prompt) {
            Ok(Signal::Success(line)) => Input::Line(line),
            Ok(Signal::CtrlC) => Input::Interrupt,
            Ok(Signal::ExternalBreak(_)) => return,
            Ok(_) | Err(_) => Input::End,
        };
        let is_last = input == Input::End;
        if !queue.push(input) || is_last {
            return;
        }
    }
}

/// The prompt is the user's nickname, so that the line being typed looks like a message.
struct NickPrompt(Shared);

impl Prompt for NickPrompt {
    fn render_prompt_left(&self) -> Cow<'_, str> {
        Cow::Owned(self.0.with(|state| state.prompt.clone()))
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
            .with(|state| completion::candidates(&state.members, line, cursor));
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
