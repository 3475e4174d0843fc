//! Failures as they happen, and how far the run is.

use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use super::page::Page;
use crate::requirement::Id;
use crate::runner::{Outcome, ScenarioResult};
use crate::spec::Spec;

/// Prints while a run goes on: one page for each requirement that turns out to be broken, and how far the run is.
#[derive(Debug)]
pub struct Progress<'a> {
    spec: &'a Spec,
    again: String,
    total: usize,
    all: bool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    finished: usize,
    failed: usize,
    reported: BTreeSet<Id>,
}

impl<'a> Progress<'a> {
    /// A run of `total` scenarios. `again` is the command that runs scenarios again. `all` prints a page for every failure
    /// instead of one for each requirement.
    pub fn new(spec: &'a Spec, again: String, total: usize, all: bool) -> Self {
        Self {
            spec,
            again,
            total,
            all,
            state: Mutex::default(),
        }
    }

    /// Reports a scenario that has finished.
    pub fn finished(&self, result: &ScenarioResult<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.finished += 1;
        let terminal = std::io::stderr().is_terminal();
        let mut err = anstream::stderr().lock();
        if terminal {
            let _ = write!(err, "\r\x1B[K");
        }
        if let Outcome::Failed(failure) = &result.performance.outcome {
            state.failed += 1;
            if let (true, Some(page)) = (
                state.reported.insert(failure.blame.clone()) || self.all,
                Page::of(self.spec, result, &self.again),
            ) {
                let mut out = anstream::stdout().lock();
                let _ = writeln!(out, "{page}");
                let _ = out.flush();
            }
        }
        if terminal && state.finished < self.total {
            let failed = if state.failed > 0 {
                format!(", {} failed", state.failed)
            } else {
                String::new()
            };
            let _ = write!(err, "{}/{} scenarios{failed}", state.finished, self.total);
            let _ = err.flush();
        }
    }
}
