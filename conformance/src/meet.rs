//! Questions to a server that nobody knows: a few connections to fresh servers, what it says, and the dialect that this is.
//!
//! - `guest`: one connection, and how long it listens
//! - `visit`: the questions, in the order in which a room is used
//! - `learn`: the answers -> the file of a dialect
//! - `tell`: the answers in sentences

mod guest;
mod learn;
mod tell;
mod visit;

pub use learn::file;
pub use tell::sentences;
pub use visit::{Answers, Departure, MeetError, meet};
