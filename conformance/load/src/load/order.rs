//! Checks that all members receive messages in one order (ORDER-1). The observer, which never sends, receives every message;
//! its order is the reference.

use std::collections::VecDeque;

use super::in_flight::{InFlight, Lookup};

#[derive(Debug)]
pub(super) struct OrderCheck {
    /// How many messages the observer has received.
    observed: u64,
    /// For each sender, the number after the highest one that the observer has received.
    next: Vec<u32>,
    members: Vec<Member>,
}

#[derive(Debug, Default)]
struct Member {
    /// The position, in the observer's order, after the last message.
    position: u64,
    /// Messages received before the observer received them: sender and number.
    ahead: VecDeque<(u32, u32)>,
    /// Whether it has received a message after one that the observer received later.
    out_of_order: bool,
}

impl OrderCheck {
    pub(super) fn new(members: usize, senders: usize) -> Self {
        Self {
            observed: 0,
            next: vec![0; senders],
            members: (0..members).map(|_| Member::default()).collect(),
        }
    }

    /// Records a message that the observer received.
    pub(super) fn observe(&mut self, in_flight: &mut InFlight, sender: usize, number: u32) {
        if let Lookup::InFlight(message) = in_flight.look_up(sender, number) {
            message.position = Some(self.observed);
            self.observed += 1;
        }
        self.next[sender] = self.next[sender].max(number + 1);
    }

    /// Checks a message that another member received, or keeps it until the observer has received it.
    pub(super) fn check(
        &mut self,
        in_flight: &mut InFlight,
        member: usize,
        sender: usize,
        number: u32,
    ) {
        let member = &mut self.members[member];
        if !member.ahead.is_empty() || !member.judge(&self.next, in_flight, sender, number) {
            member.ahead.push_back((sender as u32, number));
        }
    }

    /// Checks the messages that members received before the observer, up to the first that it still has to receive.
    pub(super) fn catch_up(&mut self, in_flight: &mut InFlight) {
        for member in &mut self.members {
            while let Some((sender, number)) = member.ahead.front().copied()
                && member.judge(&self.next, in_flight, sender as usize, number)
            {
                member.ahead.pop_front();
            }
        }
    }

    pub(super) fn members_out_of_order(&self) -> usize {
        self.members.iter().filter(|it| it.out_of_order).count()
    }

    /// How many received messages are still to be checked.
    pub(super) fn pending(&self) -> usize {
        self.members.iter().map(|it| it.ahead.len()).sum()
    }
}

impl Member {
    /// Returns false if the observer may still receive the message. One that the observer has lost has no position and is not
    /// judged.
    fn judge(
        &mut self,
        next: &[u32],
        in_flight: &mut InFlight,
        sender: usize,
        number: u32,
    ) -> bool {
        let position = match in_flight.look_up(sender, number) {
            Lookup::InFlight(message) => message.position,
            Lookup::Delivered | Lookup::NeverSent => return true,
        };
        let Some(position) = position else {
            return number < next[sender];
        };
        if position < self.position {
            self.out_of_order = true;
        } else {
            self.position = position + 1;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// Two senders have sent three messages each; the observer and one member receive some of them.
    #[rstest]
    #[case::same(&[(0, 0), (1, 0), (0, 1)], &[(0, 0), (1, 0), (0, 1)], 0)]
    #[case::two_swapped(&[(0, 0), (1, 0), (0, 1)], &[(1, 0), (0, 0), (0, 1)], 1)]
    #[case::a_sender_without_its_own(&[(0, 0), (1, 0), (0, 1)], &[(0, 0), (0, 1)], 0)]
    #[case::lost_by_the_member(&[(0, 0), (1, 0), (1, 1)], &[(1, 0), (1, 1)], 0)]
    #[case::lost_by_the_observer(&[(0, 1), (1, 0)], &[(0, 0), (0, 1), (1, 0)], 0)]
    fn members_are_compared_with_the_observer(
        #[case] observer: &[(usize, u32)],
        #[case] member: &[(usize, u32)],
        #[case] out_of_order: usize,
        #[values(true, false)] observer_first: bool,
    ) {
        let mut in_flight = InFlight::new(2);
        (0..6).for_each(|message| in_flight.push(message % 2, None));
        let mut order = OrderCheck::new(2, 2);
        let observe = |order: &mut OrderCheck, in_flight: &mut InFlight| {
            for (sender, number) in observer {
                order.observe(in_flight, *sender, *number);
            }
        };
        if observer_first {
            observe(&mut order, &mut in_flight);
        }
        for (sender, number) in member {
            order.check(&mut in_flight, 1, *sender, *number);
        }
        if !observer_first {
            observe(&mut order, &mut in_flight);
        }
        order.catch_up(&mut in_flight);
        assert_eq!(
            (order.members_out_of_order(), order.pending()),
            (out_of_order, 0)
        );
    }
}
