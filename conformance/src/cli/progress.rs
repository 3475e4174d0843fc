//! Progress on standard error: a bar on a terminal, plain lines elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::output;

/// A progress bar, invisible unless standard error is a terminal. Dropping it clears its line.
#[derive(Debug)]
pub(super) struct Progress(ProgressBar);

impl Progress {
    pub(super) fn new() -> Self {
        let bar = ProgressBar::new(1);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {bar:24} {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(bar)
    }

    /// Shows how much is done, in any unit, and what is being done.
    pub(super) fn show(&self, done: u64, total: u64, message: impl Into<String>) {
        self.0.set_length(total);
        self.0.set_position(done);
        self.0.set_message(message.into());
    }

    /// Prints a line where no bar is visible.
    pub(super) fn line(&self, line: &str) {
        if self.0.is_hidden() {
            output::note(line);
        }
    }

    /// Prints results to standard output, above the bar.
    pub(super) fn print(&self, results: &str) {
        self.0.suspend(|| output::print(format_args!("{results}")));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
