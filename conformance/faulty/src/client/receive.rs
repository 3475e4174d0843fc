//! What the server sends: bytes -> lines -> what is shown.

use std::io;

use super::fault::Fault;
use super::session::Session;

impl Session {
    /// Takes what one read has returned.
    pub(super) fn receive(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.has(Fault::TakesAReadForALine) {
            return self.line(bytes.strip_suffix(b"\n").unwrap_or(bytes));
        }
        let lossy = self
            .has(Fault::SplitsCharacters)
            .then(|| String::from_utf8_lossy(bytes));
        let mut rest = lossy.as_deref().map_or(bytes, str::as_bytes);
        let mut first = true;
        while let Some(line) = self.splitter.next_line(&mut rest) {
            if first || !self.has(Fault::ShowsTheFirstOfTwo) {
                self.line(&line.bytes)?;
            }
            first = false;
        }
        Ok(())
    }

    fn line(&mut self, line: &[u8]) -> io::Result<()> {
        let line = String::from_utf8_lossy(line);
        let line = match self.fault {
            Some(Fault::KeepsTheCr) => &*line,
            _ => line.strip_suffix('\r').unwrap_or(&line),
        };
        match line.split(' ').next() {
            Some("") if line.is_empty() => match self.fault {
                Some(Fault::EndsAtAnEmptyLine) => std::process::exit(0),
                _ => Ok(()),
            },
            Some("*") => self.notice(line),
            Some("!") if self.has(Fault::HidesUnknownErrors) => Ok(()),
            Some("<quit>") => {
                self.said_goodbye = true;
                match self.fault {
                    Some(Fault::SaysNothingOfTheGoodbye) => Ok(()),
                    _ => self.show("(the server says goodbye)"),
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
                self.say_early_lines()
            }
            Some("here" | "joined" | "left") => self.show(line),
            _ => self.unknown(),
        }
    }

    /// Ignores a notice or a command that is not in the specification (CLIENT-9).
    fn unknown(&mut self) -> io::Result<()> {
        match self.fault {
            Some(Fault::EndsAtUnknownLines) => std::process::exit(1),
            Some(Fault::AnswersUnknownLines) => self.send("what?"),
            _ => Ok(()),
        }
    }

    /// Shows a message or an error, without characters that could do harm (CLIENT-10).
    fn message(&mut self, line: &str) -> io::Result<()> {
        self.received += 1;
        if self.has(Fault::LosesTheHundredth) && self.received == 100 {
            return Ok(());
        }
        let max_characters = match self.fault {
            Some(Fault::CutsLongMessages) => 1024,
            _ => usize::MAX,
        };
        let neutralised = line.chars().take(max_characters).map(|c| match self.fault {
            Some(Fault::ShowsAnything) => c,
            Some(Fault::ShowsC1) if !c.is_ascii() => c,
            // This fault shows the CR as it is.
            Some(Fault::KeepsTheCr) if c == '\r' => c,
            _ if c.is_control() => char::REPLACEMENT_CHARACTER,
            _ => c,
        });
        self.show(&neutralised.collect::<String>())
    }
}
