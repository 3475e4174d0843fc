//! The rows of a diagram: the moments that are shown, and what failed among them.

use driver::wire::{End, Excerpt, Received};

use crate::report::document::ScenarioEntry;
use crate::requirement::Class;
use crate::runner::{Expectation, Failure, Happening, Instead, Moment, Problem};

/// If there are more rows than `HEAD + TAIL`, only these are shown from the beginning and the end, where the failure is.
const HEAD: usize = 14;
const TAIL: usize = 30;
/// How many of the rare rows between them are shown as well.
const RARE: usize = 10;

#[derive(Debug)]
pub(super) struct Row<'a> {
    /// Microseconds since the beginning; `None` for what did not happen.
    pub(super) at_us: Option<u64>,
    pub(super) what: What<'a>,
    /// How often it happened in succession.
    pub(super) times: usize,
    /// Whether it shows the failure.
    pub(super) failed: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum What<'a> {
    /// Something happened to an actor or, if there is none, to the process under test.
    Moment(Option<&'a str>, &'a Happening),
    /// An actor received this after the last moment.
    Received(&'a str, &'a Received),
    /// An actor should have received this.
    Expected(&'a str, &'a Expectation),
    /// This number of moments is left out.
    Gap(usize),
    /// A failure that belongs to no arrow.
    Note(&'a Problem),
}

pub(super) fn of(scenario: &ScenarioEntry) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for moment in &scenario.moments {
        push(&mut rows, moment);
    }
    if scenario.moments_left_out > 0 {
        rows.push(row(None, What::Gap(scenario.moments_left_out), false));
    }
    for moment in &scenario.last_moments {
        push(&mut rows, moment);
    }
    if let Some(failure) = scenario.failure() {
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

/// Adds a moment. One that repeats the moment before it is counted there.
fn push<'a>(rows: &mut Vec<Row<'a>>, moment: &'a Moment) {
    let (actor, happening) = (moment.actor.as_deref(), &moment.what);
    match rows.last_mut() {
        Some(Row {
            what: What::Moment(last_actor, last),
            times,
            ..
        }) if (*last_actor, *last) == (actor, happening) => *times += 1,
        _ => rows.push(row(
            Some(moment.at_us),
            What::Moment(actor, happening),
            false,
        )),
    }
}

/// Marks the moment that shows the failure, and adds what should have happened.
fn mark<'a>(rows: &mut Vec<Row<'a>>, failure: &'a Failure, scenario: &ScenarioEntry) {
    let (problem, class) = (&failure.problem, scenario.class);
    let is_shortened = scenario.moments_left_out > 0;
    let culprit = culprit(problem).and_then(|(actor, happening)| {
        rows.iter().rposition(|row| match row.what {
            What::Moment(who, what) => who == Some(actor) && *what == happening,
            _ => false,
        })
    });
    if let Some(at) = culprit {
        rows[at].failed = true;
    }
    let place = culprit.map_or(rows.len(), |at| at + 1);
    let added = match (class, problem.actor(), problem.expected()) {
        (Class::Server, Some(actor), Some(Expectation::Nothing)) => match problem {
            _ if culprit.is_some() => return,
            Problem::Unlisted { received, .. } if !is_shortened => What::Received(actor, received),
            _ => What::Note(problem),
        },
        (Class::Server, Some(actor), Some(expected)) => What::Expected(actor, expected),
        // What is expected of a client comes from it: no arrow towards it can show that.
        _ => What::Note(problem),
    };
    rows.insert(place, row(None, added, true));
}

/// The moment that shows a problem, if a moment does.
fn culprit(problem: &Problem) -> Option<(&str, Happening)> {
    Some(match problem {
        Problem::Different {
            actor, received, ..
        }
        | Problem::Unlisted { actor, received }
        | Problem::Ghost {
            actor, received, ..
        } => {
            let text = Excerpt::of(received.bytes());
            (actor, Happening::Received { text })
        }
        Problem::Ended { actor, end, .. } => (actor, Happening::Ended { end: *end }),
        Problem::Reset { actor } => (actor, Happening::Ended { end: End::Reset }),
        Problem::Client { actor, instead, .. } => {
            let text = match instead {
                Instead::Sent { line } => line.as_str().into(),
                Instead::Unlawful { line } => Excerpt::of(&line.bytes),
                _ => return None,
            };
            (actor, Happening::Sent { text })
        }
        _ => return None,
    })
}

/// Leaves out the middle, except for the failure and the rare moments.
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

/// A row for the rows that are left out. A single one is kept: it takes no more room than the remark about it.
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

    /// Whether it is something else than one more line or client.
    fn is_rare(&self) -> bool {
        let What::Moment(_, happening) = self.what else {
            return false;
        };
        !matches!(
            happening,
            Happening::Connected | Happening::Sent { .. } | Happening::Received { .. }
        )
    }

    /// The actor that has the row's arrow; `None` for the process under test, gaps and notes.
    pub(super) fn actor(&self) -> Option<&'a str> {
        match self.what {
            What::Moment(actor, _) => actor,
            What::Received(actor, _) | What::Expected(actor, _) => Some(actor),
            What::Gap(_) | What::Note(_) => None,
        }
    }
}
