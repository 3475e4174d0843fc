//! Text of a scenario -> steps: one step per line, blocks by indentation, and comment lines with `#`.

use std::ops::Range;
use std::time::Duration;

use driver::process::Setting;

use super::ast::{Scenario, Step, StepKind, Who};
use super::client;
use super::counters::Counters;
use super::cursor::{Cursor, Parsed};
use super::diagnostic::Diagnostic;
use super::phrase::{actor_step, awaited, perhaps, server_act, setting};
use super::table;
use super::text::Template;
use super::turns::{Cell, Turns};
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
    /// Byte range of the header: `scenario NAME proves ID …`.
    pub(crate) header: Range<usize>,
    /// Byte range of the lines below the header.
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
        open_files: None,
    };
    let (name, proves, slow) = parser.header(block.header.clone());
    let lines = parser.lines(block.text.clone());
    let mut rest = lines.as_slice();
    let steps = parser.block(&mut rest, 0, &Counters::default());
    if steps.is_empty() && parser.mistakes.is_empty() {
        parser.mistakes.push(Diagnostic::new(
            block.header.clone(),
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
        slow,
        settings: parser.settings,
        open_files: parser.open_files,
        steps,
        file: block.file.to_owned(),
        line: line_of(block.chapter, block.header.start),
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
    open_files: Option<u64>,
}

/// A line with a step: its indentation, and the byte range of its text.
#[derive(Debug, Clone)]
struct Line {
    indent: usize,
    span: Range<usize>,
}

impl<'a> Parser<'a> {
    fn header(&mut self, span: Range<usize>) -> (String, Vec<Id>, bool) {
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
        let (ids, slow) = match ids {
            [ids @ .., last] if text(last) == "slowly" => (ids, true),
            ids => (ids, false),
        };
        let mut proved = Vec::new();
        for id in ids {
            match Id::parse(&text(id)) {
                Some(id) => proved.push(id),
                None => self
                    .mistakes
                    .push(Diagnostic::new(id.clone(), "expected an id such as JOIN-3")),
            }
        }
        (name_text, proved, slow)
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
                    .help("`repeat N`, `for each`, `together` and `within N s` begin a block"),
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
            "for" => self.for_each(&mut cursor, line, rest, counters)?,
            _ if self.chapter[word.clone()].starts_with('|') => {
                let message = "a case must stand directly below `for each`";
                return Err(Diagnostic::new(line.span.clone(), message)
                    .help("indent it, and write all cases above the steps"));
            }
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
                let (what, blame) = if cursor.take("may") {
                    perhaps(&mut cursor)?
                } else {
                    cursor.keyword("<-")?;
                    awaited(&mut cursor, false)?
                };
                StepKind::Await {
                    who: Who::Others,
                    what,
                    blame,
                }
            }
            _ => actor_step(&mut cursor, word)?,
        };
        check_names(&kind, counters, &line.span)?;
        Ok(Some(kind))
    }

    fn setting(&mut self, cursor: &mut Cursor<'_>, line: &Line) -> Parsed<()> {
        if line.indent > 0 {
            let message = "a setting must be outside every block";
            return Err(Diagnostic::new(line.span.clone(), message));
        }
        if cursor.take("open-files") {
            self.open_files = Some(cursor.number("a number")? as u64);
        } else {
            self.settings.push(setting(cursor)?);
        }
        cursor.finish()
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
        let turns = Turns::Times { times, counter };
        Ok(StepKind::Repeat { turns, body })
    }

    fn for_each(
        &mut self,
        cursor: &mut Cursor<'_>,
        line: &Line,
        rest: &mut &[Line],
        counters: &Counters,
    ) -> Parsed<StepKind> {
        cursor.keyword("each")?;
        let columns = table::columns(cursor)?;
        let cases = self.cases(line, rest, &columns)?;
        if cases.is_empty() {
            return Err(
                Diagnostic::new(line.span.clone(), "the table is empty").help(
                    "write each case on a line of its own below, indented: `| TEXT`, then the steps",
                ),
            );
        }
        let turns = Turns::Cases { columns, cases };
        let inner = turns.within(counters).swap_remove(0);
        let body = self.body(line, rest, &inner)?;
        if let Turns::Cases { columns, .. } = &turns
            && let Some(unused) = columns.iter().find(|name| !uses(&body, name))
            && self.mistakes.is_empty()
        {
            let message = format!("no step uses the column `{unused}`");
            return Err(Diagnostic::new(line.span.clone(), message)
                .help(format!("write `${{{unused}}}` where its text belongs")));
        }
        Ok(StepKind::Repeat { turns, body })
    }

    /// Parses the lines of a table, up to the first line that is none.
    fn cases(
        &mut self,
        opener: &Line,
        rest: &mut &[Line],
        columns: &[String],
    ) -> Parsed<Vec<Vec<Cell>>> {
        let mut cases: Vec<(&Line, Vec<Cell>)> = Vec::new();
        while let Some((line, after)) = rest.split_first()
            && line.indent > opener.indent
            && self.chapter[line.span.clone()].starts_with('|')
        {
            *rest = after;
            let case = table::case(self.chapter, line.span.clone(), columns)?;
            let written = |case: &[Cell]| {
                let texts = case.iter().map(|cell| cell.written.clone());
                texts.collect::<Vec<_>>()
            };
            let mut earlier = cases.iter();
            if let Some((first, _)) = earlier.find(|(_, known)| written(known) == written(&case)) {
                return Err(Diagnostic::new(
                    line.span.clone(),
                    "this case stands in the table already",
                )
                .related(first.span.clone(), "here"));
            }
            cases.push((line, case));
        }
        Ok(cases.into_iter().map(|(_, case)| case).collect())
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

/// Checks that each `${…}` in a step has a value.
fn check_names(kind: &StepKind, counters: &Counters, span: &Range<usize>) -> Parsed<()> {
    let templates = kind.templates().into_iter();
    for (name, plus) in templates.flat_map(Template::names) {
        if !counters.knows(name) {
            let message =
                format!("unknown counter `{name}`: no block around this step declares it");
            return Err(Diagnostic::new(span.clone(), message).help(
                "`repeat 3` counts with `${n}`, `repeat 3 as round` with `${round}`; `for each text` declares `${text}`",
            ));
        }
        if plus > 0 && counters.is_text(name) {
            let message = format!("`{name}` is a text, so nothing can be added to it");
            return Err(Diagnostic::new(span.clone(), message));
        }
    }
    Ok(())
}

/// Whether any of the steps, at any depth, has `${name}`.
fn uses(steps: &[Step], name: &str) -> bool {
    steps.iter().any(|step| {
        let templates = step.kind.templates().into_iter();
        let mut names = templates.flat_map(Template::names);
        names.any(|(used, _)| used == name) || uses(step.kind.body(), name)
    })
}

fn words(source: &str, span: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut cursor = Cursor {
        source,
        at: span.start,
        end: span.end,
    };
    std::iter::from_fn(move || Some(cursor.word()).filter(|word| !word.is_empty()))
}
