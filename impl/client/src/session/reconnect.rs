//! Whether to reconnect after a connection is lost, and how long to wait first.

use std::time::Duration;

/// The upper bound of the first wait.
const FIRST_WAIT: Duration = Duration::from_secs(2);
/// The upper bound of every later wait.
const MAX_WAIT: Duration = Duration::from_secs(60);
/// After this long in the room, the back-off starts over.
pub(super) const STABLE_AFTER: Duration = Duration::from_secs(30);

/// The reconnect policy: exponential back-off with jitter, so that clients do not all return in the same moment when a
/// server restarts.
#[derive(Debug, Clone)]
pub(super) struct Reconnect {
    enabled: bool,
    /// The number of attempts since the user was last in the room for [`STABLE_AFTER`].
    attempts: u32,
    random: fastrand::Rng,
}

/// A scheduled reconnect attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attempt {
    /// Counted from 1.
    pub(super) number: u32,
    /// At least half of the doubled wait, at most all of it.
    pub(super) wait: Duration,
}

impl Reconnect {
    pub(super) fn new(enabled: bool, seed: u64) -> Self {
        Self {
            enabled,
            attempts: 0,
            random: fastrand::Rng::with_seed(seed),
        }
    }

    /// Decides whether another attempt follows the loss of a connection. `joined_for` is how long the user was in the
    /// room on that connection, or `None` if it never got that far.
    ///
    /// A user who has not been in the room at all is still at the form and decides there, so there is no attempt.
    pub(super) fn after_loss(&mut self, joined_for: Option<Duration>) -> Option<Attempt> {
        let was_in_the_room = joined_for.is_some() || self.attempts > 0;
        if joined_for.is_some_and(|time| time >= STABLE_AFTER) {
            self.reset();
        }
        (self.enabled && was_in_the_room).then(|| self.next())
    }

    /// Forgets the attempts so far: the user has chosen a server, or given up.
    pub(super) const fn reset(&mut self) {
        self.attempts = 0;
    }

    fn next(&mut self) -> Attempt {
        let doubled = 1u32.checked_shl(self.attempts).unwrap_or(u32::MAX);
        let full = FIRST_WAIT.saturating_mul(doubled.max(1)).min(MAX_WAIT);
        self.attempts = self.attempts.saturating_add(1);
        Attempt {
            number: self.attempts,
            wait: full.mul_f64(0.5 + 0.5 * self.random.f64()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_minute() {
        let mut reconnect = Reconnect::new(true, 1);
        for expected in 1..=100 {
            let full = Duration::from_secs(1u64 << expected.min(10)).min(MAX_WAIT);
            let Attempt { number, wait } = reconnect.next();
            assert_eq!(number, expected);
            assert!(wait >= full / 2 && wait <= full, "{expected}: {wait:?}");
        }
        reconnect.reset();
        assert_eq!(reconnect.next().number, 1);
    }

    #[test]
    fn clients_wait_for_different_times() {
        let first_wait = |seed| Reconnect::new(true, seed).next().wait;
        assert_ne!(first_wait(1), first_wait(2));
    }

    #[test]
    fn only_members_reconnect() {
        let mut reconnect = Reconnect::new(true, 1);
        assert_eq!(reconnect.after_loss(None), None);
        assert!(reconnect.after_loss(Some(Duration::ZERO)).is_some());
        assert!(reconnect.after_loss(None).is_some(), "an attempt failed");
        assert_eq!(
            Reconnect::new(false, 1).after_loss(Some(STABLE_AFTER)),
            None
        );
    }
}
