//! How long the suite waits.

use std::time::Duration;

/// How long the suite waits. None of these decides the verdict on a server that works.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Time without any progress before a scenario is given up.
    pub hang: Duration,
    /// Time without any progress before a marker is sent to prove a loss.
    pub stall: Duration,
    /// Time for the server to listen.
    pub start: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            hang: Duration::from_secs(10),
            stall: Duration::from_millis(250),
            start: Duration::from_secs(30),
        }
    }
}
