//! Measures a server under load: many members join, some of them send, and every delivery is timed and checked.
//!
//! ```text
//! Plan ──► run:  join      starts a task for each member, which connects and receives
//!                schedule  makes messages due, which the senders' tasks send
//!                wait      until everything is delivered
//!
//! received lines ──► Checker ──► InFlight, Ledger, OrderCheck, LatencyRecorder ──► Report ──► table, JSON, plot
//! ```
//!
//! - [`plan`]: how many members join, how many of them send, and how much
//! - `run`: the phases of a load test; `join`, `schedule`, `wait`: what happens in each; `timer`: wakes the schedule precisely
//! - `member`: the task of one member; `shared`: the state that all tasks share
//! - `messages`: encodes and recognises numbered message texts, so that a delivery can be checked without storing it
//! - `checker`: assigns every received line to the records that follow
//! - `in_flight`: messages that are due and that some member has yet to receive
//! - `ledger`: which messages each member has received from each sender, to find lost, duplicate and late ones
//! - `order`: whether all members receive messages in the order of the *observer*, the first member, which never sends
//! - `latency`: from the moment a message was due to each delivery
//! - [`report`], [`table`], [`plot`]: the results
//!
//! A run uses one thread, to leave the others to the server, and does not allocate per delivery. A message is forgotten once
//! every member has received it, so messages in flight bound the memory.

mod checker;
mod error;
mod in_flight;
mod join;
mod latency;
mod ledger;
mod member;
pub(crate) mod messages;
mod order;
pub mod plan;
pub mod plot;
pub mod report;
mod run;
mod schedule;
mod shared;
pub mod table;
mod timer;
mod wait;

pub use error::LoadError;
pub use plan::{Pace, Plan, PlanError};
pub use report::Report;
pub use run::run;
pub use wait::{Command, Progress};
