//! Which moments a diagram shows, and which of them show what failed.

use super::columns::Columns;
use crate::report::document::{FailureEntry, ScenarioEntry};
use crate::report::files::html::words::{count, visible};
use crate::requirement::Class;
use crate::runner::{Moment, MomentKind};

/// When there are more rows than `HEAD + TAIL`, these are shown. What failed is at the end.
const HEAD: usize = 14;
const TAIL: usize = 30;
/// So many moments between them are shown although they are in the middle.
const RARE: usize = 10;

/// The longest text beside an arrow, in characters of ordinary width.
const LONGEST: usize = 31;

#[derive(Debug)]
pub(super) struct Row<'a> {
    /// None for what did not happen.
    pub(super) at_us: Option<u64>,
    pub(super) what: What<'a>,
    /// How often it happened, one time after the other.
    times: usize,
    /// Whether it shows what failed.
    pub(super) failed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What<'a> {
    /// Something happened to an actor.
    Moment(&'a str, MomentKind, &'a str),
    /// This should have come to an actor.
    Expected(&'a str, &'a str),
    /// So many moments are left out.
    Gap(usize),
    /// What failed, where it belongs to no arrow.
    Note(&'a str),
}

pub(super) fn of(scenario: &ScenarioEntry) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    scenario
        .moments
        .iter()
        .for_each(|moment| push(&mut rows, moment));
    if scenario.moments_left_out > 0 {
        rows.push(row(None, What::Gap(scenario.moments_left_out), false));
    }
    scenario
        .last_moments
        .iter()
        .for_each(|moment| push(&mut rows, moment));
    if let Some(failure) = &scenario.failure {
        mark(&mut rows, failure, scenario);
    }
    shorten(&mut rows);
    rows
}

fn row(at_us: Option<u64>, what: What<'_>, failed: bool) -> Row<'_> {
    Row {
        at_us,
        what,
        times: 1,
        failed,
    }
}

/// A moment that repeats the one before it is counted there.
fn push<'a>(rows: &mut Vec<Row<'a>>, moment: &'a Moment) {
    let what = What::Moment(&moment.actor, moment.kind, &moment.text);
    match rows.last_mut() {
        Some(last) if last.what == what => last.times += 1,
        _ => rows.push(row(Some(moment.at_us), what, false)),
    }
}

/// Marks the moment that failed, and adds what should have happened.
fn mark<'a>(rows: &mut Vec<Row<'a>>, failure: &'a FailureEntry, scenario: &'a ScenarioEntry) {
    // What is expected of a client comes from it, and not to it: the sentence says what.
    let concerned = match scenario.class {
        Class::Server => concerned(rows, failure, scenario),
        Class::Client => None,
    };
    let Some(actor) = concerned else {
        rows.push(row(None, What::Note(&failure.problem), true));
        return;
    };
    let received = failure.received.as_deref().unwrap_or_default();
    let is_culprit = |row: &Row<'_>| match row.what {
        // Behind the text there may be what is wrong with it.
        What::Moment(who, MomentKind::Received, text) => {
            who == actor
                && received
                    .strip_prefix(text)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
        }
        What::Moment(who, MomentKind::Ended, text) => {
            who == actor && received.starts_with('(') && received.contains(text)
        }
        _ => false,
    };
    let culprit = rows.iter().rposition(is_culprit);
    if let Some(at) = culprit {
        rows[at].failed = true;
    }
    let place = culprit.map_or(rows.len(), |at| at + 1);
    match failure.expected.as_deref() {
        Some("(nothing)") if culprit.is_some() => {}
        Some(expected) if expected != "(nothing)" => {
            rows.insert(place, row(None, What::Expected(actor, expected), true));
        }
        _ => rows.insert(place, row(None, What::Note(&failure.problem), true)),
    }
}

/// The actor whose step failed: the sentence names it, or the step does.
fn concerned<'a>(
    rows: &[Row<'a>],
    failure: &FailureEntry,
    scenario: &ScenarioEntry,
) -> Option<&'a str> {
    let step = failure
        .line
        .and_then(|line| line.checked_sub(scenario.line + 1))
        .and_then(|at| scenario.source.lines().nth(at))
        .unwrap_or_default();
    let words = failure
        .problem
        .split_whitespace()
        .chain(step.split_whitespace().take(1));
    words
        .map(|word| word.strip_suffix("'s").unwrap_or(word))
        .find_map(|word| {
            rows.iter()
                .filter_map(Row::actor)
                .find(|actor| *actor == word)
        })
}

/// Leaves out the middle, but nothing that shows what failed, and not the rare moments.
fn shorten(rows: &mut Vec<Row<'_>>) {
    if rows.len() <= HEAD + TAIL {
        return;
    }
    let failed = rows.iter().position(|row| row.failed);
    let end = (rows.len() - TAIL).min(failed.map_or(usize::MAX, |at| at.saturating_sub(4)));
    if end <= HEAD + 1 {
        return;
    }
    let mut middle = Vec::new();
    let mut left_out = Vec::new();
    let mut rare = 0;
    for row in rows.drain(HEAD..end).collect::<Vec<_>>() {
        if row.is_rare() && rare < RARE {
            rare += 1;
            middle.extend(gap(&mut left_out));
            middle.push(row);
        } else {
            left_out.push(row);
        }
    }
    middle.extend(gap(&mut left_out));
    rows.splice(HEAD..HEAD, middle);
}

/// Takes what is left out. A single row would take no more place than the word that it is missing.
fn gap<'a>(left_out: &mut Vec<Row<'a>>) -> Option<Row<'a>> {
    if left_out.len() < 2 {
        return left_out.pop();
    }
    let moments = left_out.drain(..).map(|row| row.moments()).sum();
    Some(row(None, What::Gap(moments), false))
}

impl<'a> Row<'a> {
    fn moments(&self) -> usize {
        match self.what {
            What::Gap(left_out) => left_out,
            _ => self.times,
        }
    }

    /// Whether it is something else than another line, or another client.
    fn is_rare(&self) -> bool {
        use MomentKind::{Connected, Received, Sent};
        matches!(self.what, What::Moment(_, kind, _) if !matches!(kind, Connected | Received | Sent))
    }

    /// None for the server's process, and for what concerns nobody.
    pub(super) fn actor(&self) -> Option<&'a str> {
        match self.what {
            What::Moment(actor, ..) | What::Expected(actor, _) if !actor.is_empty() => Some(actor),
            _ => None,
        }
    }

    /// What is written beside the arrow.
    pub(super) fn label(&self, columns: &Columns<'_>) -> String {
        let text = match self.what {
            What::Gap(left_out) => {
                return format!("⋮   {} left out   ⋮", count(left_out, "moment"));
            }
            What::Note(problem) => return format!("✗ {}", shortened(problem, 72)),
            What::Expected(_, text) => format!("expected: {}", shortened(text, LONGEST - 10)),
            What::Moment(_, kind, text) => match kind {
                MomentKind::Connected => "connects".to_owned(),
                MomentKind::HalfClosed => "FIN".to_owned(),
                MomentKind::Reset => "RST".to_owned(),
                MomentKind::Reading => format!("{text} reading"),
                MomentKind::Typed => format!("types {}", shortened(text, LONGEST - 6)),
                MomentKind::Shown => format!("shows {}", shortened(text, LONGEST - 6)),
                MomentKind::Sent
                | MomentKind::Received
                | MomentKind::Ended
                | MomentKind::Process => shortened(text, LONGEST),
            },
        };
        let times = match self.times {
            1 => String::new(),
            times => format!(" × {times}"),
        };
        match self.actor().filter(|actor| columns.is_in_crowd(actor)) {
            Some(actor) => format!("{}: {text}{times}", shortened(actor, 12)),
            None => text + &times,
        }
    }

    /// The whole row, for those who do not see the diagram, and for what is shortened in it.
    pub(super) fn sentence(&self) -> String {
        let failed = if self.failed { "Failed: " } else { "" };
        let times = match self.times {
            1 => String::new(),
            times => format!(", {times} times"),
        };
        let sentence = match self.what {
            What::Gap(left_out) => format!("{} left out", count(left_out, "moment")),
            What::Note(problem) => problem.to_owned(),
            What::Expected(actor, text) => format!("{actor} should have received: {text}"),
            What::Moment(actor, kind, text) => match kind {
                MomentKind::Connected => format!("{actor} connects"),
                MomentKind::Sent => format!("{actor} sends: {text}"),
                MomentKind::Received => format!("{actor} receives: {text}"),
                MomentKind::HalfClosed => format!("{actor} ends its side of the connection"),
                MomentKind::Reset => format!("{actor} resets the connection"),
                MomentKind::Reading => format!("{actor} {text} reading"),
                MomentKind::Ended => format!("the server ends {actor}'s connection: {text}"),
                MomentKind::Typed => format!("{actor}'s user types: {text}"),
                MomentKind::Shown => format!("{actor} shows: {text}"),
                MomentKind::Process => format!("the server's process: {text}"),
            },
        };
        format!("{failed}{sentence}{times}")
    }
}

/// The beginning and the end of a text, or as much as there is room for.
pub(super) fn shortened(text: &str, room: usize) -> String {
    let text = visible(text);
    if text.chars().map(cells).sum::<usize>() <= room {
        return text;
    }
    // A text that was shortened before says how long it was: `xxx… (4096 bytes) …xxx`.
    let length = text.split_once("… (").and_then(|(_, rest)| {
        let (length, _) = rest.split_once(") …")?;
        Some(format!("… ({length})"))
    });
    let end = length.unwrap_or_else(|| {
        let tail: String = fitting(text.chars().rev(), room / 4)
            .chars()
            .rev()
            .collect();
        format!("…{tail}")
    });
    let taken = end.chars().map(cells).sum();
    fitting(text.chars(), room.saturating_sub(taken)) + &end
}

/// As many characters as fit.
fn fitting(characters: impl Iterator<Item = char>, room: usize) -> String {
    let mut taken = 0;
    let fits = |c: &char| {
        taken += cells(*c);
        taken <= room
    };
    characters.take_while(fits).collect()
}

/// How much place a character takes: about 1, or 2 for those of East Asia and for pictures.
pub(super) fn cells(c: char) -> usize {
    1 + usize::from(c >= '\u{1100}' && !matches!(c, '\u{2000}'..='\u{2E7F}'))
}
