//! Where each actor stands: the server in the middle, so that arrows cross as few lifelines as possible.

use super::rows::{Row, What};

/// So many actors have a column of their own; the others share the last one.
const MOST: usize = 6;
/// The column of times.
const GUTTER: usize = 58;
/// The narrowest and the widest distance between two columns.
const NARROW: usize = 80;
const WIDE: usize = 236;
/// Half of a name, at the edges.
const MARGIN: usize = 32;

#[derive(Debug)]
pub(super) struct Column<'a> {
    /// Empty for the server, and for the crowd.
    pub(super) actor: &'a str,
    pub(super) x: usize,
    pub(super) is_server: bool,
    /// How many actors share this column.
    crowd: usize,
}

impl Column<'_> {
    pub(super) fn is_crowd(&self) -> bool {
        self.crowd > 0
    }

    pub(super) fn label(&self) -> String {
        match self.crowd {
            _ if self.is_server => "server".to_owned(),
            0 => super::rows::shortened(self.actor, 12),
            crowd => format!("{crowd} more"),
        }
    }
}

#[derive(Debug)]
pub(super) struct Columns<'a> {
    /// From left to right.
    pub(super) all: Vec<Column<'a>>,
    /// Where the server stands.
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

    /// Every text has its place between its actor and the server, as far as that is possible.
    fn place(&mut self, rows: &[Row<'a>], middle: usize) {
        let needs = |at: usize| {
            let here = rows
                .iter()
                .filter(|row| row.actor().is_some_and(|actor| self.index(actor) == at));
            let longest = here.map(|row| width(&row.label(self))).max();
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
            // To the right of the server.
            What::Moment("", ..) => self.server + 12 + width(&row.label(self)),
            // In the middle.
            What::Note(_) | What::Gap(_) => width(&row.label(self)) + 20,
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

    /// Whether an actor shares its column, so that its texts must name it.
    pub(super) fn is_in_crowd(&self, actor: &str) -> bool {
        self.of_actor(actor).is_crowd()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        let actors = self.all.iter().filter(|column| !column.is_server);
        actors.map(Column::label)
    }
}

/// About how many pixels a text takes.
fn width(text: &str) -> usize {
    text.chars().map(super::rows::cells).sum::<usize>() * 29 / 4
}
