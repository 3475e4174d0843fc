//! What its user types: sent, kept until the welcome, or refused.

use std::io;

use super::line::{MAX_LENGTH, has_control, is_command};
use super::{Client, Fault};

impl Client {
    pub(super) fn typed(&mut self, line: String) -> io::Result<()> {
        if !self.is_member && !self.has(Fault::TalksWhileNaming) {
            self.held.push(line);
            return Ok(());
        }
        self.say(&line)
    }

    /// What was typed before the welcome.
    pub(super) fn say_what_was_held(&mut self) -> io::Result<()> {
        std::mem::take(&mut self.held)
            .iter()
            .try_for_each(|line| self.say(line))
    }

    fn say(&mut self, line: &str) -> io::Result<()> {
        if let Some(reason) = self.why_not(line) {
            return self.show(reason);
        }
        if line.is_empty() && !self.has(Fault::SendsNothing) {
            return Ok(());
        }
        self.sent += 1;
        if self.has(Fault::DropsPastedLines) && self.sent.is_multiple_of(20) {
            return Ok(());
        }
        if self.has(Fault::SendsTwice) && self.sent.is_multiple_of(2) {
            self.send(line)?;
        }
        match self.fault {
            Some(Fault::TrimsTexts) => self.send(line.trim()),
            Some(Fault::JoinsBlanks) => self.send(&line.replace("  ", " ")),
            Some(Fault::ForgetsTheLastWords) if line == "arrivederci" => Ok(()),
            _ => self.send(line),
        }
    }

    fn why_not(&self, line: &str) -> Option<&'static str> {
        let length = match self.has(Fault::CountsCharacters) {
            true => line.chars().count(),
            false => line.len(),
        };
        if length > MAX_LENGTH && !self.has(Fault::SendsAnyLength) {
            return Some("(not sent: too long)");
        }
        if has_control(line) && !self.has(Fault::SendsControls) {
            return Some("(not sent: it holds a control character)");
        }
        let known = match self.fault {
            Some(Fault::SendsCommands) => line != "<who>",
            Some(Fault::SendsTheOldWord) => line != "{quit}",
            _ => true,
        };
        (is_command(line) && known).then_some("(not sent: a server would take it for a command)")
    }
}
