//! File descriptors: each connection takes one.

/// Sees to it that the system lets this process have so many descriptors, as far as its hard limit
/// goes. The usual soft limit of 1,024 is for programs that use `select`.
pub(crate) fn provide(wanted: u64) {
    match rlimit::increase_nofile_limit(wanted) {
        Ok(limit) if limit < wanted => tracing::warn!(
            "the system allows {limit} file descriptors, and a full room may need {wanted}: \
             raise the hard limit (ulimit -Hn, or LimitNOFILE of systemd), or lower --capacity and --max-naming"
        ),
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "cannot raise the limit of file descriptors"),
    }
}
