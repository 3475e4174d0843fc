//! What the server counts while it works.

use salotto_protocol::ErrorCode;
use salotto_room::Departure;
use std::time::Duration;

/// Plain numbers: everything runs on one thread, and they are only read when somebody asks.
///
/// They are counted for each line, each write or each batch, and never for each delivery.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    pub(crate) accepted: u64,
    /// How often no connection could be accepted, for want of a descriptor as a rule.
    pub(crate) accept_failures: u64,
    pub(crate) messages: u64,
    /// Messages times those who hear them.
    pub(crate) deliveries: u64,
    pub(crate) bytes_received: u64,
    pub(crate) bytes_sent: u64,
    departures: [u64; Departure::ALL.len()],
    refusals: [u64; ErrorCode::ALL.len()],
    pub(crate) fanouts: Histogram,
}

impl Counts {
    pub(crate) fn depart(&mut self, how: Departure) {
        self.departures[how as usize] += 1;
    }

    pub(crate) fn departures(&self) -> impl Iterator<Item = (Departure, u64)> {
        Departure::ALL.into_iter().zip(self.departures)
    }

    /// Counts a line that was refused under `code`; one of a later version is nobody's here.
    pub(crate) fn refuse(&mut self, code: &str) {
        if let Some(code) = ErrorCode::of(code) {
            self.refusals[code as usize] += 1;
        }
    }

    pub(crate) fn refusals(&self) -> impl Iterator<Item = (ErrorCode, u64)> {
        ErrorCode::ALL.into_iter().zip(self.refusals)
    }
}

/// How long something took, in classes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Histogram {
    counts: [u64; Self::BOUNDS.len() + 1],
    sum: Duration,
}

impl Histogram {
    /// In seconds: from a message for a handful of people, which takes 50 µs, to a room of
    /// thousands, or a machine that has too much else to do.
    const BOUNDS: [f64; 14] = [
        25e-6, 50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 50e-3, 0.1, 0.25,
        1.0,
    ];

    pub(crate) fn observe(&mut self, time: Duration) {
        let seconds = time.as_secs_f64();
        let class = Self::BOUNDS.partition_point(|&bound| bound < seconds);
        self.counts[class] += 1;
        self.sum += time;
    }

    /// In seconds.
    pub(crate) fn sum(&self) -> f64 {
        self.sum.as_secs_f64()
    }

    pub(crate) fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The upper bound of each class in seconds, and how many were in it.
    pub(crate) fn classes(&self) -> Vec<(f64, u64)> {
        let bounds = Self::BOUNDS.into_iter().chain([f64::INFINITY]);
        bounds.zip(self.counts).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_and_departure_has_a_place_of_its_own() {
        let mut counts = Counts::default();
        for (n, code) in (0..).zip(ErrorCode::ALL) {
            (0..n).for_each(|_| counts.refuse(code.as_str()));
        }
        for (n, how) in (0..).zip(Departure::ALL) {
            (0..n).for_each(|_| counts.depart(how));
        }
        assert!(counts.refusals().map(|(_, n)| n).eq(0..7));
        assert!(counts.departures().map(|(_, n)| n).eq(0..8));
        assert!(counts.departures().all(|(how, n)| how as u64 == n));
    }

    #[test]
    fn a_bound_belongs_to_its_class() {
        let mut histogram = Histogram::default();
        for micros in [1, 25, 26, 1_000, 2_000_000] {
            histogram.observe(Duration::from_micros(micros));
        }
        let classes = histogram.classes();
        let full: Vec<_> = classes.iter().filter(|(_, n)| *n > 0).collect();
        assert_eq!(
            full,
            [&(25e-6, 2), &(50e-6, 1), &(1e-3, 1), &(f64::INFINITY, 1)]
        );
        assert_eq!(histogram.count(), 5);
        assert_eq!(histogram.sum(), 2.001_052);
    }
}
