//! The delivery ledger: which messages of each sender each member has received.

use std::collections::HashSet;

/// How many missing messages are remembered one by one, to tell late deliveries from duplicates.
const MAX_MISSING: usize = 1_000_000;

#[derive(Debug, Clone)]
pub(super) struct Ledger {
    senders: usize,
    /// For each member and each sender, the number after the highest one received.
    next: Vec<u32>,
    /// Messages overtaken by a later one of the same sender: member, sender, number.
    missing: HashSet<(u32, u32, u32)>,
    /// How many more such messages there are.
    missing_beyond: u64,
    /// Whether each member's connection has ended. Nothing is due to a member after that.
    disconnected: Vec<bool>,
    /// Deliveries that the member had received before.
    pub(super) duplicates: u64,
    /// Deliveries that came after a later message of the same sender.
    pub(super) late: u64,
}

impl Ledger {
    pub(super) fn new(members: usize, senders: usize) -> Self {
        Self {
            senders,
            next: vec![0; members * senders],
            missing: HashSet::new(),
            missing_beyond: 0,
            disconnected: vec![false; members],
            duplicates: 0,
            late: 0,
        }
    }

    /// Records a delivery. Returns false for a duplicate.
    pub(super) fn record(&mut self, member: usize, sender: usize, number: u32) -> bool {
        let next = &mut self.next[member * self.senders + sender];
        if number < *next {
            let key = (member as u32, sender as u32, number);
            let late = self.missing.remove(&key);
            self.late += u64::from(late);
            self.duplicates += u64::from(!late);
            return late;
        }
        for missing in *next..number {
            if self.missing.len() < MAX_MISSING {
                self.missing.insert((member as u32, sender as u32, missing));
            } else {
                self.missing_beyond += u64::from(number - missing);
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

    pub(super) fn disconnect(&mut self, member: usize) {
        self.disconnected[member] = true;
    }

    pub(super) fn is_disconnected(&self, member: usize) -> bool {
        self.disconnected[member]
    }

    pub(super) fn disconnected_members(&self) -> usize {
        self.disconnected.iter().filter(|it| **it).count()
    }

    /// The number after the highest one that every connected member has received from this sender, which is member `own`.
    /// `None` if no other member is connected.
    pub(super) fn received_by_all(&self, sender: usize, own: usize) -> Option<u32> {
        (0..self.disconnected.len())
            .filter(|member| *member != own && !self.disconnected[*member])
            .map(|member| self.next(member, sender))
            .min()
    }

    /// How many deliveries are missing. `own` maps a sender to its member, `next` to the number after its last message. After
    /// a sender's connection has ended, nobody knows how many of its messages the server received, so none are missing at the
    /// end.
    pub(super) fn lost(&self, own: impl Fn(usize) -> usize, next: impl Fn(usize) -> u32) -> u64 {
        let connected = |member: u32| !self.disconnected[member as usize];
        let overtaken = self.missing.iter();
        let overtaken = overtaken.filter(|(member, ..)| connected(*member)).count();
        let mut lost = overtaken as u64 + self.missing_beyond;
        for member in (0..self.disconnected.len()).filter(|member| !self.disconnected[*member]) {
            for sender in 0..self.senders {
                if own(sender) != member && !self.disconnected[own(sender)] {
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
        // The sender is one more member, not among those under test.
        let mut ledger = ledger.clone();
        ledger.disconnected.push(false);
        ledger.next.push(sent);
        let own = ledger.disconnected.len() - 1;
        ledger.lost(|_| own, |_| sent)
    }

    #[test]
    fn counts_lost_late_and_duplicate_deliveries() {
        let mut ledger = Ledger::new(2, 1);
        let new: Vec<_> = [0, 1, 1, 4, 2, 2]
            .map(|number| ledger.record(0, 0, number))
            .into();
        assert_eq!(new, [true, true, false, true, true, false]);
        assert_eq!((ledger.duplicates, ledger.late), (2, 1));
        ledger.record(1, 0, 5);
        // The first member lacks 3 and 5, the second one 0 to 4.
        assert_eq!(lost(&ledger, 6), 7);
        assert_eq!(ledger.received_by_all(0, usize::MAX), Some(5));
        ledger.disconnect(1);
        assert_eq!(lost(&ledger, 6), 2);
    }

    #[test]
    fn a_sender_does_not_receive_its_own_messages() {
        let mut ledger = Ledger::new(2, 2);
        ledger.record(1, 0, 0);
        assert_eq!(ledger.lost(|sender| sender, |_| 1), 1);
        assert_eq!(ledger.received_by_all(0, 0), Some(1));
        ledger.disconnect(1);
        assert_eq!(ledger.lost(|sender| sender, |_| 1), 0);
    }

    #[test]
    fn a_large_gap_is_counted_without_being_stored() {
        let mut ledger = Ledger::new(1, 1);
        ledger.record(0, 0, 3_000_000_000);
        assert_eq!(lost(&ledger, 3_000_000_001), 3_000_000_000);
        assert_eq!(ledger.missing.len(), MAX_MISSING);
    }
}
