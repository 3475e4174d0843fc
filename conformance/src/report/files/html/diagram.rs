//! What happened on the wire as a sequence diagram: the actors and the server are columns, and time runs downwards.
//!
//! - [`rows`]: the moments that are shown, and what failed among them
//! - [`labels`]: their texts
//! - [`columns`]: the columns of the actors and the server
//!
//! Colours and fonts belong to the style sheet. To a screen reader the diagram is a list: the title of each row is a sentence,
//! which the pointer shows as well.

mod columns;
mod labels;
mod rows;

use maud::{Markup, html};

use crate::report::document::ScenarioEntry;
use crate::report::files::words;
use crate::runner::Happening;
use columns::{Column, Columns};
use rows::{Row, What};

/// The distance between two rows.
const STEP: usize = 26;
/// The room for the names above the first row.
const TOP: usize = 44;
/// The widest diagram that is still readable when it is scaled down to a narrow window.
const SMALL: usize = 460;
/// Diagrams of more rows than this repeat the names at their end.
const LONG: usize = 16;

pub(super) fn diagram(scenario: &ScenarioEntry) -> Markup {
    let rows = rows::of(scenario);
    let columns = Columns::of(&rows);
    let bottom = TOP + rows.len() * STEP + STEP / 2;
    let height = if rows.len() > LONG {
        bottom + 30
    } else {
        bottom
    };
    let name = &scenario.name;
    let mut clock = Clock::default();
    html! {
        div .scroll tabindex="0" role="region" aria-label={ "Sequence diagram of " (name) } {
            svg .diagram .small[columns.width <= SMALL] role="list" aria-labelledby={ "t-" (name) " d-" (name) }
                width=(columns.width) height=(height) viewBox={ "0 0 " (columns.width) " " (height) } {
                title #{ "t-" (name) } { "What happened in " (name) }
                desc #{ "d-" (name) } { (description(scenario, &columns)) }
                g aria-hidden="true" {
                    (bands(&rows, columns.width))
                    (lifelines(&rows, &columns, bottom))
                    (names(&columns, 20))
                    @if rows.len() > LONG { (names(&columns, bottom + 14)) }
                }
                @for (at, row) in rows.iter().enumerate() {
                    (line(row, TOP + at * STEP + STEP / 2 + 4, &columns, &mut clock))
                }
            }
        }
    }
}

fn description(scenario: &ScenarioEntry, columns: &Columns<'_>) -> String {
    let actors = columns.names().collect::<Vec<_>>().join(", ");
    let problem = scenario.failure();
    let problem = problem.map_or(String::new(), |failure| {
        format!(" It fails: {}.", words::problem(&failure.problem))
    });
    format!("Between {actors} and the server, from the first moment to the last.{problem}")
}

/// A band behind the rows that show the failure; adjacent rows share one.
fn bands(rows: &[Row<'_>], width: usize) -> Markup {
    let failed = |at: usize| rows.get(at).is_some_and(|row| row.failed);
    let starts = (0..rows.len()).filter(|at| failed(*at) && (*at == 0 || !failed(at - 1)));
    html! {
        @for start in starts {
            @let count = (start..rows.len()).take_while(|at| failed(*at)).count();
            rect .band x="1" y=(TOP + start * STEP - 5) width=(width - 2) height=(count * STEP + 5) rx="4" {}
        }
    }
}

fn names(columns: &Columns<'_>, y: usize) -> Markup {
    html! {
        @for column in &columns.all {
            @if column.is_server {
                rect .server x=(column.x - 32) y=(y - 14) width="64" height="20" rx="10" {}
            }
            text .name .server[column.is_server] x=(column.x) y=(y) { (column.label()) }
        }
    }
}

/// One line for each column: solid while the actor is connected, dashed otherwise.
fn lifelines(rows: &[Row<'_>], columns: &Columns<'_>, bottom: usize) -> Markup {
    html! {
        @for column in &columns.all {
            path .life .server[column.is_server] d={ "M" (column.x) " 30V" (bottom) } {}
            @for (from, to) in connected(rows, column, bottom) {
                path .live d={ "M" (column.x) " " (from) "V" (to) } {}
            }
        }
    }
}

/// The spans of y in which the actor is connected.
fn connected(rows: &[Row<'_>], column: &Column<'_>, bottom: usize) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut since = None;
    let mut known = false;
    for (at, row) in rows.iter().enumerate() {
        let What::Moment(Some(actor), happening) = row.what else {
            continue;
        };
        if actor != column.actor || column.is_server || column.is_crowd() {
            continue;
        }
        let y = TOP + at * STEP + STEP / 2 + 4;
        if *happening == Happening::Connected {
            since = Some(y);
        } else if !known {
            // The moment at which it was opened is left out.
            since = Some(30);
        }
        known = true;
        if matches!(
            happening,
            Happening::Ended { .. } | Happening::Reset | Happening::HungUp
        ) {
            spans.extend(since.take().map(|from| (from, y)));
        }
    }
    spans.extend(since.map(|from| (from, bottom)));
    spans
}

/// A row: its text, and an arrow or a sign on a lifeline.
fn line(row: &Row<'_>, y: usize, columns: &Columns<'_>, clock: &mut Clock) -> Markup {
    let time = row.at_us.and_then(|at_us| clock.show(at_us));
    html! {
        g role="listitem" .(class(row)) .failed[row.failed] {
            title { (labels::sentence(row)) }
            @if row.failed && !matches!(row.what, What::Note(_)) { text .cross x="8" y=(y) { "✗" } }
            @if let Some(time) = time { text .time x="54" y=(y) { (time) } }
            @match row.what {
                What::Gap(_) | What::Note(_) => text .middle x=(columns.width / 2) y=(y) { (columns.label(row)) },
                What::Moment(None, _) => {
                    path d={ "M" (columns.server - 5) " " (y - 9) "h10v10h-10z" } {}
                    text x=(columns.server + 12) y=(y) { (columns.label(row)) }
                },
                What::Moment(Some(actor), happening) => (event(row, columns, columns.of_actor(actor), Some(happening), y)),
                What::Received(actor, _) | What::Expected(actor, _) => {
                    (event(row, columns, columns.of_actor(actor), None, y))
                },
            }
        }
    }
}

fn event(
    row: &Row<'_>,
    columns: &Columns<'_>,
    actor: &Column<'_>,
    happening: Option<&Happening>,
    y: usize,
) -> Markup {
    let left = actor.x < columns.server;
    let text_x = if left { actor.x + 9 } else { actor.x - 9 };
    let path = match happening.map_or(Sign::ToActor, Sign::of) {
        Sign::Diamond => format!("M{} {}l5 5-5 5-5-5z", actor.x, y - 10),
        Sign::FromActor => arrow(actor.x, columns.server, y + 6, happening),
        Sign::ToActor => arrow(columns.server, actor.x, y + 6, happening),
    };
    html! {
        path d=(path) {}
        text class=[(!left).then_some("e")] x=(text_x) y=(y) { (columns.label(row)) }
    }
}

/// How an actor's moment is drawn.
enum Sign {
    FromActor,
    ToActor,
    /// On the actor's lifeline: nothing crosses the wire.
    Diamond,
}

impl Sign {
    fn of(happening: &Happening) -> Self {
        match happening {
            Happening::Received { .. } | Happening::Ended { .. } => Self::ToActor,
            Happening::StoppedReading
            | Happening::ResumedReading
            | Happening::Typed { .. }
            | Happening::InputEnded
            | Happening::Shown { .. } => Self::Diamond,
            Happening::Connected
            | Happening::Sent { .. }
            | Happening::HalfClosed
            | Happening::Reset
            | Happening::HungUp
            | Happening::Signalled { .. }
            | Happening::Exited { .. }
            | Happening::Restarted
            | Happening::Swept { .. } => Self::FromActor,
        }
    }
}

/// The path of an arrow. If it ends a connection, its end has a bar or a cross.
fn arrow(from: usize, to: usize, y: usize, happening: Option<&Happening>) -> String {
    let (near, sign) = if to > from {
        (to - 2, "-")
    } else {
        (to + 2, "")
    };
    let back = if sign.is_empty() { "-" } else { "" };
    let head = match happening {
        Some(Happening::Reset | Happening::HungUp) => "m-4-4l8 8m-8 0l8-8".to_owned(),
        Some(Happening::Ended { .. } | Happening::HalfClosed) => {
            format!("m{sign}6-4l{back}6 4 {sign}6 4m{back}6 2v-12")
        }
        _ => format!("m{sign}6-4l{back}6 4 {sign}6 4"),
    };
    format!("M{from} {y}H{near}{head}")
}

fn class(row: &Row<'_>) -> &'static str {
    match row.what {
        What::Gap(_) => "gap",
        What::Note(_) => "remark",
        What::Received(..) => "received",
        What::Expected(..) => "expected",
        What::Moment(_, happening) => match happening {
            Happening::Connected => "connected",
            Happening::Sent { .. } => "sent",
            Happening::Received { .. } => "received",
            Happening::HalfClosed => "half-closed",
            Happening::Reset | Happening::HungUp => "reset",
            Happening::StoppedReading
            | Happening::ResumedReading
            | Happening::Typed { .. }
            | Happening::InputEnded
            | Happening::Shown { .. } => "reading",
            Happening::Ended { .. } => "ended",
            Happening::Signalled { .. }
            | Happening::Exited { .. }
            | Happening::Restarted
            | Happening::Swept { .. } => "process",
        },
    }
}

/// Shows the time only where at least a millisecond has passed since the last one shown.
#[derive(Debug, Default)]
struct Clock {
    first: Option<u64>,
    shown: Option<u64>,
}

impl Clock {
    fn show(&mut self, at_us: u64) -> Option<String> {
        let first = *self.first.get_or_insert(at_us);
        if self.shown.is_some_and(|shown| at_us < shown + 1000) {
            return None;
        }
        self.shown = Some(at_us);
        let since = at_us.saturating_sub(first);
        Some(match since {
            0..1_000_000 => format!("{} ms", since / 1000),
            _ => format!("{}.{} s", since / 1_000_000, since / 100_000 % 10),
        })
    }
}

#[cfg(test)]
mod tests;
