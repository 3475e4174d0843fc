//! The limit of file descriptors.

/// Raises the soft limit of file descriptors to `wanted`, or as far as the hard limit allows. The usual soft limit of 1,024 exists for
/// programs that use `select`.
pub(crate) fn raise_limit(wanted: u64) {
    match rlimit::increase_nofile_limit(wanted) {
        Ok(limit) if limit < wanted => tracing::warn!(
            "the system allows {limit} file descriptors, but a full room may need {wanted}: \
             raise the hard limit (ulimit -Hn, or LimitNOFILE= for systemd), or lower --capacity and --max-naming"
        ),
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "cannot raise the limit of file descriptors"),
    }
}
