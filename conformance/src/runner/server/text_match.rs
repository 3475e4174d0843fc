//! Whether a line is the listed one.

/// Whether a line is the listed one. Lines with `*` and `!` may go on with further words.
pub(super) fn matches(listed: &str, line: &str) -> bool {
    let further = || {
        line.strip_prefix(listed)
            .is_some_and(|rest| rest.starts_with(' '))
    };
    line == listed || (listed.starts_with(['*', '!']) && further())
}
