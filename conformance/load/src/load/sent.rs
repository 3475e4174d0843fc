//! What is under way: each message from when it is due until every member has received it.

use std::collections::VecDeque;

/// The messages under way, by sender and number.
#[derive(Debug)]
pub(super) struct Sent(Vec<Log>);

#[derive(Debug, Default)]
struct Log {
    /// The number of the first message that is kept.
    first: u32,
    messages: VecDeque<Message>,
}

/// A message that is under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message {
    /// When it was due, in nanoseconds since the start; none for a marker, which is not measured.
    pub(super) due: Option<u64>,
    /// Its place in the room's order, once the witness has it.
    pub(super) place: Option<u64>,
}

/// What is known of a message by its number.
#[derive(Debug)]
pub(super) enum Known<'a> {
    /// It is under way.
    UnderWay(&'a mut Message),
    /// Everybody has received it.
    Past,
    /// It was never sent.
    Never,
}

impl Sent {
    pub(super) fn new(senders: usize) -> Self {
        Self((0..senders).map(|_| Log::default()).collect())
    }

    /// The number that this sender's next message will have.
    pub(super) fn next(&self, sender: usize) -> u32 {
        let log = &self.0[sender];
        log.first + log.messages.len() as u32
    }

    /// Another message of this sender is due.
    pub(super) fn push(&mut self, sender: usize, due: Option<u64>) {
        let message = Message { due, place: None };
        self.0[sender].messages.push_back(message);
    }

    pub(super) fn find(&mut self, sender: usize, number: u32) -> Known<'_> {
        let Some(log) = self.0.get_mut(sender) else {
            return Known::Never;
        };
        let Some(at) = number.checked_sub(log.first) else {
            return Known::Past;
        };
        match log.messages.get_mut(at as usize) {
            Some(message) => Known::UnderWay(message),
            None => Known::Never,
        }
    }

    /// Forgets all messages of this sender below that number.
    pub(super) fn forget(&mut self, sender: usize, below: u32) {
        let log = &mut self.0[sender];
        let count = below.saturating_sub(log.first) as usize;
        let count = count.min(log.messages.len());
        log.messages.drain(..count);
        log.first += count as u32;
    }

    /// How many messages are under way.
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|log| log.messages.len()).sum()
    }
}
