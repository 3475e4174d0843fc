//! One order for all (ORDER-1): the first member, the witness, hears every message, and its order is the room's. Everybody
//! else must hear what it hears in the same order.

use std::collections::VecDeque;

use super::sent::{Known, Sent};

/// Where everybody is in the room's order.
#[derive(Debug)]
pub(super) struct Order {
    /// How many messages the witness has received.
    reached: u64,
    /// For each sender: the number after the highest one that the witness has received.
    next: Vec<u32>,
    members: Vec<Member>,
}

#[derive(Debug, Default)]
struct Member {
    /// The place after the last message.
    place: u64,
    /// What it has received before the witness: sender and number.
    ahead: VecDeque<(u32, u32)>,
    /// How many messages it has received before one that the witness received earlier.
    contradictions: u64,
}

impl Order {
    pub(super) fn new(members: usize, senders: usize) -> Self {
        Self {
            reached: 0,
            next: vec![0; senders],
            members: (0..members).map(|_| Member::default()).collect(),
        }
    }

    /// The witness has received a message.
    pub(super) fn witness(&mut self, sent: &mut Sent, sender: usize, number: u32) {
        if let Known::UnderWay(message) = sent.find(sender, number) {
            message.place = Some(self.reached);
            self.reached += 1;
        }
        self.next[sender] = self.next[sender].max(number + 1);
    }

    /// Another member has received a message.
    pub(super) fn note(&mut self, sent: &mut Sent, member: usize, sender: usize, number: u32) {
        let it = &mut self.members[member];
        if !it.ahead.is_empty() || !it.judge(&self.next, sent, sender, number) {
            it.ahead.push_back((sender as u32, number));
        }
    }

    /// Judges what members have received before the witness, as far as the witness has followed.
    pub(super) fn catch_up(&mut self, sent: &mut Sent, member: usize) {
        let it = &mut self.members[member];
        while let Some((sender, number)) = it.ahead.front().copied()
            && it.judge(&self.next, sent, sender as usize, number)
        {
            it.ahead.pop_front();
        }
    }

    /// How many members have received something in another order than the witness.
    pub(super) fn dissenters(&self) -> usize {
        let members = self.members.iter();
        members.filter(|it| it.contradictions > 0).count()
    }

    /// How many messages wait to be judged.
    pub(super) fn waiting(&self) -> usize {
        self.members.iter().map(|it| it.ahead.len()).sum()
    }
}

impl Member {
    /// False when the witness may still receive the message. One that the witness has lost has no place: it is not judged.
    fn judge(&mut self, next: &[u32], sent: &mut Sent, sender: usize, number: u32) -> bool {
        let place = match sent.find(sender, number) {
            Known::UnderWay(message) => message.place,
            Known::Past | Known::Never => return true,
        };
        let Some(place) = place else {
            return number < next[sender];
        };
        if place < self.place {
            self.contradictions += 1;
        } else {
            self.place = place + 1;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// Two senders, each with three messages; `heard` is what the witness and what one member receive.
    #[rstest]
    #[case::same(&[(0, 0), (1, 0), (0, 1)], &[(0, 0), (1, 0), (0, 1)], 0)]
    #[case::two_swapped(&[(0, 0), (1, 0), (0, 1)], &[(1, 0), (0, 0), (0, 1)], 1)]
    #[case::a_sender_without_its_own(&[(0, 0), (1, 0), (0, 1)], &[(0, 0), (0, 1)], 0)]
    #[case::lost_by_the_member(&[(0, 0), (1, 0), (1, 1)], &[(1, 0), (1, 1)], 0)]
    #[case::lost_by_the_witness(&[(0, 1), (1, 0)], &[(0, 0), (0, 1), (1, 0)], 0)]
    fn members_are_compared_with_the_witness(
        #[case] witness: &[(usize, u32)],
        #[case] member: &[(usize, u32)],
        #[case] dissenters: usize,
        #[values(true, false)] witness_first: bool,
    ) {
        let mut sent = Sent::new(2);
        (0..6).for_each(|message| sent.push(message % 2, None));
        let mut order = Order::new(2, 2);
        let tell = |order: &mut Order, sent: &mut Sent| {
            for (sender, number) in witness {
                order.witness(sent, *sender, *number);
            }
        };
        if witness_first {
            tell(&mut order, &mut sent);
        }
        for (sender, number) in member {
            order.note(&mut sent, 1, *sender, *number);
        }
        if !witness_first {
            tell(&mut order, &mut sent);
        }
        order.catch_up(&mut sent, 1);
        assert_eq!((order.dissenters(), order.waiting()), (dissenters, 0));
    }
}
