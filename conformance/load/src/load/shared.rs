//! The state that all tasks of a run share. They run on one thread, so cells suffice.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use hdrhistogram::CreationError;
use tokio::sync::Notify;

use super::checker::{Checker, OBSERVER};
use super::messages::MessageFormat;
use super::plan::{Pace, Plan};

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) plan: Plan,
    pub(super) format: MessageFormat,
    pub(super) checker: RefCell<Checker>,
    /// For each sender, whether it has messages to send.
    pub(super) due: Vec<Notify>,
    /// Whether measured messages become due.
    pub(super) sending: Cell<bool>,
    /// How late the schedule noticed that a message was due, in nanoseconds, at worst.
    pub(super) lateness: Cell<u64>,
    /// The receive buffer of all members.
    pub(super) buffer: RefCell<Vec<u8>>,
    start: Instant,
}

/// The largest read, in bytes.
const BUFFER: usize = 256 * 1024;

impl Shared {
    pub(super) fn new(plan: &Plan) -> Result<Self, CreationError> {
        Ok(Self {
            format: MessageFormat::new(&plan.nickname_prefix, plan.text_bytes),
            checker: RefCell::new(Checker::new(plan)?),
            due: (0..plan.senders).map(|_| Notify::new()).collect(),
            sending: Cell::new(false),
            lateness: Cell::new(0),
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
        self.start + Duration::from_nanos(nanoseconds)
    }

    /// Lets a sender send its next message, which was due at `due`; `None` for a marker.
    pub(super) fn send(&self, sender: usize, due: Option<u64>) {
        self.checker.borrow_mut().in_flight.push(sender, due);
        self.due[sender].notify_one();
    }

    /// Lets every sender send a marker, a message that is checked but not measured.
    pub(super) fn send_markers(&self) {
        (0..self.plan.senders).for_each(|sender| self.send(sender, None));
    }

    /// Refills every sender's window with messages that are due now.
    pub(super) fn fill_windows(&self, now: u64) {
        let Pace::Window(window) = self.plan.pace else {
            return;
        };
        let mut checker = self.checker.borrow_mut();
        let checker = &mut *checker;
        for sender in 0..self.plan.senders {
            let received = checker.ledger.next(OBSERVER, sender);
            let end = received.saturating_add(window);
            let next = checker.in_flight.next_number(sender);
            (next..end).for_each(|_| checker.in_flight.push(sender, Some(now)));
            if next < end {
                self.due[sender].notify_one();
            }
        }
    }
}
