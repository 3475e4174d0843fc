//! One row of the transcript.

use super::colours::Colours;
use super::links::{Piece, pieces};
use crate::session::{Entry, EntryKind};
use crate::text::harmless;
use crate::words::{Language, say};
use chrono::{DateTime, Local};
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{
    Align, Color32, CornerRadius, FontId, Hyperlink, Label, Layout, Pos2, Rect, RichText, Shape,
    Stroke, TextStyle, Ui, UiBuilder, pos2, vec2,
};
use std::ops::Range;
use std::time::{Duration, SystemTime};

/// How long somebody may be silent and still go on under the same name.
const PAUSE: Duration = Duration::from_secs(5 * 60);

/// The widest that a text may be, in points: longer lines are hard to read.
const WIDEST: f32 = 620.0;

/// The distance from line to line, in sizes of the font.
const LINE_HEIGHT: f32 = 1.4;

/// The width at the side of a message where its time stands.
const SIDE: f32 = 52.0;

const PADDING: eframe::egui::Vec2 = vec2(12.0, 7.0);

/// What a row shows besides its entry.
pub(super) struct Look<'a> {
    pub(super) language: Language,
    /// The entry before this one.
    pub(super) before: Option<&'a Entry>,
    /// Whether the unread begin here.
    pub(super) unread: bool,
    /// What is searched for, in lower case; nothing when it is empty.
    pub(super) searched: &'a str,
}

/// What a row says to somebody who does not see it.
pub(super) fn spoken(entry: &Entry, language: Language) -> String {
    language.entry(&entry.kind)
}

/// Whether it is read aloud when it comes. What somebody has typed they know, and what the connection does the banner
/// says.
pub(super) fn is_news(entry: &Entry) -> bool {
    use EntryKind::{Connecting, Ended, Own, Waiting};
    !matches!(
        entry.kind,
        Own { .. } | Connecting(_) | Ended(_) | Waiting(_)
    )
}

/// Shows a row at the top of `ui`, over its whole width.
pub(super) fn show(ui: &mut Ui, entry: &Entry, look: &Look<'_>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let today = day(entry.at);
    if look.before.is_none_or(|before| day(before.at) != today) {
        rule(ui, &today, Colours::of(ui).weak);
    }
    if look.unread {
        let text = say!(look.language, "unread from here", "da qui non letto");
        rule(ui, &text, Colours::of(ui).accent);
    }
    match &entry.kind {
        EntryKind::Message {
            nick,
            text,
            mention,
        } => {
            if !goes_on(entry, look.before) {
                let name = RichText::new(harmless(nick)).strong();
                ui.add_space(10.0);
                ui.horizontal(|ui| {
                    ui.add_space(PADDING.x);
                    ui.add(Label::new(name.color(Colours::of(ui).nick(nick))).truncate());
                });
            }
            bubble(ui, entry.at, text, false, *mention, look.searched);
        }
        EntryKind::Own { text, .. } => {
            if !goes_on(entry, look.before) {
                ui.add_space(8.0);
            }
            bubble(ui, entry.at, text, true, false, look.searched);
        }
        EntryKind::Help => {
            ui.add_space(6.0);
            for line in look.language.help() {
                notice(ui, line, Colours::of(ui).weak);
            }
        }
        kind => {
            let colours = Colours::of(ui);
            let colour = match kind {
                EntryKind::Fault(_) | EntryKind::Error { .. } | EntryKind::Refused(_) => {
                    colours.warning
                }
                _ => colours.weak,
            };
            let (time, text) = (clock(entry.at), look.language.entry(kind));
            notice(ui, &format!("{time}   {text}"), colour);
        }
    }
    ui.add_space(3.0);
}

/// Whether an entry goes on with what its speaker said just before.
fn goes_on(entry: &Entry, before: Option<&Entry>) -> bool {
    let Some(before) = before else {
        return false;
    };
    let same = match (&before.kind, &entry.kind) {
        (EntryKind::Message { nick: one, .. }, EntryKind::Message { nick: other, .. })
        | (EntryKind::Own { nick: one, .. }, EntryKind::Own { nick: other, .. }) => one == other,
        _ => false,
    };
    let soon = |pause| pause < PAUSE;
    same && entry.at.duration_since(before.at).is_ok_and(soon) && day(entry.at) == day(before.at)
}

/// A text across the row, between two lines.
fn rule(ui: &mut Ui, text: &str, colour: Color32) {
    ui.add_space(10.0);
    let rect = ui
        .vertical_centered(|ui| {
            let text = RichText::new(text).small().color(colour);
            ui.add(Label::new(text).selectable(false)).rect
        })
        .inner;
    let stroke = Stroke::new(1.0, colour.gamma_multiply(0.4));
    let (left, right) = (ui.max_rect().left(), ui.max_rect().right());
    let painter = ui.painter();
    painter.hline(left..=rect.left() - 10.0, rect.center().y, stroke);
    painter.hline(rect.right() + 10.0..=right, rect.center().y, stroke);
    ui.add_space(6.0);
}

fn notice(ui: &mut Ui, text: &str, colour: Color32) {
    ui.add_space(2.0);
    ui.horizontal_top(|ui| {
        let margin = PADDING.x;
        ui.add_space(margin);
        ui.set_max_width(ui.available_width() - margin);
        ui.add(Label::new(RichText::new(text).small().color(colour)).wrap());
    });
    ui.add_space(2.0);
}

/// Shows a message on its ground, and the time beside it.
fn bubble(ui: &mut Ui, at: SystemTime, text: &str, own: bool, mention: bool, searched: &str) {
    let colours = Colours::of(ui);
    let text = harmless(text);
    let pieces = pieces(&text);
    let font = TextStyle::Body.resolve(ui.style());
    let room = ui.available_rect_before_wrap();
    let widest = (room.width() - SIDE - 2.0 * PADDING.x).clamp(40.0, WIDEST);
    let mut job = job(&text, &font, colours.ink, searched, colours.found);
    job.wrap.max_width = widest;
    let galley = ui.painter().layout_job(job);

    // A pixel more than measured: rounding must not break a line.
    let width = (galley.size().x + 1.0).min(widest);
    let left = match own {
        true => room.right() - width - 2.0 * PADDING.x,
        false => room.left(),
    };
    let begin = pos2(left, room.top() + 2.0);
    let ground = ui.painter().add(Shape::Noop);
    let inside = Rect::from_min_size(begin + PADDING, vec2(width, 0.0));
    let layout = Layout::left_to_right(Align::Min).with_main_wrap(true);
    let mut inner = ui.new_child(UiBuilder::new().max_rect(inside).layout(layout));
    inner.spacing_mut().item_spacing = vec2(0.0, 0.0);
    inner.spacing_mut().interact_size.y = 0.0;
    if let [Piece::Text(_)] | [] = pieces[..] {
        inner.add(Label::new(galley).selectable(true));
    } else {
        for piece in pieces {
            let (part, colour) = match piece {
                Piece::Text(part) => (part, colours.ink),
                Piece::Link(part) => (part, colours.accent),
            };
            let job = self::job(part, &font, colour, searched, colours.found);
            match piece {
                Piece::Text(_) => inner.add(Label::new(job).selectable(true).wrap()),
                Piece::Link(url) => inner.add(Hyperlink::from_label_and_url(job, url)),
            };
        }
    }
    let height = inner.min_rect().height() + 2.0 * PADDING.y;
    let rect = Rect::from_min_size(begin, vec2(width + 2.0 * PADDING.x, height));
    let fill = if own { colours.own } else { colours.surface };
    let stroke = match mention {
        true => Stroke::new(1.5, colours.accent),
        false if own => Stroke::NONE,
        false => Stroke::new(1.0, colours.line),
    };
    let shape = eframe::egui::epaint::RectShape::new(
        rect,
        CornerRadius::same(12),
        fill,
        stroke,
        eframe::egui::StrokeKind::Inside,
    );
    ui.painter().set(ground, shape);
    time(ui, at, rect, own);
    ui.allocate_rect(
        Rect::from_min_max(room.min, pos2(room.right(), rect.bottom())),
        eframe::egui::Sense::hover(),
    );
}

/// Shows the time of a message at its side.
fn time(ui: &mut Ui, at: SystemTime, beside: Rect, own: bool) {
    let text = RichText::new(clock(at)).small().color(Colours::of(ui).weak);
    let size = vec2(SIDE - 14.0, 16.0);
    let top = beside.bottom() - size.y - 5.0;
    let left = match own {
        true => beside.left() - size.x - 7.0,
        false => beside.right() + 7.0,
    };
    let rect = Rect::from_min_size(Pos2::new(left, top), size);
    let layout = match own {
        true => Layout::right_to_left(Align::Center),
        false => Layout::left_to_right(Align::Center),
    };
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout));
    ui.add(Label::new(text).selectable(false).extend());
}

/// A text, with what is searched for on another ground.
fn job(text: &str, font: &FontId, colour: Color32, searched: &str, ground: Color32) -> LayoutJob {
    let mut job = LayoutJob::default();
    let plain = TextFormat {
        line_height: Some(font.size * LINE_HEIGHT),
        ..TextFormat::simple(font.clone(), colour)
    };
    let mut done = 0;
    for Range { start, end } in found(text, searched) {
        job.append(&text[done..start], 0.0, plain.clone());
        let marked = TextFormat {
            background: ground,
            ..plain.clone()
        };
        job.append(&text[start..end], 0.0, marked);
        done = end;
    }
    job.append(&text[done..], 0.0, plain);
    job
}

/// Where `searched`, which is in lower case, stands in `text`, without regard to case.
fn found(text: &str, searched: &str) -> Vec<Range<usize>> {
    if searched.is_empty() {
        return Vec::new();
    }
    // Lower case may be longer or shorter: each byte of it remembers where it comes from.
    let mut lower = String::new();
    let mut origins = Vec::new();
    for (at, c) in text.char_indices() {
        lower.extend(c.to_lowercase());
        origins.resize(lower.len(), at);
    }
    origins.push(text.len());
    let ends = |at: usize| {
        let from = origins[at];
        origins[at..].iter().copied().find(|&origin| origin > from)
    };
    let mut found = lower.match_indices(searched);
    std::iter::from_fn(|| {
        let (at, _) = found.next()?;
        let last = at + searched.len() - 1;
        Some(origins[at]..ends(last).unwrap_or(text.len()))
    })
    .collect()
}

fn day(at: SystemTime) -> String {
    DateTime::<Local>::from(at).format("%Y-%m-%d").to_string()
}

fn clock(at: SystemTime) -> String {
    DateTime::<Local>::from(at).format("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Ciao a tutti, ciao", "ciao", &["Ciao", "ciao"])]
    #[case("PERCHÉ no", "perché", &["PERCHÉ"])]
    #[case("İstanbul ß", "i\u{307}s", &["İs"])]
    #[case("aaa", "aa", &["aa"])]
    #[case("niente", "", &[])]
    #[case("niente", "x", &[])]
    fn what_is_searched_is_found(
        #[case] text: &str,
        #[case] searched: &str,
        #[case] expected: &[&str],
    ) {
        let found: Vec<_> = found(text, searched)
            .into_iter()
            .map(|range| &text[range])
            .collect();
        assert_eq!(found, expected);
    }
}
