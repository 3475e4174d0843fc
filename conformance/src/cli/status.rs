//! The exit statuses.

/// Every requirement that was tested is fulfilled.
pub(super) const CONFORMANT: u8 = 0;
/// A requirement is broken.
pub(super) const NOT_CONFORMANT: u8 = 1;
/// The command line is wrong, or nothing was run.
pub(super) const USAGE: u8 = 2;
/// The server could not be started or reached.
pub(super) const NOT_STARTED: u8 = 3;
/// Nothing is broken, and a scenario says nothing, because somebody else came in or left meanwhile.
pub(super) const DISTURBED: u8 = 4;
