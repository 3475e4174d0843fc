//! The output of the console.

use super::terminal::Terminal;
use crate::i18n::{Language, tr};
use crate::session::{Entry, EntryKind, Session};
use std::io::{self, Write};

/// Where output goes.
pub(super) enum Screen {
    /// Standard output, one line per item.
    Pipe(io::Stdout),
    /// Above the line that is being typed, wrapped with an indent that no new line has.
    Terminal(Terminal),
    /// Writing has failed; nothing is shown any more.
    Broken,
}

impl Screen {
    /// Shows an entry of the transcript. The user's own messages were shown when they were typed.
    pub(super) fn entry(&mut self, language: Language, entry: &Entry) {
        match &entry.kind {
            EntryKind::Own { .. } => {}
            EntryKind::Message { .. } => self.line(&language.entry(&entry.kind)),
            EntryKind::Help => {
                for line in language.help() {
                    self.notice(line);
                }
            }
            kind => self.notice(&language.entry(kind)),
        }
    }

    /// Shows a message of the program itself.
    pub(super) fn notice(&mut self, notice: &str) {
        self.line(&format!("* {notice}"));
    }

    fn line(&mut self, line: &str) {
        match self {
            Self::Pipe(out) => {
                if writeln!(out, "{line}").is_err() {
                    *self = Self::Broken;
                }
            }
            Self::Terminal(terminal) => terminal.line(line),
            Self::Broken => {}
        }
    }

    /// Tells how to leave and to get help, if somebody is at the keyboard.
    pub(super) fn greet(&mut self, language: Language) {
        if self.is_interactive() {
            self.notice(&tr!(
                language,
                "Ctrl-D leaves, /help shows help",
                "Ctrl-D esce, /help aiuta"
            ));
        }
    }

    pub(super) fn flush(&mut self) {
        match self {
            Self::Pipe(out) => {
                if out.flush().is_err() {
                    *self = Self::Broken;
                }
            }
            Self::Terminal(terminal) => terminal.flush(),
            Self::Broken => {}
        }
    }

    /// Adjusts the prompt and the completions to the state of the session.
    pub(super) fn update(&mut self, session: &Session, language: Language) {
        if let Self::Terminal(terminal) = self {
            terminal.update(session, language);
        }
    }

    /// Flushes the output and restores the terminal.
    pub(super) fn close(&mut self) {
        self.flush();
        if let Self::Terminal(terminal) = self {
            terminal.close();
        }
    }

    pub(super) const fn is_interactive(&self) -> bool {
        matches!(self, Self::Terminal(_))
    }

    pub(super) const fn is_broken(&self) -> bool {
        matches!(self, Self::Broken)
    }
}
