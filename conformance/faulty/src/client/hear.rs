//! What comes from the server: bytes -> lines -> what is shown.

use std::io;

use super::{Client, Fault};

impl Client {
    pub(super) fn hear(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.has(Fault::TakesAReadForALine) {
            return self.line(bytes.strip_suffix(b"\n").unwrap_or(bytes));
        }
        if self.has(Fault::SplitsCharacters) {
            let text = String::from_utf8_lossy(bytes).into_owned();
            self.partial.extend_from_slice(text.as_bytes());
        } else {
            self.partial.extend_from_slice(bytes);
        }
        let mut first = true;
        while let Some(end) = self.partial.iter().position(|byte| *byte == b'\n') {
            let rest = self.partial.split_off(end + 1);
            let line = std::mem::replace(&mut self.partial, rest);
            if first || !self.has(Fault::ShowsTheFirstOfTwo) {
                self.line(&line[..end])?;
            }
            first = false;
        }
        Ok(())
    }

    fn line(&mut self, line: &[u8]) -> io::Result<()> {
        let line = String::from_utf8_lossy(line);
        let line = match self.has(Fault::KeepsTheCr) {
            true => &*line,
            false => line.strip_suffix('\r').unwrap_or(&line),
        };
        if line.is_empty() {
            match self.has(Fault::EndsAtAnEmptyLine) {
                true => std::process::exit(0),
                false => return Ok(()),
            }
        }
        match line.split(' ').next() {
            Some("*") => self.notice(line),
            Some("!") if self.has(Fault::HidesUnknownErrors) => Ok(()),
            Some("<quit>") => {
                self.said_goodbye = true;
                match self.has(Fault::SaysNothingOfTheGoodbye) {
                    true => Ok(()),
                    false => self.show("(the server says goodbye)"),
                }
            }
            Some(word) if word.starts_with('<') => self.unknown(),
            _ => self.message(line),
        }
    }

    fn notice(&mut self, line: &str) -> io::Result<()> {
        match line.split(' ').nth(1) {
            Some("welcome") => {
                self.is_member = true;
                self.show(line)?;
                self.say_what_was_held()
            }
            Some("here" | "joined" | "left") => self.show(line),
            _ => self.unknown(),
        }
    }

    fn unknown(&mut self) -> io::Result<()> {
        match self.fault {
            Some(Fault::EndsAtUnknownLines) => std::process::exit(1),
            Some(Fault::AnswersUnknownLines) => self.send("what?"),
            _ => Ok(()),
        }
    }

    fn message(&mut self, line: &str) -> io::Result<()> {
        self.shown += 1;
        if self.has(Fault::LosesTheHundredth) && self.shown == 100 {
            return Ok(());
        }
        let longest = match self.has(Fault::CutsLongMessages) {
            true => 1024,
            false => usize::MAX,
        };
        let harmless = line.chars().take(longest).map(|c| match self.fault {
            Some(Fault::ShowsAnything) => c,
            Some(Fault::ShowsC1) if !c.is_ascii() => c,
            // The carriage return is the fault's own affair.
            Some(Fault::KeepsTheCr) if c == '\r' => c,
            _ if c.is_control() => '\u{FFFD}',
            _ => c,
        });
        self.show(&harmless.collect::<String>())
    }
}
