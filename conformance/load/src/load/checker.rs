//! Checks and times every line that any member receives.

use hdrhistogram::CreationError;

use super::in_flight::{InFlight, Lookup};
use super::latency::LatencyRecorder;
use super::ledger::Ledger;
use super::messages::{MessageFormat, Parsed};
use super::order::OrderCheck;
use super::plan::Plan;
use super::report::Faults;
use driver::wire::Visible;

/// The member that never sends, and whose order is the reference. It joins first.
pub(super) const OBSERVER: usize = 0;

/// The member that is this sender. Senders follow the observer.
pub(super) fn member_of(sender: usize) -> usize {
    sender + 1
}

/// What is known about all members and messages. Times are in nanoseconds since the start of the run.
#[derive(Debug)]
pub(super) struct Checker {
    pub(super) in_flight: InFlight,
    pub(super) ledger: Ledger,
    pub(super) order: OrderCheck,
    pub(super) latency: LatencyRecorder,
    senders: usize,
    pub(super) welcomed: Vec<bool>,
    pub(super) joined: usize,
    /// How often a member was dropped before its welcome and tried again.
    pub(super) join_retries: u64,
    /// The first refusal or lost connection.
    pub(super) obstacle: Option<Obstacle>,
    /// When the measurement began; 0 before.
    pub(super) begun: u64,
    /// When any member last received a line.
    pub(super) last_line: u64,
    /// When any member last received a measured message.
    pub(super) last_delivery: u64,
    /// For each member, when it last received a measured message.
    last_heard: Vec<u64>,
    /// The longest time in which a member received no measured message.
    pub(super) longest_silence: u64,
    /// The faults that a single line shows.
    faults: Faults,
    /// Lines from people who are not members of this run.
    pub(super) foreign_lines: u64,
    /// The first line that is a fault.
    pub(super) first_bad_line: Option<String>,
}

/// Why a member cannot take part.
#[derive(Debug)]
pub(super) struct Obstacle {
    pub(super) member: usize,
    pub(super) reason: String,
}

impl Checker {
    pub(super) fn new(plan: &Plan) -> Result<Self, CreationError> {
        Ok(Self {
            in_flight: InFlight::new(plan.senders),
            ledger: Ledger::new(plan.members, plan.senders),
            order: OrderCheck::new(plan.members, plan.senders),
            latency: LatencyRecorder::new(plan.duration)?,
            senders: plan.senders,
            welcomed: vec![false; plan.members],
            joined: 0,
            join_retries: 0,
            obstacle: None,
            begun: 0,
            last_line: 0,
            last_delivery: 0,
            last_heard: vec![0; plan.members],
            longest_silence: 0,
            faults: Faults::default(),
            foreign_lines: 0,
            first_bad_line: None,
        })
    }

    /// Records a line, without its LF, that a member received.
    pub(super) fn receive(&mut self, format: &MessageFormat, member: usize, line: &[u8], now: u64) {
        self.last_line = now;
        match line.first() {
            None => {}
            Some(b'*' | b'!' | b'<') => self.notice(member, line),
            Some(_) => match format.parse(line) {
                Parsed::Message { from, number } if from > 0 => {
                    self.deliver(member, from - 1, number, line, now);
                }
                Parsed::Message { .. } => self.bad_line(line, |faults| &mut faults.invented),
                Parsed::Altered => self.bad_line(line, |faults| &mut faults.altered),
                Parsed::Foreign => self.foreign_lines += 1,
            },
        }
    }

    fn deliver(&mut self, member: usize, sender: usize, number: u32, line: &[u8], now: u64) {
        if member == member_of(sender) {
            return self.bad_line(line, |faults| &mut faults.echoed);
        }
        let due = match self.in_flight.look_up(sender, number) {
            Lookup::InFlight(message) => message.due,
            Lookup::Delivered => return self.ledger.duplicates += 1,
            Lookup::NeverSent => return self.bad_line(line, |faults| &mut faults.invented),
        };
        if !self.ledger.record(member, sender, number) {
            return;
        }
        if let Some(due) = due {
            self.latency.record(due - self.begun, now - self.begun);
            self.last_delivery = now;
            let silence = now - self.last_heard[member].max(self.begun);
            self.longest_silence = self.longest_silence.max(silence);
            self.last_heard[member] = now;
        }
        if member == OBSERVER {
            self.order.observe(&mut self.in_flight, sender, number);
        } else {
            let in_flight = &mut self.in_flight;
            self.order.check(in_flight, member, sender, number);
        }
    }

    fn notice(&mut self, member: usize, line: &[u8]) {
        if line.starts_with(b"* welcome ") {
            self.joined += usize::from(!self.welcomed[member]);
            self.welcomed[member] = true;
        } else if line.starts_with(b"! ") {
            self.bad_line(line, |faults| &mut faults.refused);
            self.obstacle.get_or_insert_with(|| Obstacle {
                member,
                reason: format!("the server answered `{}`", Visible(line)),
            });
        }
    }

    fn bad_line(&mut self, line: &[u8], count: impl Fn(&mut Faults) -> &mut u64) {
        *count(&mut self.faults) += 1;
        let first = &mut self.first_bad_line;
        first.get_or_insert_with(|| Visible(line).to_string());
    }

    /// Records that a member's connection has ended.
    pub(super) fn disconnect(&mut self, member: usize, reason: String) {
        self.ledger.disconnect(member);
        self.obstacle.get_or_insert(Obstacle { member, reason });
    }

    /// Counts the silence of every member from its last delivery to now, the end of sending. A sole sender hears nobody.
    pub(super) fn end_silences(&mut self, now: u64) {
        for (member, last_heard) in self.last_heard.iter().enumerate() {
            let hears_nobody = self.senders == 1 && member == member_of(0);
            if !hears_nobody && !self.ledger.is_disconnected(member) {
                let silence = now - (*last_heard).max(self.begun);
                self.longest_silence = self.longest_silence.max(silence);
            }
        }
    }

    /// Checks the order of messages that the observer has received since, and forgets what every member has received.
    pub(super) fn tidy(&mut self) {
        self.order.catch_up(&mut self.in_flight);
        for sender in 0..self.senders {
            if let Some(number) = self.ledger.received_by_all(sender, member_of(sender)) {
                self.in_flight.remove_below(sender, number);
            }
        }
    }

    /// Whether every connected member has received all messages of all connected senders.
    pub(super) fn is_drained(&self) -> bool {
        (0..self.senders).all(|sender| {
            let own = member_of(sender);
            let received = self.ledger.received_by_all(sender, own);
            self.ledger.is_disconnected(own)
                || received.is_none_or(|number| number >= self.in_flight.next_number(sender))
        })
    }

    pub(super) fn faults(&self, stalled: bool) -> Faults {
        let next = |sender| self.in_flight.next_number(sender);
        Faults {
            lost: self.ledger.lost(member_of, next),
            twice: self.ledger.duplicates,
            late: self.ledger.late,
            members_in_another_order: self.order.members_out_of_order() as u64,
            members_ended: self.ledger.disconnected_members() as u64,
            stalled,
            ..self.faults.clone()
        }
    }
}
