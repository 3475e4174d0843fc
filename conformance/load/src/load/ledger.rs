//! Each message to each other member, once, and each sender's messages in their order.

use std::collections::HashSet;

/// So many single messages that are missing are remembered, to tell one that comes late from one that comes twice.
const MOST_MISSING: usize = 1_000_000;

/// The accounts: what each member has received from each sender.
#[derive(Debug, Clone)]
pub(super) struct Ledger {
    senders: usize,
    /// For each member, for each sender: the number after the highest one received.
    next: Vec<u32>,
    /// Messages that a later one of the same sender has overtaken: member, sender, number.
    missing: HashSet<(u32, u32, u32)>,
    /// Messages that are missing and not remembered one by one.
    beyond: u64,
    /// Members that the server has ended the connection of: nothing is due to them.
    ended: Vec<bool>,
    /// How many deliveries came again.
    pub(super) twice: u64,
    /// How many came after a later message of the same sender.
    pub(super) late: u64,
}

impl Ledger {
    pub(super) fn new(members: usize, senders: usize) -> Self {
        Self {
            senders,
            next: vec![0; members * senders],
            missing: HashSet::new(),
            beyond: 0,
            ended: vec![false; members],
            twice: 0,
            late: 0,
        }
    }

    /// Notes a delivery; false when the member has had it before.
    pub(super) fn note(&mut self, member: usize, sender: usize, number: u32) -> bool {
        let next = &mut self.next[member * self.senders + sender];
        if number < *next {
            let late = self.missing.remove(&(member as u32, sender as u32, number));
            *(if late {
                &mut self.late
            } else {
                &mut self.twice
            }) += 1;
            return late;
        }
        for missing in *next..number {
            if self.missing.len() < MOST_MISSING {
                self.missing.insert((member as u32, sender as u32, missing));
            } else {
                self.beyond += u64::from(number - missing);
                break;
            }
        }
        *next = number + 1;
        true
    }

    /// The number after the highest one that this member has received from this sender.
    pub(super) fn next(&self, member: usize, sender: usize) -> u32 {
        self.next[member * self.senders + sender]
    }

    /// The server has ended this member's connection.
    pub(super) fn end(&mut self, member: usize) {
        self.ended[member] = true;
    }

    pub(super) fn has_ended(&self, member: usize) -> bool {
        self.ended[member]
    }

    pub(super) fn ended(&self) -> usize {
        self.ended.iter().filter(|ended| **ended).count()
    }

    /// The number after the highest one that everybody has received from this sender, which is member `own`; none when
    /// nobody is there to receive it.
    pub(super) fn floor(&self, sender: usize, own: usize) -> Option<u32> {
        (0..self.ended.len())
            .filter(|member| *member != own && !self.ended[*member])
            .map(|member| self.next(member, sender))
            .min()
    }

    /// How many deliveries are missing, when a sender's next message would have the number `next`, and `own` is which member
    /// the sender is. Of a sender whose connection has ended nobody knows what the server has taken.
    pub(super) fn lost(&self, own: impl Fn(usize) -> usize, next: impl Fn(usize) -> u32) -> u64 {
        let here = |member: u32| !self.ended[member as usize];
        let overtaken = self.missing.iter().filter(|(member, ..)| here(*member));
        let mut lost = overtaken.count() as u64 + self.beyond;
        for member in (0..self.ended.len()).filter(|member| !self.ended[*member]) {
            for sender in 0..self.senders {
                if own(sender) != member && !self.ended[own(sender)] {
                    lost += u64::from(next(sender) - self.next(member, sender));
                }
            }
        }
        lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost(ledger: &Ledger, sent: u32) -> u64 {
        // The sender is a member that is not looked at.
        let mut ledger = ledger.clone();
        ledger.ended.push(false);
        ledger.next.push(sent);
        let own = ledger.ended.len() - 1;
        ledger.lost(|_| own, |_| sent)
    }

    #[test]
    fn counts_what_is_lost_late_and_doubled() {
        let mut ledger = Ledger::new(2, 1);
        let new: Vec<_> = [0, 1, 1, 4, 2, 2]
            .map(|number| ledger.note(0, 0, number))
            .into();
        assert_eq!(new, [true, true, false, true, true, false]);
        assert_eq!((ledger.twice, ledger.late), (2, 1));
        ledger.note(1, 0, 5);
        // The first member lacks 3 and 5, the second one 0 to 4.
        assert_eq!(lost(&ledger, 6), 7);
        assert_eq!(ledger.floor(0, usize::MAX), Some(5));
        ledger.end(1);
        assert_eq!(lost(&ledger, 6), 2);
    }

    #[test]
    fn a_sender_is_owed_nothing_of_its_own() {
        let mut ledger = Ledger::new(2, 2);
        ledger.note(1, 0, 0);
        assert_eq!(ledger.lost(|sender| sender, |_| 1), 1);
        assert_eq!(ledger.floor(0, 0), Some(1));
        ledger.end(1);
        assert_eq!(ledger.lost(|sender| sender, |_| 1), 0);
    }

    #[test]
    fn a_large_gap_is_counted_without_being_stored() {
        let mut ledger = Ledger::new(1, 1);
        ledger.note(0, 0, 3_000_000_000);
        assert_eq!(lost(&ledger, 3_000_000_001), 3_000_000_000);
        assert_eq!(ledger.missing.len(), MOST_MISSING);
    }
}
