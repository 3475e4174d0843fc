//! Failures as they happen, and how far the run is.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};

use super::page::Page;
use crate::requirement::Id;
use crate::runner::{Outcome, ScenarioResult};
use crate::spec::Spec;

/// Prints while a run goes on: one page for each requirement that turns out to be broken, and how far the run is.
#[derive(Debug)]
pub struct Progress<'a> {
    spec: &'a Spec,
    again: String,
    all: bool,
    /// Hidden unless standard error is a terminal.
    bar: ProgressBar,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
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
            all,
            bar: bar(total, "{pos}/{len} scenarios{msg}"),
            state: Mutex::default(),
        }
    }

    /// Reports a scenario that has finished.
    pub fn finished(&self, result: &ScenarioResult<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Outcome::Failed(failure) = &result.performance.outcome {
            state.failed += 1;
            self.bar.set_message(format!(", {} failed", state.failed));
            let is_new = state.reported.insert(failure.blame.clone());
            if (is_new || self.all)
                && let Some(page) = Page::of(self.spec, result, &self.again)
            {
                self.bar.suspend(|| {
                    let mut out = anstream::stdout().lock();
                    let _ = writeln!(out, "{page}");
                    let _ = out.flush();
                });
            }
        }
        self.bar.inc(1);
    }
}

/// The progress of a comparison of `total` servers; its message is the name of the current one.
pub fn servers(total: usize) -> ProgressBar {
    bar(total, "{pos} of {len} servers: {msg}")
}

/// A bar that is cleared when it is dropped.
fn bar(total: usize, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(total as u64).with_finish(indicatif::ProgressFinish::AndClear);
    // Only a template with a mistake is refused.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
