//! What is queued for a connection, and how much of it. (Chapters 8 and 9)

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::behaviour::Behaviour;
use super::fault::Fault;
use super::habit::Habit;
use super::room::{Bytes, ConnId, Kind};

const KIB: usize = 1024;

/// The lines that are to be written to one connection, in order.
#[derive(Debug)]
pub(super) struct Outbox {
    behaviour: Behaviour,
    owner: ConnId,
    items: VecDeque<Item>,
    /// Bytes that are not yet written: those in `items`, and those that have been taken.
    queued: usize,
    /// Bytes that a fault has left out.
    left_out: usize,
    /// When the last item becomes due. None becomes due earlier than the one before it.
    last_due: Instant,
    /// A message that waits for one of another sender (only with a fault).
    held_back: Option<Item>,
    last_heartbeat: Option<Instant>,
    finished: bool,
}

#[derive(Debug)]
struct Item {
    bytes: Bytes,
    due: Instant,
    kind: Kind,
}

impl Outbox {
    pub(super) fn new(behaviour: Behaviour, owner: ConnId, now: Instant) -> Self {
        Self {
            behaviour,
            owner,
            items: VecDeque::new(),
            queued: 0,
            left_out: 0,
            last_due: now,
            held_back: None,
            last_heartbeat: None,
            finished: false,
        }
    }

    /// Adds a line that is to be written at `due`. Returns whether more is queued now than is allowed (FLOW-3).
    #[must_use]
    pub(super) fn push(&mut self, bytes: Bytes, kind: Kind, due: Instant) -> bool {
        if self.finished {
            return false;
        }
        self.last_due = self.last_due.max(due);
        let due = self.last_due;
        self.insert(Item { bytes, due, kind });
        self.queued + self.left_out > self.limit()
    }

    /// Ends the queue: whatever is pushed from now on is ignored.
    pub(super) fn finish(&mut self) {
        self.release_held_back();
        self.finished = true;
    }

    /// Discards what is queued, and ignores whatever is pushed from now on.
    pub(super) fn silence(&mut self) {
        self.clear();
        self.finish();
    }

    /// Discards what is queued.
    pub(super) fn clear(&mut self) {
        self.items.clear();
        self.queued = 0;
    }

    /// Number of bytes that are not yet written.
    pub(super) fn queued(&self) -> usize {
        self.queued
    }

    /// Whether so much is queued that the connection belongs to a slow reader.
    pub(super) fn is_long(&self) -> bool {
        self.queued > 64 * KIB
    }

    /// Notes that so many bytes have been written.
    pub(super) fn written(&mut self, length: usize) {
        self.queued = self.queued.saturating_sub(length);
    }

    /// When the next line becomes due.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.items.front().map(|item| item.due)
    }

    /// Whether everything has been taken, and nothing more will be added.
    pub(super) fn is_done(&self) -> bool {
        self.finished && self.items.is_empty()
    }

    /// Takes the lines that are due, up to a limit.
    pub(super) fn take_due(&mut self, now: Instant) -> Vec<u8> {
        let mut batch = Vec::new();
        while let Some(item) = self.items.front()
            && item.due <= now
            && batch.len() < 64 * KIB
        {
            batch.extend_from_slice(&item.bytes);
            self.items.pop_front();
        }
        // At most one heartbeat a second is allowed (LINE-6).
        let rested = self
            .last_heartbeat
            .is_none_or(|last| now > last + Duration::from_millis(1050));
        if self.behaviour.keeps(Habit::Heartbeats) && !batch.is_empty() && rested {
            self.last_heartbeat = Some(now);
            batch.insert(0, b'\n');
        }
        batch
    }

    /// Puts a line at the end, unless a fault has another idea.
    fn insert(&mut self, item: Item) {
        match self.behaviour.fault {
            Some(Fault::LostAmongOthers) if item.kind.is_message() => {
                let others = |queued: &Item| queued.kind.is_message() && queued.kind != item.kind;
                if self.items.iter().any(others) {
                    return;
                }
            }
            Some(Fault::OrdersDiffer) if self.owner.is_multiple_of(2) => return self.swap(item),
            Some(Fault::GapInTheMiddle)
                if (300 * KIB..600 * KIB).contains(&(self.queued + self.left_out)) =>
            {
                self.left_out += item.bytes.len();
                return;
            }
            Some(Fault::OldestLost) if self.queued > 512 * KIB => {
                if let Some(oldest) = self.items.pop_front() {
                    self.queued -= oldest.bytes.len();
                    self.left_out += oldest.bytes.len();
                }
            }
            Some(Fault::OldestOfManyLost) if self.items.len() > 500 => {
                if let Some(oldest) = self.items.pop_front() {
                    self.queued -= oldest.bytes.len();
                }
            }
            _ => {}
        }
        self.append(item);
    }

    fn append(&mut self, item: Item) {
        self.queued += item.bytes.len();
        self.items.push_back(item);
    }

    /// Holds a message back until another one arrives. If that is of another sender, it goes first.
    fn swap(&mut self, item: Item) {
        if !item.kind.is_message() {
            self.release_held_back();
            return self.append(item);
        }
        match self.held_back.take() {
            None => self.held_back = Some(item),
            Some(held) if held.kind == item.kind => {
                self.append(held);
                self.held_back = Some(item);
            }
            Some(held) => {
                self.append(item);
                self.append(held);
            }
        }
    }

    pub(super) fn is_holding_back(&self) -> bool {
        self.held_back.is_some()
    }

    pub(super) fn release_held_back(&mut self) {
        if let Some(held) = self.held_back.take() {
            self.append(held);
        }
    }

    /// How much is queued for a member before it is dropped, in bytes (FLOW-2, FLOW-3).
    fn limit(&self) -> usize {
        match self.behaviour.fault {
            Some(Fault::DropsEarly) => 128 * KIB,
            Some(Fault::NeverDrops) => usize::MAX,
            _ if self.behaviour.keeps(Habit::DropsSoon) => 256 * KIB,
            _ => 1024 * KIB,
        }
    }
}
