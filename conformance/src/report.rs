//! Telling people how it went.
//!
//! - [`summary`]: which requirements are broken, proved, or not tested
//! - [`page`]: one failure, with everything that its author needs
//! - [`diagnosis`]: what is probably behind many failures
//! - [`text`]: the report on the terminal
//! - [`expected`]: known failures
//! - [`matrix`]: several servers in one table
//! - [`document`]: a run as data, from which the files are made: [`files`]

pub mod diagnosis;
pub mod document;
pub mod expected;
pub mod files;
pub mod matrix;
pub mod page;
pub mod summary;
pub mod text;

pub use matrix::Matrix;
pub use summary::{Standing, Summary, Verdict};
