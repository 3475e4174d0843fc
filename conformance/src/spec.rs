//! The specification as the suite reads it: requirements, and the scenarios that prove them.
//!
//! - `document`: the requirements and scenarios of all chapters
//! - `read`, `chapter`: from Markdown to a document, with every mistake reported
//! - `trace`: which requirement is proved by which scenario
//! - `select`: scenarios by id, name or chapter

mod chapter;
mod document;
mod read;
mod select;
mod trace;

pub use document::Spec;
pub use read::SpecError;
pub use select::NothingSelected;
