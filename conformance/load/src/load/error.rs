//! Why a load test has no report.

use std::io;
use std::time::Duration;

use driver::process::descriptors::DescriptorError;

use super::plan::PlanError;

/// Why a load test has no report.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The plan contradicts itself or exceeds a limit.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// This process may not open a connection for every member.
    #[error(transparent)]
    Descriptors(#[from] DescriptorError),
    /// The operating system provides no timer.
    #[error("cannot create a timer: {0}")]
    Timer(#[from] io::Error),
    /// A member failed to join, or lost its connection before all members had joined.
    #[error("member {} of {members} cannot join: {reason}", .member + 1)]
    CannotJoin {
        /// The member's index, from 0.
        member: usize,
        /// How many members the plan has.
        members: usize,
        /// What the server answered, or the system's error.
        reason: String,
    },
    /// The server stopped answering while members joined.
    #[error("only {joined} of {members} members could join: the server was silent for {} s", .waited.as_secs())]
    JoinStalled {
        /// How many members were welcomed.
        joined: usize,
        /// How many members the plan has.
        members: usize,
        /// How long nothing was received.
        waited: Duration,
    },
    /// The caller stopped the run while members joined.
    #[error("stopped before all members had joined")]
    Stopped,
    /// A histogram could not be created.
    #[error(transparent)]
    Histogram(#[from] hdrhistogram::CreationError),
}
