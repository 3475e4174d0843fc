//! The results of a stress test.

use std::time::Duration;

/// The results of a stress test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What was measured, one phrase each.
    pub figures: Vec<String>,
    /// What the server did wrong, one sentence each; empty if it survived.
    pub faults: Vec<String>,
    /// How long the test took, including the checks afterwards.
    pub duration: Duration,
}
