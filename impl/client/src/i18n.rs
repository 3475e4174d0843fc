//! Sentences for people, in English and Italian.
//!
//! The session reports facts; this module puts them into words. It also sanitizes every text that
//! somebody else wrote.
//!
//! | module | contents |
//! | --- | --- |
//! | `language` | the languages, and the macro `tr!` that chooses between two texts |
//! | `reasons` | why something failed |
//! | `entries` | what happened: the entries of the transcript |

mod entries;
pub(crate) mod language;
mod reasons;

pub use language::Language;
pub(crate) use language::tr;
