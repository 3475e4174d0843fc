//! Latency, from the moment a message was due to its delivery: for the whole run and for each slice of it.

use std::time::Duration;

use hdrhistogram::{CreationError, Histogram};

use super::report::{Bar, Latency, Slice};

/// The range of the histograms, in nanoseconds, with three significant digits.
const MIN: u64 = 1_000;
const MAX: u64 = 600_000_000_000;

/// How many slices a plot shows well.
const SLICES: u32 = 120;
const MIN_SLICE: Duration = Duration::from_millis(50);

/// Histograms of latency. All times are in nanoseconds since the measurement began.
#[derive(Debug)]
pub(super) struct LatencyRecorder {
    /// All complete slices.
    total: Histogram<u64>,
    current: Histogram<u64>,
    pub(super) slices: Vec<Slice>,
    slice_length: u64,
    slice_end: u64,
}

impl LatencyRecorder {
    pub(super) fn new(duration: Duration) -> Result<Self, CreationError> {
        let slice_length = (duration / SLICES).max(MIN_SLICE).as_nanos() as u64;
        Ok(Self {
            total: Histogram::new_with_bounds(MIN, MAX, 3)?,
            current: Histogram::new_with_bounds(MIN, MAX, 3)?,
            slices: Vec::new(),
            slice_length,
            slice_end: slice_length,
        })
    }

    /// Records a delivery at `at` of a message that was due at `due`.
    pub(super) fn record(&mut self, due: u64, at: u64) {
        if at >= self.slice_end {
            self.end_slices(at);
        }
        self.current.saturating_record(at.saturating_sub(due));
    }

    /// Ends the current slice and the empty ones after it, up to `at`. The last slice takes all that arrives once the run has
    /// lasted twice as long as planned.
    fn end_slices(&mut self, at: u64) {
        while at >= self.slice_end && self.slices.len() < 2 * SLICES as usize {
            self.slices.push(Slice {
                end_seconds: self.slice_end as f64 / 1e9,
                deliveries: self.current.len(),
                latency: latency(&self.current),
            });
            // Cannot fail: both have the same bounds.
            let _ = self.total.add(&self.current);
            self.current.reset();
            self.slice_end += self.slice_length;
        }
    }

    /// Ends the last slice. Call it once, before the results are read.
    pub(super) fn finish(&mut self) {
        self.end_slices(self.slice_end);
        let _ = self.total.add(&self.current);
        self.current.reset();
    }

    pub(super) fn deliveries(&self) -> u64 {
        self.total.len() + self.current.len()
    }

    /// The 99th percentile of the current slice, in milliseconds.
    pub(super) fn current_p99(&self) -> f64 {
        milliseconds(self.current.value_at_quantile(0.99))
    }

    pub(super) fn latency(&self) -> Option<Latency> {
        latency(&self.total)
    }

    /// The distribution, as ten bars for each power of ten.
    pub(super) fn distribution(&self) -> Vec<Bar> {
        let mut bars = Vec::new();
        for value in self.total.iter_log(MIN, 10_f64.powf(0.1)) {
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

fn latency(histogram: &Histogram<u64>) -> Option<Latency> {
    let at = |quantile| milliseconds(histogram.value_at_quantile(quantile));
    (!histogram.is_empty()).then(|| Latency {
        p50_ms: at(0.5),
        p90_ms: at(0.9),
        p99_ms: at(0.99),
        p999_ms: at(0.999),
        max_ms: milliseconds(histogram.max()),
    })
}

fn milliseconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latency_counts_from_the_moment_a_message_was_due() {
        let mut recorder = LatencyRecorder::new(Duration::from_secs(12)).unwrap();
        // One message every 10 ms; all of them arrive at the end of the second.
        for message in 0..100 {
            recorder.record(message * 10_000_000, 1_000_000_000);
        }
        recorder.finish();
        let latency = recorder.latency().unwrap();
        assert!((latency.p50_ms - 500.0).abs() < 15.0, "{latency:?}");
        assert!((latency.max_ms - 1000.0).abs() < 1.0, "{latency:?}");
        let slices = &recorder.slices;
        assert_eq!(slices.len(), 11);
        assert_eq!(slices[0].latency, None);
        assert_eq!(slices[10].deliveries, 100);
        let bars: u64 = recorder
            .distribution()
            .iter()
            .map(|bar| bar.deliveries)
            .sum();
        assert_eq!((bars, recorder.deliveries()), (100, 100));
    }
}
