//! The position of the parser in a line of a scenario.

use std::ops::Range;

use super::diagnostic::Diagnostic;
use super::text::{self, Template};
use crate::requirement::Id;

pub(super) type Parsed<T> = Result<T, Diagnostic>;

/// A position in a line, which moves to the right.
pub(super) struct Cursor<'a> {
    pub(super) source: &'a str,
    pub(super) at: usize,
    pub(super) end: usize,
}

impl Cursor<'_> {
    pub(super) fn skip_blanks(&mut self) {
        let rest = &self.source[self.at..self.end];
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Takes the next word, which is empty at the end of the line.
    pub(super) fn word(&mut self) -> Range<usize> {
        self.skip_blanks();
        let rest = &self.source[self.at..self.end];
        // `${n + 1}` is part of the word around it.
        let mut depth = 0;
        let length = rest.find(|c: char| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            c.is_whitespace() && depth <= 0
        });
        let word = self.at..self.at + length.unwrap_or(rest.len());
        self.at = word.end;
        word
    }

    /// Takes these words if they come next, with any blanks between them.
    pub(super) fn take(&mut self, phrase: &str) -> bool {
        let before = self.at;
        for expected in phrase.split(' ') {
            let word = self.word();
            if &self.source[word] != expected {
                self.at = before;
                self.skip_blanks();
                return false;
            }
        }
        self.skip_blanks();
        true
    }

    pub(super) fn keyword(&mut self, expected: &str) -> Parsed<()> {
        if self.take(expected) {
            return Ok(());
        }
        let word = self.word();
        Err(Diagnostic::new(
            word.start..word.end.max(word.start + 1),
            format!("expected `{expected}`"),
        ))
    }

    pub(super) fn number(&mut self, what: &str) -> Parsed<usize> {
        let word = self.word();
        let number = self.source[word.clone()]
            .parse()
            .ok()
            .filter(|number| (1..=1_000_000).contains(number));
        number.ok_or_else(|| {
            Diagnostic::new(
                word.start..word.end.max(word.start + 1),
                format!("expected {what}, from 1 to 1000000"),
            )
        })
    }

    pub(super) fn counter_name(&mut self) -> Parsed<String> {
        if !self.take("as") {
            return Ok("n".to_owned());
        }
        let word = self.word();
        let name = &self.source[word.clone()];
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase()) {
            return Err(Diagnostic::new(
                word,
                "expected a name of lower-case letters for the counter",
            ));
        }
        Ok(name.to_owned())
    }

    pub(super) fn text(&mut self) -> Parsed<Template> {
        self.skip_blanks();
        let (template, end) = text::read(self.source, self.at..self.end)?;
        self.at = end;
        self.finish()?;
        Ok(template)
    }

    pub(super) fn quoted(&mut self) -> Parsed<Template> {
        self.skip_blanks();
        if !self.source[self.at..self.end].starts_with('"') {
            let span = self.at..self.end.max(self.at + 1);
            return Err(Diagnostic::new(span, "expected bytes in quotes")
                .help("for example `anna sends \"ciao\\n\"`"));
        }
        let (template, end) = text::read(self.source, self.at..self.end)?;
        self.at = end;
        Ok(template)
    }

    /// Takes an id in brackets, such as `[JOIN-3]`, from the end of the line.
    pub(super) fn blame(&mut self) -> Option<Id> {
        let rest = &self.source[self.at..self.end];
        let (before, bracket) = rest.rsplit_once('[')?;
        let id = Id::parse(bracket.strip_suffix(']')?)?;
        if !before.is_empty() && !before.ends_with(char::is_whitespace) {
            return None;
        }
        self.end = self.at + before.trim_end().len();
        Some(id)
    }

    pub(super) fn is_at_end(&mut self) -> bool {
        self.skip_blanks();
        self.at >= self.end
    }

    pub(super) fn finish(&mut self) -> Parsed<()> {
        self.skip_blanks();
        if self.at < self.end {
            return Err(Diagnostic::new(
                self.at..self.end,
                "unexpected text after the step",
            ));
        }
        Ok(())
    }
}
