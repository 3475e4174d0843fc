//! How long to wait before the next attempt.

use std::time::Duration;

/// The wait before the first attempt, on average of the jitter and at most.
const FIRST: Duration = Duration::from_secs(2);
/// The longest wait.
const LONGEST: Duration = Duration::from_secs(60);

/// Waits that double, and differ between clients: when a server comes back, not everybody comes
/// back in the same moment.
#[derive(Debug, Clone)]
pub(super) struct Backoff {
    attempts: u32,
    random: fastrand::Rng,
}

impl Backoff {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            attempts: 0,
            random: fastrand::Rng::with_seed(seed),
        }
    }

    /// The number of the next attempt, from 1 on, and how long to wait before it: somewhere
    /// between half of the full wait and the full wait.
    pub(super) fn next(&mut self) -> (u32, Duration) {
        let doubled = 1u32.checked_shl(self.attempts).unwrap_or(u32::MAX);
        let full = FIRST.saturating_mul(doubled.max(1)).min(LONGEST);
        self.attempts = self.attempts.saturating_add(1);
        (self.attempts, full.mul_f64(0.5 + 0.5 * self.random.f64()))
    }

    /// Whether there has been an attempt since the last reset.
    pub(super) const fn is_going_on(&self) -> bool {
        self.attempts > 0
    }

    pub(super) const fn reset(&mut self) {
        self.attempts = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_end_at_a_minute() {
        let mut backoff = Backoff::new(1);
        for attempt in 1..=100 {
            let full = Duration::from_secs(1u64 << attempt.min(10)).min(LONGEST);
            let (number, wait) = backoff.next();
            assert_eq!(number, attempt);
            assert!(wait >= full / 2 && wait <= full, "{attempt}: {wait:?}");
        }
        backoff.reset();
        assert_eq!(backoff.next().0, 1);
    }

    #[test]
    fn clients_differ() {
        assert_ne!(Backoff::new(1).next(), Backoff::new(2).next());
    }
}
