//! How a run compares with the known failures.

use std::fmt::Write;

use super::words;
use crate::report::known_failures::{Comparison, Seen};

/// One line for each known failure, and one for each unexpected one.
pub fn known_failures(comparison: &Comparison<'_>) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    for known in &comparison.known {
        let (key, reason) = (known.key, known.reason);
        let _ = match known.seen {
            Seen::Failed(count) => {
                let count = words::count(count, "scenario");
                writeln!(out, "expected: {key} failed ({count}): {reason}")
            }
            Seen::Passed => writeln!(
                out,
                "unexpected: {key} passes now; remove it from the known failures"
            ),
            Seen::NotTested => {
                writeln!(out, "not tested: {key}, which is among the known failures")
            }
        };
    }
    for name in &comparison.unexpected {
        let _ = writeln!(out, "unexpected: {name} fails");
    }
    out
}
