//! What the server counts.

use salotto_protocol::ErrorCode;
use salotto_room::Departure;
use std::time::Duration;

/// Totals since the start. They change once for each line, write or batch, but never for each delivery.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    pub(crate) accepted: u64,
    /// Failed attempts to accept a connection, usually because no file descriptor was left.
    pub(crate) accept_failures: u64,
    pub(crate) messages: u64,
    /// The sum, over all messages, of the number of members that each was sent to.
    pub(crate) deliveries: u64,
    pub(crate) bytes_received: u64,
    pub(crate) bytes_sent: u64,
    departures: [u64; Departure::ALL.len()],
    refusals: [u64; ErrorCode::ALL.len()],
    pub(crate) fanouts: Histogram,
}

impl Counts {
    pub(crate) fn count_departure(&mut self, reason: Departure) {
        self.departures[reason as usize] += 1;
    }

    pub(crate) fn departures(&self) -> impl Iterator<Item = (Departure, u64)> {
        Departure::ALL.into_iter().zip(self.departures)
    }

    /// Counts a refused line.
    pub(crate) fn count_refusal(&mut self, code: &str) {
        if let Some(code) = ErrorCode::of(code) {
            self.refusals[code as usize] += 1;
        }
    }

    pub(crate) fn refusals(&self) -> impl Iterator<Item = (ErrorCode, u64)> {
        ErrorCode::ALL.into_iter().zip(self.refusals)
    }
}

/// A histogram of durations.
#[derive(Debug, Clone, Default)]
pub(crate) struct Histogram {
    buckets: [u64; Self::BOUNDS.len() + 1],
    sum: Duration,
}

impl Histogram {
    /// The upper bounds of the buckets, in seconds. A message to a handful of members takes 50 µs, and one to thousands, or on a
    /// busy machine, takes milliseconds.
    const BOUNDS: [f64; 14] = [
        25e-6, 50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 50e-3, 0.1, 0.25,
        1.0,
    ];

    pub(crate) fn observe(&mut self, time: Duration) {
        let seconds = time.as_secs_f64();
        let bucket = Self::BOUNDS.partition_point(|&bound| bound < seconds);
        self.buckets[bucket] += 1;
        self.sum += time;
    }

    /// The sum of all durations, in seconds.
    pub(crate) fn sum(&self) -> f64 {
        self.sum.as_secs_f64()
    }

    pub(crate) fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// The upper bound of each bucket in seconds, and the number of durations in it.
    pub(crate) fn buckets(&self) -> Vec<(f64, u64)> {
        let bounds = Self::BOUNDS.into_iter().chain([f64::INFINITY]);
        bounds.zip(self.buckets).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_and_departure_has_a_counter_of_its_own() {
        let mut counts = Counts::default();
        for (n, code) in (0..).zip(ErrorCode::ALL) {
            (0..n).for_each(|_| counts.count_refusal(code.as_str()));
        }
        for (n, reason) in (0..).zip(Departure::ALL) {
            (0..n).for_each(|_| counts.count_departure(reason));
        }
        assert!(counts.refusals().map(|(_, n)| n).eq(0..7));
        assert!(counts.departures().map(|(_, n)| n).eq(0..8));
        assert!(counts.departures().all(|(reason, n)| reason as u64 == n));
    }

    #[test]
    fn an_upper_bound_belongs_to_its_bucket() {
        let mut histogram = Histogram::default();
        for micros in [1, 25, 26, 1_000, 2_000_000] {
            histogram.observe(Duration::from_micros(micros));
        }
        let buckets = histogram.buckets();
        let full: Vec<_> = buckets.iter().filter(|(_, n)| *n > 0).collect();
        assert_eq!(
            full,
            [&(25e-6, 2), &(50e-6, 1), &(1e-3, 1), &(f64::INFINITY, 1)]
        );
        assert_eq!(histogram.count(), 5);
        assert_eq!(histogram.sum(), 2.001_052);
    }
}
