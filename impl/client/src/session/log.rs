//! A bounded log.

use std::collections::VecDeque;

/// The newest items of a growing sequence, bounded by their number and by their size.
///
/// An item keeps its index when older items are removed, so a view that remembers an index finds the item again or learns
/// that it has been removed.
#[derive(Debug, Clone)]
pub struct Log<T> {
    items: VecDeque<T>,
    first: u64,
    bytes: usize,
    max_items: usize,
    max_bytes: usize,
}

/// An item whose size is known.
pub trait Weigh {
    /// The approximate memory use of the item, in bytes.
    fn weight(&self) -> usize;
}

impl<T: Weigh> Log<T> {
    /// An empty log that removes its oldest items when it exceeds `max_items` items or `max_bytes` bytes.
    pub(crate) const fn new(max_items: usize, max_bytes: usize) -> Self {
        Self {
            items: VecDeque::new(),
            first: 0,
            bytes: 0,
            max_items,
            max_bytes,
        }
    }

    /// Appends an item and returns its index. The newest item is never removed, whatever its size.
    pub(crate) fn push(&mut self, item: T) -> u64 {
        self.bytes += item.weight();
        self.items.push_back(item);
        while self.items.len() > 1
            && (self.items.len() > self.max_items || self.bytes > self.max_bytes)
        {
            if let Some(oldest) = self.items.pop_front() {
                self.bytes -= oldest.weight();
                self.first += 1;
            }
        }
        self.end() - 1
    }
}

impl<T> Log<T> {
    /// The index of the oldest item that has not been removed.
    pub(crate) const fn first(&self) -> u64 {
        self.first
    }

    /// The index that the next item will get. It never decreases.
    pub fn end(&self) -> u64 {
        self.first + self.items.len() as u64
    }

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// The approximate size of the items, in bytes.
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// The item with this index, unless it has been removed or does not exist yet.
    pub(crate) fn get(&self, index: u64) -> Option<&T> {
        let at = index.checked_sub(self.first)?;
        self.items.get(usize::try_from(at).ok()?)
    }

    /// The items from `index` on, each with its index. Starts at the oldest item if `index` has been removed.
    pub(crate) fn since(&self, index: u64) -> impl DoubleEndedIterator<Item = (u64, &T)> {
        let from = index.clamp(self.first, self.end());
        // Never more than the number of items, so the cast cannot truncate.
        let skipped = (from - self.first) as usize;
        let items = self.items.range(skipped..).enumerate();
        items.map(move |(n, item)| (from + n as u64, item))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    impl Weigh for usize {
        fn weight(&self) -> usize {
            *self
        }
    }

    #[test]
    fn an_index_stays_valid_when_older_items_are_removed() {
        let mut log = Log::new(3, 100);
        for item in [1, 2, 3, 4] {
            log.push(item);
        }
        assert_eq!(log.get(0), None);
        assert_eq!(log.get(3), Some(&4));
        assert_eq!(log.get(4), None);
        assert_eq!(log.since(0).next(), Some((1, &2)));
        assert_eq!(log.since(3).collect::<Vec<_>>(), [(3, &4)]);
        assert_eq!(log.since(9).count(), 0);
    }

    proptest! {
        #[test]
        fn stays_within_its_bounds(weights in proptest::collection::vec(0..30usize, 0..200)) {
            let mut log = Log::new(10, 50);
            for (index, &weight) in weights.iter().enumerate() {
                prop_assert_eq!(log.push(weight), index as u64);
                prop_assert!(log.len() <= 10 && log.bytes() <= 50);
                prop_assert_eq!(log.since(0).map(|(_, item)| item).sum::<usize>(), log.bytes());
                prop_assert_eq!(log.end(), index as u64 + 1);
            }
        }
    }
}
