//! What a connection is owed, in order, and how much of it is held.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::room::{Bytes, Id};
use super::{Fault, Habit, Ways};

const KIB: usize = 1024;

/// Everything that is to be written on one connection.
#[derive(Debug)]
pub(super) struct Outbox {
    ways: Ways,
    owner: Id,
    items: VecDeque<Item>,
    /// Bytes in `items`, and those that are being written.
    owed: usize,
    /// Bytes that a fault has left out.
    left_out: usize,
    /// Nothing is due before this time: the order stays.
    due: Instant,
    held_back: Option<Item>,
    last_heartbeat: Option<Instant>,
    finished: bool,
}

#[derive(Debug)]
struct Item {
    bytes: Bytes,
    due: Instant,
    said_by: Option<Id>,
}

impl Outbox {
    pub(super) fn new(ways: Ways, owner: Id) -> Self {
        Self {
            ways,
            owner,
            items: VecDeque::new(),
            owed: 0,
            left_out: 0,
            due: Instant::now(),
            held_back: None,
            last_heartbeat: None,
            finished: false,
        }
    }

    /// Adds a line, due after a delay. Gives whether more is held now than this server holds.
    #[must_use]
    pub(super) fn push(&mut self, bytes: Bytes, said_by: Option<Id>, delay: Duration) -> bool {
        if self.finished {
            return false;
        }
        self.due = self.due.max(Instant::now() + delay);
        let due = self.due;
        self.order(Item {
            bytes,
            due,
            said_by,
        });
        self.owed + self.left_out > self.bound()
    }

    /// Nothing more is added.
    pub(super) fn finish(&mut self) {
        self.flush_held_back();
        self.finished = true;
    }

    pub(super) fn forget(&mut self) {
        self.items.clear();
        self.owed = 0;
    }

    /// How much is held.
    pub(super) fn owed(&self) -> usize {
        self.owed
    }

    /// So much has been written.
    pub(super) fn written(&mut self, length: usize) {
        self.owed = self.owed.saturating_sub(length);
    }

    /// When the next bytes are due, if there are any.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.items.front().map(|item| item.due)
    }

    /// Everything has been handed out, and nothing more comes.
    pub(super) fn is_over(&self) -> bool {
        self.finished && self.items.is_empty()
    }

    /// The bytes that are due: several lines at once, but not without limit.
    pub(super) fn take(&mut self) -> Vec<u8> {
        let now = Instant::now();
        let mut batch = Vec::new();
        while let Some(item) = self.items.front()
            && item.due <= now
            && batch.len() < 64 * KIB
        {
            batch.extend_from_slice(&item.bytes);
            self.items.pop_front();
        }
        let rested = self
            .last_heartbeat
            .is_none_or(|last| now > last + Duration::from_millis(1050));
        if self.ways.keeps(Habit::Heartbeats) && !batch.is_empty() && rested {
            self.last_heartbeat = Some(now);
            batch.insert(0, b'\n');
        }
        batch
    }

    /// Puts an item at its place, which is the end.
    fn order(&mut self, item: Item) {
        match self.ways.fault {
            Some(Fault::LostAmongOthers) => {
                let others =
                    |queued: &Item| queued.said_by.is_some() && queued.said_by != item.said_by;
                if item.said_by.is_some() && self.items.iter().any(others) {
                    return;
                }
            }
            Some(Fault::OrdersDiffer) if self.owner.is_multiple_of(2) => return self.swap(item),
            Some(Fault::GapInTheMiddle)
                if (300 * KIB..600 * KIB).contains(&(self.owed + self.left_out)) =>
            {
                self.left_out += item.bytes.len();
                return;
            }
            Some(Fault::OldestLost) if self.owed > 512 * KIB => {
                if let Some(oldest) = self.items.pop_front() {
                    self.owed -= oldest.bytes.len();
                    self.left_out += oldest.bytes.len();
                }
            }
            _ => {}
        }
        self.append(item);
    }

    fn append(&mut self, item: Item) {
        self.owed += item.bytes.len();
        self.items.push_back(item);
    }

    /// A message waits for one of another sender, and lets it pass.
    fn swap(&mut self, item: Item) {
        if item.said_by.is_none() {
            self.flush_held_back();
            return self.append(item);
        }
        match self.held_back.take() {
            None => self.held_back = Some(item),
            Some(held) if held.said_by == item.said_by => {
                self.append(held);
                self.held_back = Some(item);
            }
            Some(held) => {
                self.append(item);
                self.append(held);
            }
        }
    }

    /// Whether a message waits for another one.
    pub(super) fn is_holding_back(&self) -> bool {
        self.held_back.is_some()
    }

    pub(super) fn flush_held_back(&mut self) {
        if let Some(held) = self.held_back.take() {
            self.append(held);
        }
    }

    /// How much is held before the member is dropped.
    fn bound(&self) -> usize {
        match self.ways.fault {
            Some(Fault::DropsEarly) => 128 * KIB,
            Some(Fault::NeverDrops) => usize::MAX,
            _ if self.ways.keeps(Habit::DropsSoon) => 256 * KIB,
            _ => 1024 * KIB,
        }
    }
}
