//! Telling people how it went.
//!
//! - [`summary`]: which requirements are broken, proved, or not tested
//! - [`page`]: one failure, with everything that its author needs
//! - [`text`]: the report on the terminal

pub mod page;
pub mod summary;
pub mod text;

pub use summary::{Standing, Summary, Verdict};
