//! Text of a scenario -> steps: one step per line, blocks by indentation, and comment lines with `#`.

use std::ops::Range;
use std::time::Duration;

use driver::process::Setting;

use super::ast::{Act, Await, Scenario, Step, StepKind, Who};
use super::client;
use super::cursor::{Cursor, Parsed};
use super::diagnostic::Diagnostic;
use super::phrase::{actor_step, awaited, server_act, setting};
use super::text::{Counters, Template};
use crate::requirement::{Class, Id};

/// A fenced block of a chapter that holds a scenario.
#[derive(Debug, Clone)]
pub(crate) struct Block<'a> {
    /// The whole chapter.
    pub(crate) chapter: &'a str,
    /// Its file name.
    pub(crate) file: &'a str,
    /// The programs that the scenario checks.
    pub(crate) class: Class,
    /// Byte range of the words after the opening fence: `scenario NAME proves ID …`.
    pub(crate) info: Range<usize>,
    /// Byte range of the text between the fences.
    pub(crate) text: Range<usize>,
}

/// Parses one scenario.
///
/// # Errors
/// Every mistake in it.
pub(crate) fn parse(block: &Block<'_>) -> Result<Scenario, Vec<Diagnostic>> {
    let mut parser = Parser {
        chapter: block.chapter,
        class: block.class,
        mistakes: Vec::new(),
        settings: Vec::new(),
    };
    let (name, proves) = parser.info(block.info.clone());
    let lines = parser.lines(block.text.clone());
    let mut rest = lines.as_slice();
    let steps = parser.block(&mut rest, 0, &Counters::default());
    if steps.is_empty() && parser.mistakes.is_empty() {
        parser.mistakes.push(Diagnostic::new(
            block.info.clone(),
            "the scenario has no steps",
        ));
    }
    if !parser.mistakes.is_empty() {
        return Err(parser.mistakes);
    }
    Ok(Scenario {
        name,
        class: block.class,
        proves,
        settings: parser.settings,
        steps,
        file: block.file.to_owned(),
        line: line_of(block.chapter, block.info.start),
        source: block.chapter[block.text.clone()].trim_end().to_owned(),
    })
}

/// The line of a byte, counted from 1.
pub(crate) fn line_of(source: &str, at: usize) -> usize {
    1 + source[..at].matches('\n').count()
}

struct Parser<'a> {
    chapter: &'a str,
    class: Class,
    mistakes: Vec<Diagnostic>,
    settings: Vec<(Setting, u64)>,
}

/// A line with a step: its indentation, and the byte range of its text.
#[derive(Debug, Clone)]
struct Line {
    indent: usize,
    span: Range<usize>,
}

impl<'a> Parser<'a> {
    fn info(&mut self, span: Range<usize>) -> (String, Vec<Id>) {
        let words: Vec<_> = words(self.chapter, span.clone()).collect();
        let text = |word: &Range<usize>| self.chapter[word.clone()].to_owned();
        let [_, name, proves, ids @ ..] = words.as_slice() else {
            self.mistakes.push(Diagnostic::new(
                span,
                "expected `scenario NAME proves ID …`",
            ));
            return Default::default();
        };
        if text(proves) != "proves" || ids.is_empty() {
            self.mistakes.push(
                Diagnostic::new(
                    proves.start..span.end,
                    "expected `proves` and at least one id",
                )
                .help("begin with `scenario NAME proves ID …`"),
            );
        }
        let name_text = text(name);
        if !name_text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        {
            self.mistakes.push(Diagnostic::new(
                name.clone(),
                "expected a name of lower-case letters, digits and hyphens",
            ));
        }
        let mut proved = Vec::new();
        for id in ids {
            match Id::parse(&text(id)) {
                Some(id) => proved.push(id),
                None => self
                    .mistakes
                    .push(Diagnostic::new(id.clone(), "expected an id such as JOIN-3")),
            }
        }
        (name_text, proved)
    }

    fn lines(&mut self, span: Range<usize>) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut start = span.start;
        for raw in self.chapter[span].split_inclusive('\n') {
            let text = raw.trim();
            let indent = raw.len() - raw.trim_start().len();
            if !text.is_empty() && !text.starts_with('#') {
                if raw[..indent].contains('\t') {
                    self.mistakes.push(Diagnostic::new(
                        start..start + indent,
                        "expected spaces, not tabs, as indentation",
                    ));
                }
                lines.push(Line {
                    indent,
                    span: start + indent..start + indent + text.len(),
                });
            }
            start += raw.len();
        }
        lines
    }

    /// Parses the steps at this indentation, up to a line with less of it.
    fn block(&mut self, rest: &mut &[Line], indent: usize, counters: &Counters) -> Vec<Step> {
        let mut steps = Vec::new();
        while let Some((line, after)) = rest.split_first() {
            if line.indent < indent {
                break;
            }
            *rest = after;
            if line.indent > indent {
                self.mistakes.push(
                    Diagnostic::new(
                        line.span.clone(),
                        "unexpected indentation: no block begins before this step",
                    )
                    .help("`repeat N`, `together` and `within N s` begin a block"),
                );
                continue;
            }
            match self.step(line, rest, counters) {
                Ok(Some(kind)) => {
                    let number = line_of(self.chapter, line.span.start);
                    steps.push(Step {
                        line: number,
                        span: line.span.clone(),
                        kind,
                    });
                }
                Ok(None) => {}
                Err(mistake) => self.mistakes.push(mistake),
            }
        }
        steps
    }

    fn step(
        &mut self,
        line: &Line,
        rest: &mut &[Line],
        counters: &Counters,
    ) -> Parsed<Option<StepKind>> {
        let mut cursor = Cursor {
            source: self.chapter,
            at: line.span.start,
            end: line.span.end,
        };
        let word = cursor.word();
        let kind = match self.chapter[word.clone()].trim_end_matches(',') {
            "with" if self.class == Class::Server => {
                self.setting(&mut cursor, line)?;
                return Ok(None);
            }
            "repeat" => self.repeat(&mut cursor, line, rest, counters)?,
            _ if self.class == Class::Client => client::step(&mut cursor, word)?,
            "together" => {
                cursor.finish()?;
                StepKind::Together(self.body(line, rest, counters)?)
            }
            "within" => {
                let seconds = cursor.number("a number of seconds")?;
                cursor.keyword("s")?;
                cursor.finish()?;
                StepKind::Within(
                    Duration::from_secs(seconds as u64),
                    self.body(line, rest, counters)?,
                )
            }
            "server" => StepKind::Server(server_act(&mut cursor)?),
            "everyone" => {
                cursor.keyword("agrees")?;
                cursor.finish()?;
                StepKind::Agree { actors: Vec::new() }
            }
            "others" => {
                cursor.keyword("<-")?;
                let (what, blame) = awaited(&mut cursor, false)?;
                StepKind::Await {
                    who: Who::Others,
                    what,
                    blame,
                }
            }
            _ => actor_step(&mut cursor, word)?,
        };
        check_counters(&kind, counters, &line.span)?;
        Ok(Some(kind))
    }

    fn setting(&mut self, cursor: &mut Cursor<'_>, line: &Line) -> Parsed<()> {
        let setting = setting(cursor)?;
        cursor.finish()?;
        if line.indent > 0 {
            let message = "a setting must be outside every block";
            return Err(Diagnostic::new(line.span.clone(), message));
        }
        self.settings.push(setting);
        Ok(())
    }

    fn repeat(
        &mut self,
        cursor: &mut Cursor<'_>,
        line: &Line,
        rest: &mut &[Line],
        counters: &Counters,
    ) -> Parsed<StepKind> {
        let times = cursor.number("the number of repetitions")?;
        let counter = cursor.counter_name()?;
        cursor.finish()?;
        let body = self.body(line, rest, &counters.with(&counter, 1))?;
        Ok(StepKind::Repeat {
            times,
            counter,
            body,
        })
    }

    fn body(
        &mut self,
        opener: &Line,
        rest: &mut &[Line],
        counters: &Counters,
    ) -> Parsed<Vec<Step>> {
        match rest.first() {
            Some(first) if first.indent > opener.indent => {
                Ok(self.block(rest, first.indent, counters))
            }
            _ => Err(Diagnostic::new(opener.span.clone(), "the block is empty")
                .help("indent its steps on the lines below")),
        }
    }
}

fn check_counters(kind: &StepKind, counters: &Counters, span: &Range<usize>) -> Parsed<()> {
    let templates: Vec<&Template> = match kind {
        StepKind::Act { actor, act } => {
            let inner = match act {
                Act::Says(text)
                | Act::Sends(text)
                | Act::SendsUntilCutOff(text)
                | Act::KeepsSending(text) => Some(text),
                Act::Joins { nickname } => nickname.as_ref(),
                _ => None,
            };
            inner.into_iter().chain([actor]).collect()
        }
        StepKind::Await { who, what, .. } => {
            let actor = if let Who::Actor(actor) = who {
                Some(actor)
            } else {
                None
            };
            let text = if let Await::Line(text) | Await::Eventually(text) = what {
                Some(text)
            } else {
                None
            };
            actor.into_iter().chain(text).collect()
        }
        StepKind::Agree { actors } => actors.iter().collect(),
        StepKind::Client { actor, step, .. } => step.text().into_iter().chain([actor]).collect(),
        _ => Vec::new(),
    };
    match templates
        .iter()
        .flat_map(|template| template.counters())
        .find(|name| !counters.knows(name))
    {
        Some(name) => Err(Diagnostic::new(
            span.clone(),
            format!("unknown counter `{name}`: no block around this step declares it"),
        )
        .help("`repeat 3` counts with `${n}`, `repeat 3 as round` with `${round}`")),
        None => Ok(()),
    }
}

fn words(source: &str, span: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut cursor = Cursor {
        source,
        at: span.start,
        end: span.end,
    };
    std::iter::from_fn(move || Some(cursor.word()).filter(|word| !word.is_empty()))
}
