//! How many members, how much they say.

use std::time::Duration;

use super::texts;
use driver::wire::line::LONGEST_CLIENT_LINE;

/// A measurement that somebody wants.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What the nicknames begin with; a number follows.
    pub tag: String,
    /// How many members join. The first of them is the witness, which never sends.
    pub members: usize,
    /// How many of the members send.
    pub senders: usize,
    /// How much they send.
    pub pace: Pace,
    /// How long a text is, in bytes.
    pub size: usize,
    /// For how long they send.
    pub duration: Duration,
    /// How long nothing may arrive before the rest is given up.
    pub patience: Duration,
    /// How many members join at a time, at least one.
    pub at_a_time: usize,
    /// Who is sent away before it is welcome comes again, as a server may ask of more than 16 at a time (NAME-5).
    pub insistent: bool,
}

/// When a message is due.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// So many messages a second, of all senders together, whether the server follows or not.
    Rate(f64),
    /// Each sender has so many messages under way that the witness has not received.
    Window(u32),
}

/// Why a plan is not possible.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PlanError {
    /// Nobody listens.
    #[error(
        "{senders} of {members} members cannot send: at least one member listens, and one sends"
    )]
    Senders {
        /// As asked for.
        senders: usize,
        /// As asked for.
        members: usize,
    },
    /// The accounts would not fit.
    #[error(
        "{members} members and {senders} senders are too many for one run: their product is at most {}",
        Plan::MOST_PAIRS
    )]
    TooMany {
        /// As asked for.
        senders: usize,
        /// As asked for.
        members: usize,
    },
    /// A text that cannot be numbered, or that no server need accept (LINE-7).
    #[error("a text has {} to {LONGEST_CLIENT_LINE} bytes", texts::SHORTEST)]
    Size,
    /// No number of messages.
    #[error("a rate is more than 0 and at most 10000000 messages a second")]
    Rate,
    /// No window.
    #[error("a window has 1 to 100000 messages")]
    Window,
}

impl Plan {
    /// How many accounts of one sender's messages at one member are kept.
    pub const MOST_PAIRS: usize = 16_000_000;

    /// Looks whether it is possible.
    ///
    /// # Errors
    /// What is not.
    pub fn check(&self) -> Result<(), PlanError> {
        let (members, senders) = (self.members, self.senders);
        if senders == 0 || senders >= members {
            return Err(PlanError::Senders { senders, members });
        }
        if members.saturating_mul(senders) > Self::MOST_PAIRS {
            return Err(PlanError::TooMany { senders, members });
        }
        if !(texts::SHORTEST..=LONGEST_CLIENT_LINE).contains(&self.size) {
            return Err(PlanError::Size);
        }
        match self.pace {
            Pace::Rate(rate) if !(rate > 0.0 && rate <= 1e7) => Err(PlanError::Rate),
            Pace::Window(window) if !(1..=100_000).contains(&window) => Err(PlanError::Window),
            _ => Ok(()),
        }
    }
}
