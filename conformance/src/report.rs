//! Reports about a run.
//!
//! A report is made in three steps, and each step knows only the one before it:
//!
//! ```text
//! data                 words                 layout
//! runner::Run
//!   summary            text::words     ->    text: page, closing, progress, matrix, known failures
//!   diagnosis    ->
//!   document           files::words    ->    files: html, junit, markdown, grade
//!   matrix             (none)          ->    files: json
//! ```
//!
//! - Data holds no sentence. A problem, an outcome or a cause is a type, so nothing ever parses English, and the JSON report
//!   is the data as it stands.
//! - Words exist once for the terminal and once for the files. Both modules are private to their kind of report: rewording
//!   one report cannot change another.
//! - Layout puts words and texts in their places.

pub mod diagnosis;
pub mod document;
pub mod files;
pub mod known_failures;
pub mod matrix;
#[cfg(test)]
mod samples;
pub mod summary;
pub mod text;

pub use matrix::Matrix;
pub use summary::{Standing, Summary, Verdict};
