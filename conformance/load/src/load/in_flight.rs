//! Messages in flight: each one from the moment it is due until every member has received it.

use std::collections::VecDeque;

/// The messages in flight, by sender and number.
#[derive(Debug)]
pub(super) struct InFlight(Vec<Queue>);

/// The messages of one sender.
#[derive(Debug, Default)]
struct Queue {
    /// The number of the first message in the queue.
    first: u32,
    messages: VecDeque<Message>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Message {
    /// When it was due, in nanoseconds since the start; `None` for a marker, which is not measured.
    pub(super) due: Option<u64>,
    /// Its position in the observer's order, once the observer has received it.
    pub(super) position: Option<u64>,
}

#[derive(Debug)]
pub(super) enum Lookup<'a> {
    InFlight(&'a mut Message),
    /// Every member has received it.
    Delivered,
    /// No message has this number yet.
    NeverSent,
}

impl InFlight {
    pub(super) fn new(senders: usize) -> Self {
        Self((0..senders).map(|_| Queue::default()).collect())
    }

    /// The number of this sender's next message, which is how many were due so far.
    pub(super) fn next_number(&self, sender: usize) -> u32 {
        let queue = &self.0[sender];
        queue.first + queue.messages.len() as u32
    }

    /// Adds the next message of this sender.
    pub(super) fn push(&mut self, sender: usize, due: Option<u64>) {
        let message = Message {
            due,
            position: None,
        };
        self.0[sender].messages.push_back(message);
    }

    pub(super) fn look_up(&mut self, sender: usize, number: u32) -> Lookup<'_> {
        let Some(queue) = self.0.get_mut(sender) else {
            return Lookup::NeverSent;
        };
        let Some(at) = number.checked_sub(queue.first) else {
            return Lookup::Delivered;
        };
        match queue.messages.get_mut(at as usize) {
            Some(message) => Lookup::InFlight(message),
            None => Lookup::NeverSent,
        }
    }

    /// Removes this sender's messages below that number.
    pub(super) fn remove_below(&mut self, sender: usize, below: u32) {
        let queue = &mut self.0[sender];
        let count = below.saturating_sub(queue.first) as usize;
        let count = count.min(queue.messages.len());
        queue.messages.drain(..count);
        queue.first += count as u32;
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|queue| queue.messages.len()).sum()
    }
}
