//! What a load test does: how many members join, how many of them send, and how much.

use std::time::Duration;

use driver::wire::line::LONGEST_CLIENT_LINE;

use super::messages::MIN_TEXT_BYTES;

/// The parameters of a load test.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Nicknames are this prefix and the member's number.
    pub nickname_prefix: String,
    /// How many members join. The first of them is the observer, which never sends.
    pub members: usize,
    /// How many of the members send.
    pub senders: usize,
    /// When messages are due.
    pub pace: Pace,
    /// The length of every message text, in bytes.
    pub text_bytes: usize,
    /// How long the senders send.
    pub duration: Duration,
    /// How long the server may be silent before the run ends as stalled.
    pub patience: Duration,
    /// How many members may be joining at a time.
    pub joins_at_a_time: usize,
    /// Whether a member that the server drops before welcoming it tries again. A server may drop connections when more than 16
    /// are choosing a nickname (NAME-5).
    pub retry_joins: bool,
}

/// When messages are due.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// Open loop: this many messages a second, all senders together, whether or not the server keeps up.
    Rate(f64),
    /// Closed loop: each sender has this many messages in flight that the observer has not received.
    Window(u32),
}

/// Why a plan is impossible.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PlanError {
    /// No sender, or no member left to listen.
    #[error(
        "{senders} of {members} members cannot send: at least one must send and at least one only listen"
    )]
    Senders {
        /// As requested.
        senders: usize,
        /// As requested.
        members: usize,
    },
    /// The ledger would take too much memory.
    #[error(
        "{members} members and {senders} senders are too many: their product may be at most {}",
        Plan::MAX_PAIRS
    )]
    TooMany {
        /// As requested.
        senders: usize,
        /// As requested.
        members: usize,
    },
    /// The text is too short for its number, or longer than a server must accept (LINE-7).
    #[error("a text must have {MIN_TEXT_BYTES} to {LONGEST_CLIENT_LINE} bytes")]
    TextBytes,
    /// The rate is out of range.
    #[error("a rate must be more than 0 and at most 10000000 messages a second")]
    Rate,
    /// The window is out of range.
    #[error("a window must have 1 to 100000 messages")]
    Window,
}

impl Plan {
    /// The largest product of members and senders: the ledger has one entry for each such pair.
    pub const MAX_PAIRS: usize = 16_000_000;

    /// Checks that the plan can be carried out.
    ///
    /// # Errors
    /// The first parameter that is out of range.
    pub fn check(&self) -> Result<(), PlanError> {
        let (members, senders) = (self.members, self.senders);
        if senders == 0 || senders >= members {
            return Err(PlanError::Senders { senders, members });
        }
        if members.saturating_mul(senders) > Self::MAX_PAIRS {
            return Err(PlanError::TooMany { senders, members });
        }
        if !(MIN_TEXT_BYTES..=LONGEST_CLIENT_LINE).contains(&self.text_bytes) {
            return Err(PlanError::TextBytes);
        }
        match self.pace {
            Pace::Rate(rate) if !(rate > 0.0 && rate <= 1e7) => Err(PlanError::Rate),
            Pace::Window(window) if !(1..=100_000).contains(&window) => Err(PlanError::Window),
            _ => Ok(()),
        }
    }
}
