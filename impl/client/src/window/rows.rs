//! How high rows are, and where they begin.

/// How high a row is thought to be before somebody has looked.
const GUESS: f32 = 34.0;

/// How many forgotten rows are carried along before the rest moves up.
const MAX_FORGOTTEN: usize = 4096;

/// The heights of many rows, of which few have ever been laid out.
///
/// Laying out one wrapped text costs some 0.1 ms, so 100,000 of them cannot be laid out to find where the last one is.
/// A row that nobody has seen has a guessed height; it is measured when it comes near the view. A Fenwick tree sums the
/// heights: every question and every change costs a walk of log₂ of the number of rows.
///
/// Rows have indices that last for ever; old ones are forgotten, new ones come at the end.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    /// The index of the first slot.
    base: u64,
    /// How many slots at the beginning belong to forgotten rows; their height is 0.
    forgotten: usize,
    slots: Vec<Slot>,
    /// `sums[i]` is the sum of the slots up to and with `i`, as many as the lowest bit of `i + 1` says.
    sums: Vec<f64>,
    /// Counts how often all measures became void.
    round: u32,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    height: f32,
    /// The round in which the height was measured; 0 is no round.
    round: u32,
}

impl Rows {
    /// No rows.
    pub(super) fn new() -> Self {
        Self {
            round: 1,
            ..Self::default()
        }
    }

    /// From now on the rows are those from `first` to before `end`.
    pub(super) fn sync(&mut self, first: u64, end: u64) {
        if first >= self.end() || first < self.first() || end < self.end() {
            *self = Self {
                base: first,
                round: self.round,
                ..Self::default()
            };
        }
        while self.first() < first {
            self.put(self.forgotten, 0.0);
            self.forgotten += 1;
        }
        while self.end() < end {
            self.push(Slot {
                height: GUESS,
                round: 0,
            });
        }
        if self.forgotten > MAX_FORGOTTEN.max(self.slots.len() / 2) {
            self.compact();
        }
    }

    /// Nothing is measured any more. The heights stay as guesses.
    pub(super) const fn doubt(&mut self) {
        self.round += 1;
    }

    /// The index of the first row.
    pub(super) const fn first(&self) -> u64 {
        self.base + self.forgotten as u64
    }

    /// The index of the row that will come next.
    pub(super) const fn end(&self) -> u64 {
        self.base + self.slots.len() as u64
    }

    /// Whether the height of this row is known, and not a guess. It is for rows that there are not.
    pub(super) fn is_measured(&self, index: u64) -> bool {
        self.slot(index)
            .is_none_or(|at| self.slots[at].round == self.round)
    }

    /// Says how high a row is.
    pub(super) fn measure(&mut self, index: u64, height: f32) {
        if let Some(at) = self.slot(index) {
            self.put(at, height);
            self.slots[at].round = self.round;
        }
    }

    /// How high a row is, as far as is known; 0 for rows that there are not.
    pub(super) fn height(&self, index: u64) -> f32 {
        self.slot(index).map_or(0.0, |at| self.slots[at].height)
    }

    /// Where a row begins, which is the height of all rows before it.
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

    /// How high all rows are together.
    pub(super) fn total(&self) -> f64 {
        self.top(self.end())
    }

    /// The row at the height `y`, or the one that is next to it.
    pub(super) fn at(&self, y: f64) -> u64 {
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
        let known = index >= self.first() && index < self.end();
        known.then(|| (index - self.base) as usize)
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

    fn put(&mut self, at: usize, height: f32) {
        let change = f64::from(height) - f64::from(self.slots[at].height);
        self.slots[at].height = height;
        let mut number = at + 1;
        while number <= self.sums.len() {
            self.sums[number - 1] += change;
            number += number & number.wrapping_neg();
        }
    }

    fn compact(&mut self) {
        let slots = self.slots.split_off(self.forgotten);
        *self = Self {
            base: self.first(),
            round: self.round,
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
        Come(u64),
        Go(u64),
        Measure(u64, f32),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0..50u64).prop_map(Step::Come),
            (0..30u64).prop_map(Step::Go),
            (0..400u64, 1.0..200.0f32).prop_map(|(index, height)| Step::Measure(index, height)),
        ]
    }

    proptest! {
        #[test]
        fn know_what_a_plain_list_knows(steps in proptest::collection::vec(step(), 0..60)) {
            let mut rows = Rows::new();
            let (mut first, mut heights) = (0u64, Vec::<f32>::new());
            for step in steps {
                match step {
                    Step::Come(count) => heights.resize(heights.len() + count as usize, GUESS),
                    Step::Go(count) => {
                        // A log never loses its newest item.
                        let count = (count as usize).min(heights.len().saturating_sub(1));
                        heights.drain(..count);
                        first += count as u64;
                    }
                    Step::Measure(index, height) => {
                        rows.measure(index, height);
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
                    prop_assert_eq!(rows.at(top + f64::from(height) / 2.0), index);
                    top += f64::from(height);
                }
                prop_assert!((rows.total() - top).abs() < 1e-3);
            }
        }
    }

    #[test]
    fn a_doubted_height_is_a_guess() {
        let mut rows = Rows::new();
        rows.sync(0, 3);
        assert!(!rows.is_measured(1));
        rows.measure(1, 50.0);
        assert!(rows.is_measured(1));
        rows.doubt();
        assert!(!rows.is_measured(1));
        assert_eq!(rows.height(1), 50.0);
    }

    #[test]
    fn forgotten_rows_take_no_place() {
        let mut rows = Rows::new();
        for end in 1..100_000u64 {
            rows.sync(end.saturating_sub(100), end);
        }
        assert_eq!(rows.total(), 100.0 * f64::from(GUESS));
        assert!(rows.slots.len() <= 100 + MAX_FORGOTTEN + 1);
    }

    #[test]
    fn beyond_the_ends_are_the_ends() {
        let mut rows = Rows::new();
        assert_eq!((rows.at(7.0), rows.total()), (0, 0.0));
        rows.sync(5, 8);
        assert_eq!((rows.at(-1.0), rows.at(1e9)), (5, 7));
        assert_eq!((rows.top(0), rows.top(99)), (0.0, rows.total()));
    }
}
