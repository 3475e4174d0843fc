//! The columns: the server in the middle, so that arrows cross as few lifelines as possible.

use super::labels;
use super::rows::{Row, What};

/// The most actors that have a column each; of more, the last ones share a column.
const MOST: usize = 6;
/// The width of the column of times.
const GUTTER: usize = 58;
/// The narrowest and the widest distance between two columns.
const NARROW: usize = 80;
const WIDE: usize = 236;
/// The room for half a name at the edges.
const MARGIN: usize = 32;

#[derive(Debug)]
pub(super) struct Column<'a> {
    /// Empty for the server and for the shared column.
    pub(super) actor: &'a str,
    pub(super) x: usize,
    pub(super) is_server: bool,
    /// How many actors share this column; 0 if it belongs to one.
    crowd: usize,
}

impl Column<'_> {
    pub(super) fn is_crowd(&self) -> bool {
        self.crowd > 0
    }

    pub(super) fn label(&self) -> String {
        match self.crowd {
            _ if self.is_server => "server".to_owned(),
            0 => labels::name(self.actor),
            crowd => format!("{crowd} more"),
        }
    }
}

#[derive(Debug)]
pub(super) struct Columns<'a> {
    /// From left to right.
    pub(super) all: Vec<Column<'a>>,
    /// The x coordinate of the server.
    pub(super) server: usize,
    pub(super) width: usize,
}

impl<'a> Columns<'a> {
    pub(super) fn of(rows: &[Row<'a>]) -> Self {
        let mut actors: Vec<&str> = Vec::new();
        for actor in rows.iter().filter_map(Row::actor) {
            if !actors.contains(&actor) {
                actors.push(actor);
            }
        }
        let crowd = if actors.len() > MOST {
            actors.len() - MOST + 1
        } else {
            0
        };
        actors.truncate(if crowd > 0 { MOST - 1 } else { MOST });
        let column = |actor, is_server, crowd| Column {
            actor,
            x: 0,
            is_server,
            crowd,
        };
        let mut all: Vec<_> = actors.iter().map(|actor| column(actor, false, 0)).collect();
        if crowd > 0 {
            all.push(column("", false, crowd));
        }
        let middle = all.len().div_ceil(2);
        all.insert(middle, column("", true, 0));

        let mut columns = Self {
            all,
            server: 0,
            width: 0,
        };
        columns.place(rows, middle);
        columns
    }

    /// Makes room for every text between its actor and the server, as far as the widest distance allows.
    fn place(&mut self, rows: &[Row<'a>], middle: usize) {
        let needs = |at: usize| {
            let here = rows
                .iter()
                .filter(|row| row.actor().is_some_and(|actor| self.index(actor) == at));
            let longest = here.map(|row| self.width_of(row)).max();
            longest.unwrap_or_default() + 26
        };
        let gaps = |outwards: &mut dyn Iterator<Item = usize>| {
            let mut total = 0;
            let gaps = outwards.map(|at| {
                let gap = needs(at).saturating_sub(total).clamp(NARROW, WIDE);
                total += gap;
                gap
            });
            gaps.collect::<Vec<_>>()
        };
        let left = gaps(&mut (0..middle).rev());
        let right = gaps(&mut (middle + 1..self.all.len()));
        let mut x = GUTTER + MARGIN;
        let mut xs = vec![x];
        for gap in left.iter().rev().chain(&right) {
            x += gap;
            xs.push(x);
        }
        for (column, x) in self.all.iter_mut().zip(xs) {
            column.x = x;
        }
        self.server = self.all[middle].x;
        let ends = rows.iter().map(|row| match row.what {
            // Stands to the right of the server.
            What::Moment(None, _) => self.server + 12 + self.width_of(row),
            // Stands in the middle.
            What::Note(_) | What::Gap(_) => self.width_of(row) + 20,
            _ => 0,
        });
        let edge = ends.max().unwrap_or_default().max(x + MARGIN);
        self.width = edge.max(260);
    }

    fn index(&self, actor: &str) -> usize {
        let own = |column: &Column<'_>| !column.is_server && column.actor == actor;
        let crowd = || self.all.iter().position(Column::is_crowd);
        let own = self.all.iter().position(own);
        own.or_else(crowd).unwrap_or_default()
    }

    pub(super) fn of_actor(&self, actor: &str) -> &Column<'a> {
        &self.all[self.index(actor)]
    }

    /// What is written beside a row's arrow.
    pub(super) fn label(&self, row: &Row<'_>) -> String {
        let is_in_crowd = |actor| self.of_actor(actor).is_crowd();
        labels::label(row, row.actor().is_some_and(is_in_crowd))
    }

    fn width_of(&self, row: &Row<'_>) -> usize {
        labels::pixels(&self.label(row))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        let actors = self.all.iter().filter(|column| !column.is_server);
        actors.map(Column::label)
    }
}
