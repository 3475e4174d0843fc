//! The scrolling list of messages and notices.

use super::accessibility::set_live;
use super::row::{self, RowContext};
use super::row_heights::RowHeights;
use crate::i18n::{Language, tr};
use crate::session::{Entry, Log};
use eframe::egui::accesskit::{self, Live};
use eframe::egui::{Id, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};

/// Rows within this distance of the view are measured too, in points, so that scrolling does not shift them.
const MARGIN: f64 = 400.0;

/// The width of the scroll bar, in points.
const SCROLL_BAR: f32 = 14.0;

/// What the transcript shows.
pub(super) struct Content<'a> {
    pub(super) log: &'a Log<Entry>,
    pub(super) language: Language,
    /// The index of the first unread entry.
    pub(super) first_unread: Option<u64>,
    /// The search text in lower case, or nothing.
    pub(super) query: &'a str,
}

/// The state of the view. Only visible rows are laid out.
#[derive(Debug)]
pub(super) struct Transcript {
    rows: RowHeights,
    anchor: Anchor,
    /// What the measured heights depend on.
    layout: Option<LayoutKey>,
    /// The height of the view.
    height: f64,
    /// The number of the current frame, which may take several passes.
    frame: u64,
    /// The index of the first row that is new in this frame.
    first_new: u64,
}

/// The scroll position. It refers to a row, because the heights of the rows above may change.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Anchor {
    /// The view follows the end.
    End,
    /// The view starts this many points below the top of a row.
    Row { index: u64, below: f64 },
}

#[derive(Debug, Clone, PartialEq)]
struct LayoutKey {
    width: f32,
    pixels_per_point: f32,
    language: Language,
    first_unread: Option<u64>,
}

impl Transcript {
    pub(super) fn new() -> Self {
        Self {
            rows: RowHeights::new(),
            anchor: Anchor::End,
            layout: None,
            height: 0.0,
            frame: 0,
            first_new: 0,
        }
    }

    /// Whether the view follows the newest row.
    pub(super) fn is_at_end(&self) -> bool {
        self.anchor == Anchor::End
    }

    /// Scrolls to the end and follows it.
    pub(super) const fn scroll_to_end(&mut self) {
        self.anchor = Anchor::End;
    }

    /// Scrolls to a row, leaving some rows before it visible.
    pub(super) fn scroll_to(&mut self, index: u64) {
        let below = -self.height / 3.0;
        self.anchor = Anchor::Row { index, below };
    }

    /// Scrolls by pages, upwards if the number is negative.
    pub(super) fn scroll_pages(&mut self, pages: f64) {
        let top = self.top(self.height);
        self.set_anchor(top + pages * self.height * 0.9);
    }

    /// Shows the list in the rest of `ui`.
    pub(super) fn show(&mut self, ui: &mut Ui, content: &Content<'_>) {
        let view = ui.available_rect_before_wrap();
        self.height = f64::from(view.height());
        self.invalidate_if_changed(ui, content);
        let frame = ui.ctx().cumulative_frame_nr();
        if self.frame != frame {
            self.frame = frame;
            self.first_new = self.rows.end();
        }
        self.rows.sync(content.log.first(), content.log.end());
        self.measure_around(ui, content);

        let total = self.rows.total();
        // A short transcript is aligned to the bottom.
        let pad = (self.height - total).max(0.0);
        let top = self.top(self.height);
        let requested = top as f32;
        // A rubber band would pull the view back to where the end was one frame ago.
        ui.spacing_mut().scroll.kinetic.rubber_band = false;
        let area = ScrollArea::vertical()
            .id_salt("transcript")
            .auto_shrink(false)
            .vertical_scroll_offset(requested);
        let output = area.show_viewport(ui, |ui, viewport| {
            // Far down in a long transcript, single precision is off by half a point, so rows are positioned relative to the
            // top of the view.
            let top = top + f64::from(viewport.top() - requested);
            ui.set_min_size(vec2(view.width(), (total + pad) as f32));
            self.draw(ui, content, view, top - pad)
        });
        let moved = output.state.unclamped_offset().y - requested;
        if moved != 0.0 {
            self.set_anchor(top + f64::from(moved));
        }
        if self.update_heights(output.inner) {
            ui.ctx().request_repaint();
        }
    }

    /// Invalidates all measurements if something has changed that the heights depend on.
    fn invalidate_if_changed(&mut self, ui: &Ui, content: &Content<'_>) {
        let layout = LayoutKey {
            width: ui.available_width(),
            pixels_per_point: ui.pixels_per_point(),
            language: content.language,
            first_unread: content.first_unread,
        };
        if self.layout.as_ref() != Some(&layout) {
            self.rows.invalidate();
            self.layout = Some(layout);
        }
    }

    /// The top of the view, in points from the top of the first row.
    fn top(&self, height: f64) -> f64 {
        let max_top = (self.rows.total() - height).max(0.0);
        match self.anchor {
            Anchor::End => max_top,
            Anchor::Row { index, below } => (self.rows.top(index) + below).clamp(0.0, max_top),
        }
    }

    fn set_anchor(&mut self, top: f64) {
        let max_top = (self.rows.total() - self.height).max(0.0);
        self.anchor = if top >= max_top - 1.0 {
            Anchor::End
        } else {
            let index = self.rows.row_at(top.max(0.0));
            Anchor::Row {
                index,
                below: top - self.rows.top(index),
            }
        };
    }

    /// Measures the rows in and near the view, starting at the anchor, so that the visible rows stay in place even if the rows
    /// above turn out higher or lower than estimated.
    fn measure_around(&mut self, ui: &mut Ui, content: &Content<'_>) {
        let (above, below) = match self.anchor {
            Anchor::End => (self.height + MARGIN, 0.0),
            Anchor::Row { below, .. } => (MARGIN - below.min(0.0), self.height + MARGIN + below),
        };
        let start = match self.anchor {
            Anchor::End => self.rows.end(),
            Anchor::Row { index, .. } => index.clamp(self.rows.first(), self.rows.end()),
        };
        let (mut index, mut seen) = (start, 0.0);
        while index > self.rows.first() && seen < above {
            index -= 1;
            seen += self.measured(ui, content, index);
        }
        let (mut index, mut seen) = (start, 0.0);
        while index < self.rows.end() && seen < below {
            seen += self.measured(ui, content, index);
            index += 1;
        }
    }

    /// The height of a row, which is laid out invisibly if it has not been measured yet.
    fn measured(&mut self, ui: &mut Ui, content: &Content<'_>, index: u64) -> f64 {
        if !self.rows.is_measured(index)
            && let Some(entry) = content.log.get(index)
        {
            let mut rect = ui.available_rect_before_wrap();
            rect.max.x -= SCROLL_BAR;
            let id = Id::unique("transcript, unseen").with(index);
            let unseen = UiBuilder::new().scope_id(id).max_rect(rect).invisible();
            let mut unseen = ui.new_child(unseen);
            row::show(&mut unseen, entry, &content.row(index));
            self.rows.set_measured(index, unseen.min_rect().height());
        }
        f64::from(self.rows.height(index))
    }

    /// Draws the visible rows. Returns their actual heights.
    fn draw(&self, ui: &mut Ui, content: &Content<'_>, view: Rect, top: f64) -> Vec<(u64, f32)> {
        // The text selection refers to ids, so these must not depend on which rows are drawn or measured.
        let id = Id::unique("transcript");
        let list = UiBuilder::new()
            .scope_id(id)
            .max_rect(view)
            .accessibility_role(accesskit::Role::List)
            .accessibility_label(tr!(content.language, "Messages", "Messaggi"));
        let mut ui = ui.new_child(list);
        let mut heights = Vec::new();
        let bottom = top + self.height;
        let mut index = self.rows.row_at(top.max(0.0));
        while let Some(entry) = content.log.get(index)
            && self.rows.top(index) < bottom
        {
            let y = view.top() + (self.rows.top(index) - top) as f32;
            let size = vec2(view.width() - SCROLL_BAR, self.rows.height(index));
            let rect = Rect::from_min_size(pos2(view.left(), y), size);
            let item = UiBuilder::new().scope_id(id.with(index)).max_rect(rect);
            let item = item
                .accessibility_role(accesskit::Role::ListItem)
                .accessibility_label(row::accessible_name(entry, content.language));
            let mut item = ui.new_child(item);
            // The accessible name of the row contains everything, so its parts are not announced again.
            let mut parts = item.new_child(UiBuilder::new());
            row::show(&mut parts, entry, &content.row(index));
            set_bounds(&item, parts.min_rect());
            if index >= self.first_new && row::is_announced(entry) {
                set_live(item.ctx(), item.unique_id(), Live::Polite);
                set_live(item.ctx(), parts.unique_id(), Live::Off);
            }
            heights.push((index, parts.min_rect().height()));
            index += 1;
        }
        heights
    }

    /// Corrects the heights that have changed since they were measured, for example because a fallback font has been loaded or
    /// the row before has been removed. Returns whether there were any.
    fn update_heights(&mut self, heights: Vec<(u64, f32)>) -> bool {
        let mut changed = false;
        for (index, height) in heights {
            if (self.rows.height(index) - height).abs() > 0.1 {
                self.rows.set_measured(index, height);
                changed = true;
            }
        }
        changed
    }
}

/// Tells screen readers where a row is.
fn set_bounds(row: &Ui, rect: Rect) {
    row.ctx().accesskit_node_builder(row.unique_id(), |node| {
        node.set_bounds(accesskit::Rect {
            x0: rect.left().into(),
            y0: rect.top().into(),
            x1: rect.right().into(),
            y1: rect.bottom().into(),
        });
    });
}

impl Content<'_> {
    fn row(&self, index: u64) -> RowContext<'_> {
        RowContext {
            language: self.language,
            previous: index
                .checked_sub(1)
                .and_then(|previous| self.log.get(previous)),
            is_first_unread: self.first_unread == Some(index),
            query: self.query,
        }
    }
}
