//! Latency: how long after it was due a message arrives, over all and slice by slice.

use std::time::Duration;

use hdrhistogram::{CreationError, Histogram};

use super::outcome::{Bar, Latency, Slice};

/// What is told apart, in nanoseconds; the figures have three digits.
const LEAST: u64 = 1_000;
const MOST: u64 = 600_000_000_000;

/// How many slices a plot can show.
const SLICES: u32 = 120;
/// A slice is no shorter.
const SHORTEST_SLICE: Duration = Duration::from_millis(50);

/// The latencies of a run.
#[derive(Debug)]
pub(super) struct Timing {
    all: Histogram<u64>,
    /// Of the slice that has begun.
    now: Histogram<u64>,
    slices: Vec<Slice>,
    /// How long a slice lasts, and when this one ends, in nanoseconds.
    length: u64,
    end: u64,
}

impl Timing {
    /// # Errors
    /// Never: the bounds are fine.
    pub(super) fn new(duration: Duration) -> Result<Self, CreationError> {
        let length = (duration / SLICES).max(SHORTEST_SLICE).as_nanos() as u64;
        Ok(Self {
            all: Histogram::new_with_bounds(LEAST, MOST, 3)?,
            now: Histogram::new_with_bounds(LEAST, MOST, 3)?,
            slices: Vec::new(),
            length,
            end: length,
        })
    }

    /// Notes a delivery at `at` of a message that was due at `due`, in nanoseconds since the start.
    pub(super) fn note(&mut self, due: u64, at: u64) {
        if at >= self.end {
            self.turn(at);
        }
        self.now.saturating_record(at.saturating_sub(due));
    }

    /// Ends the slice, and those that have passed since in which nothing arrived. The last one takes what comes when the
    /// run lasts longer than planned.
    fn turn(&mut self, at: u64) {
        while at >= self.end && self.slices.len() < 2 * SLICES as usize {
            self.slices.push(Slice {
                end_seconds: self.end as f64 / 1e9,
                deliveries: self.now.len(),
                latency: latency(&self.now),
            });
            // Both have the same bounds, so this cannot fail.
            let _ = self.all.add(&self.now);
            self.now.reset();
            self.end += self.length;
        }
    }

    /// Ends the last slice.
    pub(super) fn finish(&mut self) {
        self.turn(self.end);
        let _ = self.all.add(&self.now);
        self.now.reset();
    }

    /// How many deliveries were measured.
    pub(super) fn len(&self) -> u64 {
        self.all.len() + self.now.len()
    }

    /// The 99th percentile of the slice that has begun, in milliseconds.
    pub(super) fn p99_now(&self) -> f64 {
        milliseconds(self.now.value_at_quantile(0.99))
    }

    pub(super) fn latency(&self) -> Option<Latency> {
        latency(&self.all)
    }

    pub(super) fn slices(&self) -> Vec<Slice> {
        self.slices.clone()
    }

    /// The distribution: ten bars from each power of ten to the next.
    pub(super) fn distribution(&self) -> Vec<Bar> {
        let mut bars = Vec::new();
        for value in self.all.iter_log(LEAST, 10_f64.powf(0.1)) {
            let count = value.count_since_last_iteration();
            if count == 0 && bars.is_empty() {
                continue;
            }
            bars.push(Bar {
                up_to_ms: milliseconds(value.value_iterated_to()),
                deliveries: count,
            });
        }
        bars
    }
}

fn latency(of: &Histogram<u64>) -> Option<Latency> {
    let at = |quantile| milliseconds(of.value_at_quantile(quantile));
    (!of.is_empty()).then(|| Latency {
        p50_ms: at(0.5),
        p90_ms: at(0.9),
        p99_ms: at(0.99),
        p999_ms: at(0.999),
        max_ms: milliseconds(of.max()),
    })
}

fn milliseconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latency_counts_from_when_it_was_due() {
        let mut timing = Timing::new(Duration::from_secs(12)).unwrap();
        // A hundred messages, one every 10 ms; nothing arrives before the end of the second.
        for message in 0..100 {
            timing.note(message * 10_000_000, 1_000_000_000);
        }
        timing.finish();
        let latency = timing.latency().unwrap();
        assert!((latency.p50_ms - 500.0).abs() < 15.0, "{latency:?}");
        assert!((latency.max_ms - 1000.0).abs() < 1.0, "{latency:?}");
        let slices = timing.slices();
        assert_eq!(slices.len(), 11);
        assert_eq!(slices[0].latency, None);
        assert_eq!(slices[10].deliveries, 100);
        let bars: u64 = timing.distribution().iter().map(|bar| bar.deliveries).sum();
        assert_eq!((bars, timing.len()), (100, 100));
    }
}
