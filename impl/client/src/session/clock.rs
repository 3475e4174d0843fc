//! The time, as a parameter.

use std::time::{Instant, SystemTime};

/// The current time on two clocks. The session has no clock of its own; every input carries one of these.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// The monotonic clock, for timeouts.
    pub instant: Instant,
    /// The wall clock, for the times shown to people. It may jump.
    pub wall: SystemTime,
}

impl Now {
    /// Reads both clocks. Only front ends call this.
    pub fn read() -> Self {
        Self {
            instant: Instant::now(),
            wall: SystemTime::now(),
        }
    }
}
