//! The phrases of single steps.

use std::ops::Range;

use driver::process::Setting;

use super::ast::{Act, Await, ServerAct, StepKind, Who};
use super::cursor::{Cursor, Parsed};
use super::diagnostic::Diagnostic;
use super::text::{self, Template};

use crate::requirement::Id;

/// Words other than actors that begin a step.
const KEYWORDS: [&str; 8] = [
    "repeat", "for each", "together", "within", "with", "server", "others", "everyone",
];

/// The verbs of an actor, as diagnostics suggest them. The first [`LISTED`] are listed as what an actor can do.
const VERBS: [&str; 21] = [
    "->",
    "<-",
    "sends",
    "joins",
    "connects",
    "closes",
    "half-closes",
    "resets",
    "hangs up",
    "stays",
    "stops reading",
    "resumes reading",
    "keeps sending",
    "is closed",
    "is dropped",
    "eventually <-",
    "may <-",
    "agree",
    "and",
    "or",
    "joins as",
];

const LISTED: usize = 17;

pub(super) fn actor_step(cursor: &mut Cursor<'_>, word: Range<usize>) -> Parsed<StepKind> {
    let actor = actor(cursor.source, word.clone())?;
    if cursor.is_at_end() {
        let written = &cursor.source[word.clone()];
        return Err(
            Diagnostic::new(word.clone(), "expected a verb after the actor")
                .suggest(written, KEYWORDS),
        );
    }
    if cursor.source[word].ends_with(',') || cursor.take("and") {
        return agreement(cursor, actor);
    }
    if cursor.take("or") {
        return wins(cursor, actor);
    }
    if cursor.take("<-") {
        let (what, blame) = awaited(cursor, false)?;
        return Ok(StepKind::Await {
            who: Who::Actor(actor),
            what,
            blame,
        });
    }
    if cursor.take("may") {
        let (what, blame) = perhaps(cursor)?;
        return Ok(StepKind::Await {
            who: Who::Actor(actor),
            what,
            blame,
        });
    }
    if cursor.take("eventually") {
        cursor.keyword("<-")?;
        let (what, blame) = awaited(cursor, true)?;
        return Ok(StepKind::Await {
            who: Who::Actor(actor),
            what,
            blame,
        });
    }
    for (phrase, what) in [("is closed", Await::Closed), ("is dropped", Await::Dropped)] {
        if cursor.take(phrase) {
            let blame = cursor.blame();
            cursor.finish()?;
            return Ok(StepKind::Await {
                who: Who::Actor(actor),
                what,
                blame,
            });
        }
    }
    let act = act(cursor)?;
    Ok(StepKind::Act { actor, act })
}

fn act(cursor: &mut Cursor<'_>) -> Parsed<Act> {
    if cursor.take("->") {
        return Ok(Act::Says(cursor.text()?));
    }
    if cursor.take("keeps sending") {
        return Ok(Act::KeepsSending(cursor.quoted()?));
    }
    if cursor.take("sends") {
        let bytes = cursor.quoted()?;
        if cursor.take("until cut off") {
            cursor.finish()?;
            return Ok(Act::SendsUntilCutOff(bytes));
        }
        cursor.finish()?;
        return Ok(Act::Sends(bytes));
    }
    if cursor.take("joins") {
        let nickname = if cursor.take("as") {
            Some(cursor.text()?)
        } else {
            None
        };
        cursor.finish()?;
        return Ok(Act::Joins { nickname });
    }
    let simple = [
        ("connects", Act::Connects),
        ("closes", Act::Closes),
        ("half-closes", Act::HalfCloses),
        ("resets", Act::Resets),
        ("hangs up", Act::HangsUp),
        ("stays", Act::Stays),
        ("stops reading", Act::StopsReading),
        ("resumes reading", Act::ResumesReading),
    ];
    for (phrase, act) in simple {
        if cursor.take(phrase) {
            cursor.finish()?;
            return Ok(act);
        }
    }
    let verb = cursor.word();
    let written = &cursor.source[verb.clone()];
    let message = if written.is_empty() {
        "expected a verb after the actor".to_owned()
    } else {
        format!("unknown step `{written}`")
    };
    Err(Diagnostic::new(verb, message)
        .help(format!("an actor can: {}", VERBS[..LISTED].join(", ")))
        .suggest(written, VERBS))
}

fn wins(cursor: &mut Cursor<'_>, first: Template) -> Parsed<StepKind> {
    let word = cursor.word();
    let second = actor(cursor.source, word)?;
    let blame = cursor.blame();
    cursor.keyword("joins")?;
    cursor.finish()?;
    let actors = [first, second];
    Ok(StepKind::Wins { actors, blame })
}

fn agreement(cursor: &mut Cursor<'_>, first: Template) -> Parsed<StepKind> {
    let mut actors = vec![first];
    loop {
        let word = cursor.word();
        match &cursor.source[word.clone()] {
            "and" => {}
            "agree" if actors.len() > 1 => break,
            "" => {
                return Err(Diagnostic::new(word, "expected `agree`")
                    .help("for example `anna, bruno and carla agree`"));
            }
            _ => actors.push(actor(cursor.source, word)?),
        }
    }
    cursor.finish()?;
    Ok(StepKind::Agree { actors })
}

/// What follows `may`.
pub(super) fn perhaps(cursor: &mut Cursor<'_>) -> Parsed<(Await, Option<Id>)> {
    cursor.keyword("<-")?;
    let blame = cursor.blame();
    Ok((Await::Perhaps(cursor.text()?), blame))
}

pub(super) fn awaited(cursor: &mut Cursor<'_>, eventually: bool) -> Parsed<(Await, Option<Id>)> {
    let blame = cursor.blame();
    let rest = &cursor.source[cursor.at..cursor.end];
    let count = rest
        .strip_suffix(" lines")
        .and_then(|count| count.trim().parse().ok());
    let what = match count {
        _ if eventually => Await::Eventually(cursor.text()?),
        Some(count) => Await::Lines(count),
        None if rest == "here lines" => Await::HereLines,
        None => Await::Line(cursor.text()?),
    };
    Ok((what, blame))
}

pub(super) fn server_act(cursor: &mut Cursor<'_>) -> Parsed<ServerAct> {
    let acts = [
        ("is interrupted", ServerAct::Interrupted),
        ("is terminated", ServerAct::Terminated),
        ("exits", ServerAct::Exits),
        ("restarts", ServerAct::Restarts),
    ];
    for (phrase, act) in acts {
        if cursor.take(phrase) {
            cursor.finish()?;
            return Ok(act);
        }
    }
    let span = cursor.at..cursor.end.max(cursor.at + 1);
    Err(Diagnostic::new(
        span,
        "expected `is interrupted`, `is terminated`, `exits` or `restarts`",
    ))
}

pub(super) fn setting(cursor: &mut Cursor<'_>) -> Parsed<(Setting, u64)> {
    let word = cursor.word();
    let written = &cursor.source[word.clone()];
    let Some(setting) = Setting::ALL
        .into_iter()
        .find(|setting| setting.name() == written)
    else {
        return Err(
            Diagnostic::new(word, format!("unknown setting `{written}`"))
                .help("the settings are `capacity`, `naming-timeout` and `open-files`")
                .suggest(written, Setting::ALL.map(Setting::name)),
        );
    };
    Ok((setting, cursor.number("a number")? as u64))
}

/// Parses the name of an actor: lower-case letters and digits, perhaps with `${n}`.
pub(super) fn actor(source: &str, word: Range<usize>) -> Parsed<Template> {
    let written = source[word.clone()].trim_end_matches(',');
    let span = word.start..word.start + written.len();
    let letters = written.split("${").next().unwrap_or_default();
    let valid = letters.starts_with(|c: char| c.is_ascii_lowercase())
        && letters
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if !valid {
        return Err(Diagnostic::new(span, "expected an actor")
            .help("the name of an actor consists of lower-case letters and digits")
            .suggest(written, KEYWORDS));
    }
    Ok(text::read(source, span)?.0)
}
