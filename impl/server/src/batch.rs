//! The events that have not been flushed yet.

use salotto_protocol::ServerLine;
use std::time::{Duration, Instant};

/// A batch larger than this is flushed at once, not at the end of the turn, so that one turn of many busy members does not exceed
/// what a socket and a backlog can hold.
const MAX_BYTES: usize = 64 * 1024;

/// How long join and leave notices wait to be batched, so that a crowd does not cost one write per notice and member. A message
/// takes waiting notices along.
const NOTICE_DELAY: Duration = Duration::from_millis(5);

/// Events, encoded once for all members.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    bytes: Vec<u8>,
    /// When the first event was added.
    begun: Option<Instant>,
    has_message: bool,
}

impl Batch {
    pub(crate) fn push(&mut self, event: ServerLine<'_>) {
        self.begun.get_or_insert_with(Instant::now);
        self.has_message |= matches!(event, ServerLine::Message { .. });
        event.encode(&mut self.bytes);
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether the batch must be flushed before it grows further.
    pub(crate) fn is_large(&self) -> bool {
        self.bytes.len() > MAX_BYTES
    }

    /// The time until which the batch may wait for more events. `None` if it is empty or has to be flushed at once.
    pub(crate) fn may_wait_until(&self) -> Option<Instant> {
        let may_wait = !self.has_message && !self.is_large();
        self.begun.filter(|_| may_wait).map(|at| at + NOTICE_DELAY)
    }

    /// Empties the batch. Returns its age, or `None` if it was empty.
    pub(crate) fn clear(&mut self) -> Option<Duration> {
        self.bytes.clear();
        self.has_message = false;
        self.begun.take().map(|at| at.elapsed())
    }
}
