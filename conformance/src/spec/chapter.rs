//! Markdown of one chapter -> its requirements and scenarios.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, OffsetIter, Options, Parser, Tag, TagEnd};

use crate::requirement::{Class, Id, Level, Requirement};
use crate::scenario::parser::{self, Block, line_of};
use crate::scenario::{Diagnostic, Scenario, check, client};

pub(super) struct Chapter {
    pub(super) requirements: Vec<Requirement>,
    pub(super) scenarios: Vec<Scenario>,
    pub(super) mistakes: Vec<Diagnostic>,
}

pub(super) fn read(file: &str, text: &str) -> Chapter {
    let mut chapter = Chapter {
        requirements: Vec::new(),
        scenarios: Vec::new(),
        mistakes: Vec::new(),
    };
    let mut events = Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter();
    while let Some((event, span)) = events.next() {
        match event {
            Event::Start(Tag::BlockQuote(_)) => {
                skip_to(&mut events, TagEnd::BlockQuote(None));
                chapter.requirement(file, text, span);
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info)))
                if let Some(class) = class_of_block(&info) =>
            {
                chapter.scenario(&mut events, file, text, (class, &info), span);
            }
            Event::Start(Tag::Paragraph) => chapter.paragraph(&text[span]),
            _ => {}
        }
    }
    chapter
}

impl Chapter {
    /// `> **JOIN-3** (server, core) When …`
    fn requirement(&mut self, file: &str, source: &str, span: Range<usize>) {
        let quote = &source[span.clone()];
        let text = quote
            .lines()
            .map(|line| line.trim_start_matches('>').trim())
            .collect::<Vec<_>>()
            .join(" ");
        let Some((id, rest)) = text
            .trim()
            .strip_prefix("**")
            .and_then(|text| text.split_once("**"))
        else {
            return; // a quotation
        };
        let tags = rest
            .trim_start()
            .strip_prefix('(')
            .and_then(|rest| rest.split_once(')'));
        let parsed = tags.and_then(|(tags, words)| {
            let (class, level) = tags.split_once(", ")?;
            Some((Id::parse(id)?, class_of(class)?, level_of(level)?, words))
        });
        let at = span.start + quote.find("**").unwrap_or_default() + 2;
        let span = at..at + id.len();
        let Some((id, class, level, words)) = parsed else {
            self.mistakes.push(
                Diagnostic::new(
                    span,
                    "expected the id, the class and the level of a requirement",
                )
                .help("for example `> **JOIN-3** (server, core) When …`"),
            );
            return;
        };
        self.requirements.push(Requirement {
            id,
            class,
            level,
            text: words.trim().to_owned(),
            not_observable: None,
            file: file.to_owned(),
            line: line_of(source, span.start),
            span,
        });
    }

    /// A paragraph `*Not observable:* …` belongs to the requirement above it.
    fn paragraph(&mut self, text: &str) {
        if let (Some(reason), Some(requirement)) = (
            text.strip_prefix("*Not observable:*"),
            self.requirements.last_mut(),
        ) {
            requirement.not_observable =
                Some(reason.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }

    fn scenario(
        &mut self,
        events: &mut OffsetIter<'_>,
        file: &str,
        source: &str,
        (class, info): (Class, &str),
        span: Range<usize>,
    ) {
        let mut content = None::<Range<usize>>;
        for (event, span) in events.by_ref() {
            match event {
                Event::Text(_) => {
                    content = Some(content.map_or(span.start, |content| content.start)..span.end)
                }
                _ => break,
            }
        }
        let at = span.start + source[span.clone()].find(info).unwrap_or_default();
        let block = Block {
            chapter: source,
            file,
            class,
            info: at..at + info.len(),
            text: content.unwrap_or(span.end..span.end),
        };
        match parser::parse(&block) {
            Ok(scenario) => {
                self.mistakes.extend(match class {
                    Class::Server => check::determined(&scenario),
                    Class::Client => client::performable(&scenario),
                });
                self.scenarios.push(scenario);
            }
            Err(mistakes) => self.mistakes.extend(mistakes),
        }
    }
}

fn skip_to(events: &mut OffsetIter<'_>, end: TagEnd) {
    events.find(|(event, _)| *event == Event::End(end));
}

/// The class of programs that the scenario in a fenced block checks; `None` for any other block.
fn class_of_block(info: &str) -> Option<Class> {
    match info.split(' ').next()? {
        "scenario" => Some(Class::Server),
        "client-scenario" => Some(Class::Client),
        _ => None,
    }
}

fn class_of(word: &str) -> Option<Class> {
    match word {
        "server" => Some(Class::Server),
        "client" => Some(Class::Client),
        _ => None,
    }
}

fn level_of(word: &str) -> Option<Level> {
    Level::ALL
        .into_iter()
        .find(|level| level.to_string() == word)
}
