//! The turns of a block that is performed more than once.

use super::counters::Counters;
use super::text::Template;

/// How often a block is performed, and with which values.
#[derive(Debug, Clone)]
pub enum Turns {
    /// `repeat N as NAME`
    Times {
        /// Number of repetitions.
        times: usize,
        /// The name of the counter, which counts from 1.
        counter: String,
    },
    /// `for each NAME, NAME`
    Cases {
        /// The names of the columns.
        columns: Vec<String>,
        /// The rows, each with one text for each column.
        cases: Vec<Vec<Cell>>,
    },
}

/// A text in a table.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The text.
    pub text: Template,
    /// How the scenario writes it.
    pub written: String,
}

impl Turns {
    /// The values in each turn, around which there are these.
    pub fn within(&self, outer: &Counters) -> Vec<Counters> {
        match self {
            Self::Times { times, counter } => {
                let turns = 1..=*times;
                turns.map(|n| outer.with(counter, n)).collect()
            }
            Self::Cases { columns, cases } => {
                let with = |inner: Counters, (name, cell): (&String, &Cell)| {
                    inner.with_text(name, cell.text.bytes(outer), &cell.written)
                };
                let turn = |case: &Vec<Cell>| columns.iter().zip(case).fold(outer.clone(), with);
                cases.iter().map(turn).collect()
            }
        }
    }

    /// The texts in it.
    pub(super) fn texts(&self) -> Vec<&Template> {
        match self {
            Self::Times { .. } => Vec::new(),
            Self::Cases { cases, .. } => cases.iter().flatten().map(|cell| &cell.text).collect(),
        }
    }
}
