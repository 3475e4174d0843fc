//! Which scenarios have a diagram.

/// Which scenarios have a diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Diagrams {
    All,
    OfFailures,
}
