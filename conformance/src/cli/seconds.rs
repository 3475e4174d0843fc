//! A duration on the command line.

use std::time::Duration;

/// Parses whole seconds, from 1 to an hour.
///
/// # Errors
/// It is something else.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds @ 1..=3600) => Ok(Duration::from_secs(seconds)),
        _ => Err("expected a number of seconds from 1 to 3600".to_owned()),
    }
}
