//! The heights and positions of the rows of the transcript.

/// The assumed height of a row that has not been measured, in points.
const DEFAULT_HEIGHT: f32 = 34.0;

/// The slots of removed rows are reclaimed when there are more than this many, and more than there are other slots.
const MAX_REMOVED: usize = 4096;

/// The heights of many rows, few of which have been laid out.
///
/// Laying out a wrapped text takes about 0.1 ms, so laying out 100,000 rows to find the position of the last one is too
/// slow. A row has a default height until it comes near the view and is measured. A Fenwick tree sums the heights, so every
/// query and every change takes logarithmic time.
///
/// Rows keep their indices. Old rows are removed at the beginning, new ones are added at the end.
#[derive(Debug, Clone, Default)]
pub(super) struct RowHeights {
    /// The index of the first slot.
    base: u64,
    /// The number of slots of removed rows at the beginning. Their height is 0.
    removed: usize,
    slots: Vec<Slot>,
    /// The Fenwick tree: `sums[i]` is the sum of the last `n` slots up to and including slot `i`, where `n` is the lowest set
    /// bit of `i + 1`.
    sums: Vec<f64>,
    /// Increased whenever all measurements become invalid.
    generation: u32,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    height: f32,
    /// The generation of the measurement, or 0 if there is none.
    generation: u32,
}

impl RowHeights {
    pub(super) fn new() -> Self {
        Self {
            generation: 1,
            ..Self::default()
        }
    }

    /// Removes and adds rows so that they are `first..end`.
    pub(super) fn sync(&mut self, first: u64, end: u64) {
        if first >= self.end() || first < self.first() || end < self.end() {
            *self = Self {
                base: first,
                generation: self.generation,
                ..Self::default()
            };
        }
        while self.first() < first {
            self.set_height(self.removed, 0.0);
            self.removed += 1;
        }
        while self.end() < end {
            self.push(Slot {
                height: DEFAULT_HEIGHT,
                generation: 0,
            });
        }
        if self.removed > MAX_REMOVED.max(self.slots.len() / 2) {
            self.compact();
        }
    }

    /// Invalidates all measurements. The heights are kept as estimates.
    pub(super) const fn invalidate(&mut self) {
        self.generation += 1;
    }

    pub(super) const fn first(&self) -> u64 {
        self.base + self.removed as u64
    }

    /// The index after the last row.
    pub(super) const fn end(&self) -> u64 {
        self.base + self.slots.len() as u64
    }

    /// Whether the height of a row has been measured. True for rows that do not exist.
    pub(super) fn is_measured(&self, index: u64) -> bool {
        self.slot(index)
            .is_none_or(|at| self.slots[at].generation == self.generation)
    }

    /// Stores the measured height of a row.
    pub(super) fn set_measured(&mut self, index: u64, height: f32) {
        if let Some(at) = self.slot(index) {
            self.set_height(at, height);
            self.slots[at].generation = self.generation;
        }
    }

    /// The measured or estimated height of a row, or 0 if it does not exist.
    pub(super) fn height(&self, index: u64) -> f32 {
        self.slot(index).map_or(0.0, |at| self.slots[at].height)
    }

    /// The position of a row: the sum of the heights before it.
    pub(super) fn top(&self, index: u64) -> f64 {
        let before = index.clamp(self.first(), self.end()) - self.base;
        let mut before = before as usize;
        let mut sum = 0.0;
        while before > 0 {
            sum += self.sums[before - 1];
            before &= before - 1;
        }
        sum
    }

    /// The sum of all heights.
    pub(super) fn total(&self) -> f64 {
        self.top(self.end())
    }

    /// The row at position `y`, or the nearest one.
    pub(super) fn row_at(&self, y: f64) -> u64 {
        let count = self.slots.len();
        let mut found = 0;
        let mut rest = y;
        let mut step = count.checked_ilog2().map_or(0, |bits| 1 << bits);
        while step > 0 {
            if found + step <= count && self.sums[found + step - 1] <= rest {
                found += step;
                rest -= self.sums[found - 1];
            }
            step /= 2;
        }
        let last = self.end().saturating_sub(1).max(self.first());
        (self.base + found as u64).clamp(self.first(), last)
    }

    fn slot(&self, index: u64) -> Option<usize> {
        let exists = index >= self.first() && index < self.end();
        exists.then(|| (index - self.base) as usize)
    }

    fn push(&mut self, slot: Slot) {
        self.slots.push(slot);
        let number = self.slots.len();
        let mut sum = f64::from(slot.height);
        let mut before = number - 1;
        while before > number & (number - 1) {
            sum += self.sums[before - 1];
            before &= before - 1;
        }
        self.sums.push(sum);
    }

    fn set_height(&mut self, at: usize, height: f32) {
        let change = f64::from(height) - f64::from(self.slots[at].height);
        self.slots[at].height = height;
        let mut number = at + 1;
        while number <= self.sums.len() {
            self.sums[number - 1] += change;
            number += number & number.wrapping_neg();
        }
    }

    fn compact(&mut self) {
        let slots = self.slots.split_off(self.removed);
        *self = Self {
            base: self.first(),
            generation: self.generation,
            ..Self::default()
        };
        self.slots.reserve(slots.len());
        self.sums.reserve(slots.len());
        for slot in slots {
            self.push(slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone)]
    enum Step {
        Add(u64),
        Remove(u64),
        Measure(u64, f32),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0..50u64).prop_map(Step::Add),
            (0..30u64).prop_map(Step::Remove),
            (0..400u64, 1.0..200.0f32).prop_map(|(index, height)| Step::Measure(index, height)),
        ]
    }

    proptest! {
        #[test]
        fn the_heights_agree_with_a_plain_list(steps in proptest::collection::vec(step(), 0..60)) {
            let mut rows = RowHeights::new();
            let (mut first, mut heights) = (0u64, Vec::<f32>::new());
            for step in steps {
                match step {
                    Step::Add(count) => heights.resize(heights.len() + count as usize, DEFAULT_HEIGHT),
                    Step::Remove(count) => {
                        // A log never removes its newest item.
                        let count = (count as usize).min(heights.len().saturating_sub(1));
                        heights.drain(..count);
                        first += count as u64;
                    }
                    Step::Measure(index, height) => {
                        rows.set_measured(index, height);
                        let at = index.checked_sub(first).unwrap_or(u64::MAX) as usize;
                        if let Some(known) = heights.get_mut(at) {
                            *known = height;
                        }
                    }
                }
                let end = first + heights.len() as u64;
                rows.sync(first, end);
                prop_assert_eq!((rows.first(), rows.end()), (first, end));
                let mut top = 0.0;
                for (n, &height) in heights.iter().enumerate() {
                    let index = first + n as u64;
                    prop_assert_eq!(rows.height(index), height);
                    prop_assert!((rows.top(index) - top).abs() < 1e-3);
                    prop_assert_eq!(rows.row_at(top + f64::from(height) / 2.0), index);
                    top += f64::from(height);
                }
                prop_assert!((rows.total() - top).abs() < 1e-3);
            }
        }
    }

    #[test]
    fn an_invalidated_height_is_an_estimate() {
        let mut rows = RowHeights::new();
        rows.sync(0, 3);
        assert!(!rows.is_measured(1));
        rows.set_measured(1, 50.0);
        assert!(rows.is_measured(1));
        rows.invalidate();
        assert!(!rows.is_measured(1));
        assert_eq!(rows.height(1), 50.0);
    }

    #[test]
    fn removed_rows_take_no_space() {
        let mut rows = RowHeights::new();
        for end in 1..100_000u64 {
            rows.sync(end.saturating_sub(100), end);
        }
        assert_eq!(rows.total(), 100.0 * f64::from(DEFAULT_HEIGHT));
        assert!(rows.slots.len() <= 100 + MAX_REMOVED + 1);
    }

    #[test]
    fn positions_beyond_the_ends_are_clamped() {
        let mut rows = RowHeights::new();
        assert_eq!((rows.row_at(7.0), rows.total()), (0, 0.0));
        rows.sync(5, 8);
        assert_eq!((rows.row_at(-1.0), rows.row_at(1e9)), (5, 7));
        assert_eq!((rows.top(0), rows.top(99)), (0.0, rows.total()));
    }
}
