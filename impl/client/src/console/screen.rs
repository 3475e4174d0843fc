//! Where the console shows what happens.

use super::terminal::Terminal;
use crate::session::Session;
use crate::words::Language;
use std::io::{self, Write};

/// A pipe, or a terminal with a line editor.
pub(super) enum Screen {
    /// One line for one thing.
    Pipe(io::Stdout),
    /// Above the line that is being typed, wrapped so that no second row looks like a new line.
    Terminal(Terminal),
    /// Nobody reads any more.
    Broken,
}

impl Screen {
    /// Shows a line that stands for itself.
    pub(super) fn line(&mut self, line: &str) {
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

    /// Shows what the program itself has to say.
    pub(super) fn notice(&mut self, notice: &str) {
        self.line(&format!("* {notice}"));
    }

    /// Lets people see what was shown.
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

    /// Tells the line editor where the session stands.
    pub(super) fn now(&mut self, session: &Session, language: Language) {
        if let Self::Terminal(terminal) = self {
            terminal.now(session, language);
        }
    }

    /// Gives the terminal back as it was.
    pub(super) fn close(&mut self) {
        self.flush();
        if let Self::Terminal(terminal) = self {
            terminal.close();
        }
    }

    pub(super) const fn is_broken(&self) -> bool {
        matches!(self, Self::Broken)
    }
}
