//! Rest: outside `together`, a scenario in a dialect goes on at the pace of people.

use std::time::{Duration, Instant};

/// Waits until the server has done everything that it is going to do, for a moment at most: it may be one that never rests.
/// `is_at_rest` says whether it is at rest now; `None` if that cannot be known.
pub(super) async fn until_at_rest(is_at_rest: impl Fn() -> Option<bool>) {
    const MOST: Duration = Duration::from_millis(250);
    const BETWEEN: Duration = Duration::from_millis(4);
    const WHERE_UNKNOWN: Duration = Duration::from_millis(30);
    let (began, mut was_at_rest) = (Instant::now(), false);
    while began.elapsed() < MOST {
        match is_at_rest() {
            None => return tokio::time::sleep(WHERE_UNKNOWN).await,
            Some(true) if was_at_rest => return,
            Some(is_at_rest) => was_at_rest = is_at_rest,
        }
        tokio::time::sleep(BETWEEN).await;
    }
}
