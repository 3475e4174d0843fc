//! How far a run is.

use std::sync::atomic::{AtomicUsize, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use crate::runner::{Outcome, ScenarioResult};

/// Shows while a run goes on how far it is.
#[derive(Debug)]
pub struct Progress {
    /// Hidden unless standard error is a terminal.
    bar: ProgressBar,
    failed: AtomicUsize,
}

impl Progress {
    /// A run of `total` scenarios.
    pub fn new(total: usize) -> Self {
        Self {
            bar: bar(total, "{pos}/{len} scenarios{msg}"),
            failed: AtomicUsize::new(0),
        }
    }

    /// Counts a scenario that has finished.
    pub fn finished(&self, result: &ScenarioResult<'_>) {
        if matches!(result.performance.outcome, Outcome::Failed(_)) {
            let failed = self.failed.fetch_add(1, Ordering::Relaxed) + 1;
            self.bar.set_message(format!(", {failed} failed"));
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
