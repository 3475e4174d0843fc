//! How many files and sockets this process may have open.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// What a process needs beside the connections that it counts: its own files, pipes and timers.
const SPARE: u64 = 64;

/// Why so many connections are not possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DescriptorError {
    /// The hard limit is too low.
    #[error(
        "{needed} connections need {} file descriptors, and this system allows {hard}; raise it with `ulimit -Hn`, or take fewer",
        needed + SPARE
    )]
    TooFew {
        /// How many connections were asked for.
        needed: u64,
        /// The hard limit.
        hard: u64,
    },
    /// The system does not tell or change its limit.
    #[error("the limit of file descriptors cannot be changed: {0}")]
    System(nix::Error),
}

/// Makes room for so many connections: raises the soft limit as far as it is needed. A server that is started afterwards
/// inherits it.
///
/// # Errors
/// The hard limit is lower than that.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hard_limit_is_told() {
        let hard = getrlimit(Resource::RLIMIT_NOFILE).unwrap().1;
        assert_eq!(make_room_for(1), Ok(()));
        // Where there is no limit, nothing can be beyond it.
        if hard < u64::MAX - SPARE {
            let error = make_room_for(hard).unwrap_err();
            assert!(error.to_string().contains(&format!("allows {hard}")));
        }
    }
}
