//! The limit on this process's open files and sockets.

use std::io;

use nix::errno::Errno;
use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Descriptors beside the connections: the process's own files, pipes and timers.
const SPARE: u64 = 64;

/// Why there cannot be enough descriptors.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DescriptorError {
    /// The hard limit is too low.
    #[error(
        "{needed} connections need {} file descriptors, but this system allows {hard}; raise the limit with `ulimit -Hn`, or use fewer connections",
        needed + SPARE
    )]
    TooFew {
        /// Number of connections requested.
        needed: u64,
        /// The hard limit.
        hard: u64,
    },
    /// The system does not report or change its limit.
    #[error("cannot change the limit on file descriptors: {0}")]
    System(nix::Error),
}

/// Raises the soft limit as far as this number of connections needs. A server started afterwards inherits it.
///
/// # Errors
/// The hard limit is too low, or the system refuses the change.
pub fn make_room_for(connections: u64) -> Result<(), DescriptorError> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).map_err(DescriptorError::System)?;
    let needed = connections + SPARE;
    if needed <= soft {
        return Ok(());
    }
    if needed > hard {
        return Err(DescriptorError::TooFew {
            needed: connections,
            hard,
        });
    }
    setrlimit(Resource::RLIMIT_NOFILE, needed, hard).map_err(DescriptorError::System)
}

/// Raises the soft limit to this number of descriptors, or as far as the system allows. Returns the limit that holds then.
pub fn raise_to(wanted: u64) -> u64 {
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else {
        return wanted;
    };
    let raised = wanted.min(hard);
    if raised > soft && setrlimit(Resource::RLIMIT_NOFILE, raised, hard).is_ok() {
        return raised;
    }
    soft
}

/// Whether the error says that this process, or the whole system, has too many open files.
pub fn are_missing(error: &io::Error) -> bool {
    let missing = [Errno::EMFILE, Errno::ENFILE].map(|errno| errno as i32);
    error
        .raw_os_error()
        .is_some_and(|code| missing.contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hard_limit_is_reported() {
        let hard = getrlimit(Resource::RLIMIT_NOFILE).unwrap().1;
        assert_eq!(make_room_for(1), Ok(()));
        // An unlimited system allows any number.
        if hard < u64::MAX - SPARE {
            let error = make_room_for(hard).unwrap_err();
            assert!(error.to_string().contains(&format!("allows {hard}")));
        }
    }
}
