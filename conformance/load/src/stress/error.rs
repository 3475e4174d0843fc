//! Why a stress test has no report.

use driver::process::LaunchError;

use crate::door::NotSalotto;

/// Why a stress test has no report.
#[derive(Debug, thiserror::Error)]
pub enum StressError {
    /// The server cannot be started.
    #[error(transparent)]
    Launch(#[from] LaunchError),
    /// It does not speak Salotto.
    #[error(transparent)]
    Door(#[from] NotSalotto),
}
