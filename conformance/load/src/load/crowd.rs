//! The members, and the accounts of what they receive.

use std::cell::{Cell, RefCell};
use std::time::Instant;

use hdrhistogram::CreationError;
use tokio::sync::Notify;

use super::ledger::Ledger;
use super::order::Order;
use super::plan::{Pace, Plan};
use super::sent::{Known, Sent};
use super::texts::{Heard, Texts};
use super::timing::Timing;
use driver::wire::Visible;

/// The member that never sends, and whose order is the room's. It joins first. Sender 0 is the member after it.
pub(super) const WITNESS: usize = 0;

/// The member that is this sender.
pub(super) fn member_of(sender: usize) -> usize {
    sender + 1
}

/// Everybody, and what is known.
#[derive(Debug)]
pub(super) struct Crowd {
    pub(super) plan: Plan,
    pub(super) texts: Texts,
    pub(super) books: RefCell<Books>,
    /// For each sender: something is due.
    pub(super) due: Vec<Notify>,
    /// Whether a window that gets room is filled again.
    pub(super) speaking: Cell<bool>,
    /// What any member reads goes through here.
    pub(super) buffer: RefCell<Vec<u8>>,
    start: Instant,
}

/// The accounts.
#[derive(Debug)]
pub(super) struct Books {
    pub(super) sent: Sent,
    pub(super) ledger: Ledger,
    pub(super) order: Order,
    pub(super) timing: Timing,
    /// Which members are welcome, and how many.
    welcome: Vec<bool>,
    pub(super) joined: usize,
    /// How often somebody was sent away before that, and came again.
    pub(super) sent_away: u64,
    /// Why a member cannot join.
    pub(super) obstacle: Option<Obstacle>,
    /// Times are in nanoseconds since the start. When the measurement began, when anything arrived last, and when a message
    /// that is measured did.
    pub(super) begun: u64,
    pub(super) stirred: u64,
    pub(super) delivered: u64,
    /// For each member, when it received a message last; and the longest time between two.
    heard: Vec<u64>,
    pub(super) silence: u64,
    pub(super) altered: u64,
    pub(super) echoed: u64,
    pub(super) invented: u64,
    pub(super) refused: u64,
    /// Lines of people who are no members of this run.
    pub(super) foreign: u64,
    /// The first line that should not have come.
    pub(super) strange: Option<String>,
}

/// Why a member cannot join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Obstacle {
    pub(super) member: usize,
    pub(super) reason: String,
}

/// How much is read at once, in bytes.
const BUFFER: usize = 256 * 1024;

impl Crowd {
    pub(super) fn new(plan: &Plan) -> Result<Self, CreationError> {
        Ok(Self {
            texts: Texts::new(&plan.tag, plan.size),
            books: RefCell::new(Books {
                sent: Sent::new(plan.senders),
                ledger: Ledger::new(plan.members, plan.senders),
                order: Order::new(plan.members, plan.senders),
                timing: Timing::new(plan.duration)?,
                welcome: vec![false; plan.members],
                joined: 0,
                sent_away: 0,
                obstacle: None,
                begun: 0,
                stirred: 0,
                delivered: 0,
                heard: vec![0; plan.members],
                silence: 0,
                altered: 0,
                echoed: 0,
                invented: 0,
                refused: 0,
                foreign: 0,
                strange: None,
            }),
            due: (0..plan.senders).map(|_| Notify::new()).collect(),
            speaking: Cell::new(false),
            buffer: RefCell::new(vec![0; BUFFER]),
            start: Instant::now(),
            plan: plan.clone(),
        })
    }

    /// Nanoseconds since the start.
    pub(super) fn now(&self) -> u64 {
        self.start.elapsed().as_nanos() as u64
    }

    pub(super) fn instant(&self, nanoseconds: u64) -> Instant {
        self.start + std::time::Duration::from_nanos(nanoseconds)
    }

    /// A message of this sender is due; none for a marker.
    pub(super) fn permit(&self, sender: usize, due: Option<u64>) {
        self.books.borrow_mut().sent.push(sender, due);
        self.due[sender].notify_one();
    }

    /// Fills the window of every sender, as far as the witness has received its messages.
    pub(super) fn fill_windows(&self, now: u64) {
        let Pace::Window(window) = self.plan.pace else {
            return;
        };
        let mut books = self.books.borrow_mut();
        let books = &mut *books;
        for sender in 0..self.plan.senders {
            let end = books.ledger.next(WITNESS, sender).saturating_add(window);
            let next = books.sent.next(sender);
            (next..end).for_each(|_| books.sent.push(sender, Some(now)));
            if next < end {
                self.due[sender].notify_one();
            }
        }
    }
}

impl Books {
    /// A member receives a line, without its LF.
    pub(super) fn hear(&mut self, texts: &Texts, member: usize, line: &[u8], now: u64) {
        self.stirred = now;
        match line.first() {
            None => {}
            Some(b'*' | b'!' | b'<') => self.notice(member, line),
            Some(_) => match texts.read(line) {
                Heard::Message { from, number } if from > 0 => {
                    self.message(member, from - 1, number, line, now);
                }
                Heard::Message { .. } => self.stranger(line, |books| &mut books.invented),
                Heard::Altered => self.stranger(line, |books| &mut books.altered),
                Heard::Foreign => self.foreign += 1,
            },
        }
    }

    fn message(&mut self, member: usize, sender: usize, number: u32, line: &[u8], now: u64) {
        if member == member_of(sender) {
            return self.stranger(line, |books| &mut books.echoed);
        }
        let due = match self.sent.find(sender, number) {
            Known::UnderWay(message) => message.due,
            Known::Past => return self.ledger.twice += 1,
            Known::Never => return self.stranger(line, |books| &mut books.invented),
        };
        if !self.ledger.note(member, sender, number) {
            return;
        }
        if let Some(due) = due {
            self.timing.note(due - self.begun, now - self.begun);
            self.delivered = now;
            // Several lines of one read have one time.
            let silence = now - self.heard[member].max(self.begun);
            self.silence = self.silence.max(silence);
            self.heard[member] = now;
        }
        if member == WITNESS {
            self.order.witness(&mut self.sent, sender, number);
        } else {
            self.order.note(&mut self.sent, member, sender, number);
        }
    }

    fn notice(&mut self, member: usize, line: &[u8]) {
        if line.starts_with(b"* welcome ") {
            self.joined += usize::from(!self.welcome[member]);
            self.welcome[member] = true;
        } else if line.starts_with(b"! ") {
            self.refused += 1;
            self.stranger(line, |books| &mut books.refused);
            self.obstacle.get_or_insert_with(|| Obstacle {
                member,
                reason: format!("the server answers `{}`", Visible(line)),
            });
        }
    }

    fn stranger(&mut self, line: &[u8], count: impl Fn(&mut Self) -> &mut u64) {
        *count(self) += 1;
        self.strange
            .get_or_insert_with(|| Visible(line).to_string());
    }

    pub(super) fn is_welcome(&self, member: usize) -> bool {
        self.welcome[member]
    }

    /// The connection of a member has ended.
    pub(super) fn ended(&mut self, member: usize, reason: String) {
        self.ledger.end(member);
        self.obstacle.get_or_insert(Obstacle { member, reason });
    }

    /// The end of the measurement: who has not heard anything since has heard silence. A sole sender has nobody to hear.
    pub(super) fn close_silences(&mut self, now: u64, senders: usize) {
        for (member, heard) in self.heard.iter().enumerate() {
            let alone = senders == 1 && member == member_of(0);
            if !alone && !self.ledger.has_ended(member) {
                self.silence = self.silence.max(now - (*heard).max(self.begun));
            }
        }
    }

    /// Judges what waits, and forgets what everybody has received.
    pub(super) fn tidy(&mut self, members: usize, senders: usize) {
        for member in 0..members {
            self.order.catch_up(&mut self.sent, member);
        }
        for sender in 0..senders {
            if let Some(floor) = self.ledger.floor(sender, member_of(sender)) {
                self.sent.forget(sender, floor);
            }
        }
    }

    /// Whether every member has received everything that every sender has sent.
    pub(super) fn is_settled(&self, senders: usize) -> bool {
        (0..senders).all(|sender| {
            let own = member_of(sender);
            let floor = self.ledger.floor(sender, own);
            self.ledger.has_ended(own) || floor.is_none_or(|floor| floor >= self.sent.next(sender))
        })
    }
}
