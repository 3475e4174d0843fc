//! A row of the transcript.

use super::colours::Colours;
use super::hyperlinks::{Piece, pieces};
use crate::i18n::{Language, tr};
use crate::sanitize::sanitize;
use crate::session::{Entry, EntryKind};
use chrono::{DateTime, Local};
use eframe::egui::epaint::RectShape;
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{
    Align, Color32, CornerRadius, FontId, Hyperlink, Label, Layout, Pos2, Rect, RichText, Sense,
    Shape, Stroke, StrokeKind, TextStyle, Ui, UiBuilder, Vec2, pos2, vec2,
};
use std::ops::Range;
use std::time::{Duration, SystemTime};

/// After a longer pause, the next message of the same sender shows the name again.
const MAX_PAUSE: Duration = Duration::from_secs(5 * 60);

/// The maximum width of a text, in points. Longer lines are hard to read.
const MAX_TEXT_WIDTH: f32 = 620.0;

/// The line height, relative to the font size.
const LINE_HEIGHT: f32 = 1.4;

/// The width reserved for the time next to a message, in points.
const TIME_WIDTH: f32 = 52.0;

/// Between a text and the edge of its bubble, in points.
const PADDING: Vec2 = vec2(12.0, 7.0);

/// What a row shows besides its entry.
pub(super) struct RowContext<'a> {
    pub(super) language: Language,
    pub(super) previous: Option<&'a Entry>,
    /// Whether this is the first unread entry.
    pub(super) is_first_unread: bool,
    /// The search text in lower case, or nothing.
    pub(super) query: &'a str,
}

/// The accessible name of a row.
pub(super) fn accessible_name(entry: &Entry, language: Language) -> String {
    language.entry(&entry.kind)
}

/// Whether screen readers announce the entry. The user's own messages are known, and the banner announces the state of the
/// connection.
pub(super) fn is_announced(entry: &Entry) -> bool {
    use EntryKind::{Connecting, Ended, Own, Waiting};
    !matches!(
        entry.kind,
        Own { .. } | Connecting(_) | Ended(_) | Waiting(_)
    )
}

/// Shows a row at the top of `ui`, over its whole width.
pub(super) fn show(ui: &mut Ui, entry: &Entry, context: &RowContext<'_>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let today = day(entry.at);
    if context
        .previous
        .is_none_or(|previous| day(previous.at) != today)
    {
        separator(ui, &today, Colours::of(ui).weak_text);
    }
    if context.is_first_unread {
        let text = tr!(context.language, "unread from here", "da qui non letto");
        separator(ui, &text, Colours::of(ui).accent);
    }
    match &entry.kind {
        EntryKind::Message {
            nick,
            text,
            mention,
        } => {
            if !continues(entry, context.previous) {
                let name = RichText::new(sanitize(nick)).strong();
                ui.add_space(10.0);
                ui.horizontal(|ui| {
                    ui.add_space(PADDING.x);
                    ui.add(Label::new(name.color(Colours::of(ui).nick(nick))).truncate());
                });
            }
            bubble(ui, entry.at, text, false, *mention, context.query);
        }
        EntryKind::Own { text, .. } => {
            if !continues(entry, context.previous) {
                ui.add_space(8.0);
            }
            bubble(ui, entry.at, text, true, false, context.query);
        }
        EntryKind::Help => {
            ui.add_space(6.0);
            for line in context.language.help() {
                notice(ui, line, Colours::of(ui).weak_text);
            }
        }
        kind => {
            let colours = Colours::of(ui);
            let colour = match kind {
                EntryKind::Fault(_) | EntryKind::Error { .. } | EntryKind::Refused(_) => {
                    colours.warning
                }
                _ => colours.weak_text,
            };
            let (time, text) = (clock(entry.at), context.language.entry(kind));
            notice(ui, &format!("{time}   {text}"), colour);
        }
    }
    ui.add_space(3.0);
}

/// Whether a message follows another one of the same sender closely enough to be grouped with it.
fn continues(entry: &Entry, previous: Option<&Entry>) -> bool {
    let Some(previous) = previous else {
        return false;
    };
    let same_sender = match (&previous.kind, &entry.kind) {
        (EntryKind::Message { nick: one, .. }, EntryKind::Message { nick: other, .. })
        | (EntryKind::Own { nick: one, .. }, EntryKind::Own { nick: other, .. }) => one == other,
        _ => false,
    };
    same_sender
        && entry
            .at
            .duration_since(previous.at)
            .is_ok_and(|pause| pause < MAX_PAUSE)
        && day(entry.at) == day(previous.at)
}

/// A centred text between two horizontal lines.
fn separator(ui: &mut Ui, text: &str, colour: Color32) {
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

/// Shows a message in a bubble, with the time beside it.
fn bubble(ui: &mut Ui, at: SystemTime, text: &str, own: bool, mention: bool, query: &str) {
    let colours = Colours::of(ui);
    let text = sanitize(text);
    let pieces = pieces(&text);
    let font = TextStyle::Body.resolve(ui.style());
    let area = ui.available_rect_before_wrap();
    let max_width = (area.width() - TIME_WIDTH - 2.0 * PADDING.x).clamp(40.0, MAX_TEXT_WIDTH);
    let mut job = layout(&text, &font, colours.text, query, colours.highlight);
    job.wrap.max_width = max_width;
    let galley = ui.painter().layout_job(job);

    // One more than measured, so that rounding does not wrap the text.
    let width = (galley.size().x + 1.0).min(max_width);
    let left = match own {
        true => area.right() - width - 2.0 * PADDING.x,
        false => area.left(),
    };
    let top_left = pos2(left, area.top() + 2.0);
    // Painted first, but its size is known last.
    let background = ui.painter().add(Shape::Noop);
    let inside = Rect::from_min_size(top_left + PADDING, vec2(width, 0.0));
    let wrapping = Layout::left_to_right(Align::Min).with_main_wrap(true);
    let mut inner = ui.new_child(UiBuilder::new().max_rect(inside).layout(wrapping));
    inner.spacing_mut().item_spacing = vec2(0.0, 0.0);
    inner.spacing_mut().interact_size.y = 0.0;
    if let [Piece::Text(_)] | [] = pieces[..] {
        inner.add(Label::new(galley).selectable(true));
    } else {
        show_pieces(&mut inner, pieces, &font, query);
    }
    let height = inner.min_rect().height() + 2.0 * PADDING.y;
    let rect = Rect::from_min_size(top_left, vec2(width + 2.0 * PADDING.x, height));
    let fill = match own {
        true => colours.own_bubble,
        false => colours.surface,
    };
    let stroke = match mention {
        true => Stroke::new(1.5, colours.accent),
        false if own => Stroke::NONE,
        false => Stroke::new(1.0, colours.border),
    };
    let radius = CornerRadius::same(12);
    let shape = RectShape::new(rect, radius, fill, stroke, StrokeKind::Inside);
    ui.painter().set(background, shape);
    show_time(ui, at, rect, own);
    ui.allocate_rect(
        Rect::from_min_max(area.min, pos2(area.right(), rect.bottom())),
        Sense::hover(),
    );
}

/// Shows a text with its hyperlinks.
fn show_pieces(ui: &mut Ui, pieces: Vec<Piece<'_>>, font: &FontId, query: &str) {
    let colours = Colours::of(ui);
    for piece in pieces {
        let layout = |text, colour| layout(text, font, colour, query, colours.highlight);
        match piece {
            Piece::Text(text) => {
                let job = layout(text, colours.text);
                ui.add(Label::new(job).selectable(true).wrap());
            }
            Piece::Link(url) => {
                ui.add(Hyperlink::from_label_and_url(
                    layout(url, colours.accent),
                    url,
                ));
            }
        }
    }
}

/// Shows the time beside a message.
fn show_time(ui: &mut Ui, at: SystemTime, beside: Rect, own: bool) {
    let text = RichText::new(clock(at))
        .small()
        .color(Colours::of(ui).weak_text);
    let size = vec2(TIME_WIDTH - 14.0, 16.0);
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

/// Lays out a text with the search hits highlighted.
fn layout(
    text: &str,
    font: &FontId,
    colour: Color32,
    query: &str,
    highlight: Color32,
) -> LayoutJob {
    let mut job = LayoutJob::default();
    let plain = TextFormat {
        line_height: Some(font.size * LINE_HEIGHT),
        ..TextFormat::simple(font.clone(), colour)
    };
    let mut done = 0;
    for Range { start, end } in find(text, query) {
        job.append(&text[done..start], 0.0, plain.clone());
        let marked = TextFormat {
            background: highlight,
            ..plain.clone()
        };
        job.append(&text[start..end], 0.0, marked);
        done = end;
    }
    job.append(&text[done..], 0.0, plain);
    job
}

/// The occurrences of `query`, which is in lower case, in `text`, ignoring case.
fn find(text: &str, query: &str) -> Vec<Range<usize>> {
    if query.is_empty() {
        return Vec::new();
    }
    // Lower case may change the length, so each byte of it remembers where it comes from.
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
    let mut found = lower.match_indices(query);
    std::iter::from_fn(|| {
        let (at, _) = found.next()?;
        let last = at + query.len() - 1;
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
    fn occurrences_are_found(#[case] text: &str, #[case] query: &str, #[case] expected: &[&str]) {
        let found: Vec<_> = find(text, query)
            .into_iter()
            .map(|range| &text[range])
            .collect();
        assert_eq!(found, expected);
    }
}
