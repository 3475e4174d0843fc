//! What was said, as a list to scroll.

use super::named::set_live;
use super::row::{self, Look};
use super::rows::Rows;
use crate::session::{Entry, Log};
use crate::words::Language;
use eframe::egui::accesskit::{self, Live};
use eframe::egui::{Id, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};

/// How far beyond the view rows are measured, in points, so that scrolling finds them known.
const MARGIN: f64 = 400.0;

/// Where the bar to scroll with has its place, in points.
const BAR: f32 = 14.0;

/// What is to be shown.
pub(super) struct Page<'a> {
    pub(super) log: &'a Log<Entry>,
    pub(super) language: Language,
    /// Where the unread begin.
    pub(super) unread: Option<u64>,
    /// What is searched for, in lower case.
    pub(super) searched: &'a str,
}

/// The view of the transcript: only the rows that can be seen are laid out.
#[derive(Debug)]
pub(super) struct Transcript {
    rows: Rows,
    place: Place,
    /// What the heights depend on besides the entries.
    measured_for: Option<Measure>,
    /// How high the view was.
    height: f64,
    /// The frame, which may take several passes.
    frame: u64,
    /// The first row that came with it.
    news: u64,
}

/// Where the view is. It is remembered by a row, and not by a distance, since the heights above it change.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    /// At the end, also when more comes.
    End,
    /// The view begins so many points below the top of this row.
    Row { index: u64, below: f64 },
}

#[derive(Debug, Clone, PartialEq)]
struct Measure {
    width: f32,
    pixels_per_point: f32,
    language: Language,
    unread: Option<u64>,
}

impl Transcript {
    pub(super) fn new() -> Self {
        Self {
            rows: Rows::new(),
            place: Place::End,
            measured_for: None,
            height: 0.0,
            frame: 0,
            news: 0,
        }
    }

    /// Whether the newest row can be seen, and those to come will be.
    pub(super) fn is_at_end(&self) -> bool {
        self.place == Place::End
    }

    /// Goes to the end, and stays there.
    pub(super) const fn go_to_end(&mut self) {
        self.place = Place::End;
    }

    /// Goes to a row, so that some of what stands before it can be seen as well.
    pub(super) fn go_to(&mut self, index: u64) {
        let below = -self.height / 3.0;
        self.place = Place::Row { index, below };
    }

    /// Moves by a part of the view's height; up when it is negative.
    pub(super) fn turn_page(&mut self, pages: f64) {
        let top = self.top(self.height);
        self.place_at(top + pages * self.height * 0.9);
    }

    /// Shows the view over the rest of `ui`.
    pub(super) fn show(&mut self, ui: &mut Ui, page: &Page<'_>) {
        let view = ui.available_rect_before_wrap();
        self.height = f64::from(view.height());
        self.notice_change(ui, page);
        let frame = ui.ctx().cumulative_frame_nr();
        if self.frame != frame {
            self.frame = frame;
            self.news = self.rows.end();
        }
        self.rows.sync(page.log.first(), page.log.end());
        self.measure_around(ui, page);

        let total = self.rows.total();
        // Little text stands at the bottom, where the eye is.
        let pad = (self.height - total).max(0.0);
        let top = self.top(self.height);
        let given = top as f32;
        // A band would pull the view back to where the end was one frame ago.
        ui.spacing_mut().scroll.kinetic.rubber_band = false;
        let area = ScrollArea::vertical()
            .id_salt("transcript")
            .auto_shrink(false)
            .vertical_scroll_offset(given);
        let output = area.show_viewport(ui, |ui, shown| {
            // Single precision has a grain of half a point far down in a long transcript; the rows are placed from
            // the edge of the view instead, which is near.
            let top = top + f64::from(shown.top() - given);
            ui.set_min_size(vec2(view.width(), (total + pad) as f32));
            self.draw(ui, page, view, top - pad)
        });
        let moved = output.state.unclamped_offset().y - given;
        if moved != 0.0 {
            self.place_at(top + f64::from(moved));
        }
        if self.correct(output.inner) {
            ui.ctx().request_repaint();
        }
    }

    /// All measures are void when the width is another one, or whatever else changes heights.
    fn notice_change(&mut self, ui: &Ui, page: &Page<'_>) {
        let measure = Measure {
            width: ui.available_width(),
            pixels_per_point: ui.pixels_per_point(),
            language: page.language,
            unread: page.unread,
        };
        if self.measured_for.as_ref() != Some(&measure) {
            self.rows.doubt();
            self.measured_for = Some(measure);
        }
    }

    /// Where the view begins, in points from the top of the first row.
    fn top(&self, height: f64) -> f64 {
        let lowest = (self.rows.total() - height).max(0.0);
        match self.place {
            Place::End => lowest,
            Place::Row { index, below } => (self.rows.top(index) + below).clamp(0.0, lowest),
        }
    }

    fn place_at(&mut self, top: f64) {
        let lowest = (self.rows.total() - self.height).max(0.0);
        self.place = if top >= lowest - 1.0 {
            Place::End
        } else {
            let index = self.rows.at(top.max(0.0));
            Place::Row {
                index,
                below: top - self.rows.top(index),
            }
        };
    }

    /// Measures the rows in and near the view, those at its place first: when rows above it turn out to be higher
    /// than was guessed, the view moves with what it shows.
    fn measure_around(&mut self, ui: &mut Ui, page: &Page<'_>) {
        let (above, below) = match self.place {
            Place::End => (self.height + MARGIN, 0.0),
            Place::Row { below, .. } => (MARGIN - below.min(0.0), self.height + MARGIN + below),
        };
        let start = match self.place {
            Place::End => self.rows.end(),
            Place::Row { index, .. } => index.clamp(self.rows.first(), self.rows.end()),
        };
        let (mut index, mut seen) = (start, 0.0);
        while index > self.rows.first() && seen < above {
            index -= 1;
            seen += self.measured(ui, page, index);
        }
        let (mut index, mut seen) = (start, 0.0);
        while index < self.rows.end() && seen < below {
            seen += self.measured(ui, page, index);
            index += 1;
        }
    }

    /// How high a row is. One that is not known is laid out, unseen.
    fn measured(&mut self, ui: &mut Ui, page: &Page<'_>, index: u64) -> f64 {
        if !self.rows.is_measured(index)
            && let Some(entry) = page.log.get(index)
        {
            let mut rect = ui.available_rect_before_wrap();
            rect.max.x -= BAR;
            let id = Id::unique("transcript, unseen").with(index);
            let unseen = UiBuilder::new().scope_id(id).max_rect(rect).invisible();
            let mut unseen = ui.new_child(unseen);
            row::show(&mut unseen, entry, &page.look(index));
            self.rows.measure(index, unseen.min_rect().height());
        }
        f64::from(self.rows.height(index))
    }

    /// Draws the rows that can be seen. Returns how high they turned out to be.
    fn draw(&self, ui: &mut Ui, page: &Page<'_>, view: Rect, top: f64) -> Vec<(u64, f32)> {
        // What is selected is known by its id: that must not depend on how many rows are drawn or measured.
        let id = Id::unique("transcript");
        let list = UiBuilder::new()
            .scope_id(id)
            .max_rect(view)
            .accessibility_role(accesskit::Role::List)
            .accessibility_label(crate::words::say!(page.language, "Messages", "Messaggi"));
        let mut ui = ui.new_child(list);
        let mut heights = Vec::new();
        let bottom = top + self.height;
        let mut index = self.rows.at(top.max(0.0));
        while let Some(entry) = page.log.get(index)
            && self.rows.top(index) < bottom
        {
            let y = view.top() + (self.rows.top(index) - top) as f32;
            let size = vec2(view.width() - BAR, self.rows.height(index));
            let rect = Rect::from_min_size(pos2(view.left(), y), size);
            let item = UiBuilder::new().scope_id(id.with(index)).max_rect(rect);
            let item = item
                .accessibility_role(accesskit::Role::ListItem)
                .accessibility_label(row::spoken(entry, page.language));
            let mut item = ui.new_child(item);
            // The name of the row says it all; its parts are not to be read aloud once more.
            let mut parts = item.new_child(UiBuilder::new());
            row::show(&mut parts, entry, &page.look(index));
            place(&item, parts.min_rect());
            if index >= self.news && row::is_news(entry) {
                set_live(item.ctx(), item.unique_id(), Live::Polite);
                set_live(item.ctx(), parts.unique_id(), Live::Off);
            }
            heights.push((index, parts.min_rect().height()));
            index += 1;
        }
        heights
    }

    /// A row may be higher than it was when it was measured: a font for its letters has been found since, or the row
    /// before it is gone. Tells whether there was one.
    fn correct(&mut self, heights: Vec<(u64, f32)>) -> bool {
        let mut wrong = false;
        for (index, height) in heights {
            if (self.rows.height(index) - height).abs() > 0.1 {
                self.rows.measure(index, height);
                wrong = true;
            }
        }
        wrong
    }
}

/// Tells a screen reader where a row is.
fn place(row: &Ui, rect: Rect) {
    row.ctx().accesskit_node_builder(row.unique_id(), |node| {
        node.set_bounds(accesskit::Rect {
            x0: rect.left().into(),
            y0: rect.top().into(),
            x1: rect.right().into(),
            y1: rect.bottom().into(),
        });
    });
}

impl Page<'_> {
    fn look(&self, index: u64) -> Look<'_> {
        Look {
            language: self.language,
            before: index.checked_sub(1).and_then(|before| self.log.get(before)),
            unread: self.unread == Some(index),
            searched: self.searched,
        }
    }
}
