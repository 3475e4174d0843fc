//! What the user types: it is sent, kept until the welcome, or refused.

use std::io;

use super::fault::Fault;
use super::session::Session;
use crate::line::{self, MAX_LINE};

impl Session {
    /// The user has typed a line.
    pub(super) fn typed(&mut self, line: String) -> io::Result<()> {
        if !self.is_member && !self.has(Fault::TalksWhileNaming) {
            self.typed_early.push(line);
            return Ok(());
        }
        self.say(&line)
    }

    /// Sends what was typed before the welcome (CLIENT-1).
    pub(super) fn say_early_lines(&mut self) -> io::Result<()> {
        let lines = std::mem::take(&mut self.typed_early);
        lines.iter().try_for_each(|line| self.say(line))
    }

    fn say(&mut self, line: &str) -> io::Result<()> {
        if let Some(reason) = self.why_not(line) {
            return self.show(reason);
        }
        if line.is_empty() && !self.has(Fault::SendsNothing) {
            return Ok(());
        }
        self.sent += 1;
        match self.fault {
            Some(Fault::DropsPastedLines) if self.sent.is_multiple_of(20) => Ok(()),
            Some(Fault::SendsTwice) if self.sent.is_multiple_of(2) => {
                self.send(line)?;
                self.send(line)
            }
            Some(Fault::TrimsTexts) => self.send(line.trim()),
            Some(Fault::JoinsBlanks) => self.send(&line.replace("  ", " ")),
            // The scenario's user types this word last.
            Some(Fault::ForgetsTheLastWords) if line == "arrivederci" => Ok(()),
            _ => self.send(line),
        }
    }

    /// Why a line is not sent, in words for the user (CLIENT-3, CLIENT-4).
    fn why_not(&self, text: &str) -> Option<&'static str> {
        let length = match self.fault {
            Some(Fault::CountsCharacters) => text.chars().count(),
            Some(Fault::SendsAnyLength) => 0,
            _ => text.len(),
        };
        if length > MAX_LINE {
            return Some("(not sent: too long)");
        }
        if text.contains(line::is_control) && !self.has(Fault::SendsControls) {
            return Some("(not sent: it holds a control character)");
        }
        let is_command = match self.fault {
            Some(Fault::SendsCommands) if text == "<who>" => false,
            Some(Fault::SendsTheOldWord) if text == "{quit}" => false,
            _ => line::is_quit(text) || line::is_command(text),
        };
        is_command.then_some("(not sent: a server would take it for a command)")
    }
}
