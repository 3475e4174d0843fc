//! Measures a server under load: many members join, some of them send, and every delivery is timed and checked.
//!
//! ```text
//! Plan ──► run ──► join ──────► member tasks: connect, send, receive
//!           │      schedule ──► (one task a member) │ lines
//!           │      wait: progress, stalls           ▼
//!           │                   Checker ──► InFlight, Ledger, OrderCheck, LatencyRecorder
//!           ▼                       │
//!         Report ◄──────────────────┘        Report ──► table, JSON, plot
//! ```
//!
//! - [`plan`]: how many members join, how many of them send, and how much
//! - `run`: the phases of a load test: join, send, drain, report
//! - `join`, `schedule`, `wait`: what happens in these phases
//! - `shared`: the state that all tasks of a run share; `member`: the tasks of one member
//! - `messages`: encodes and recognises numbered message texts, so that a delivery can be checked without storing it
//! - `checker`: sorts every received line into the records below
//! - `in_flight`: messages that some member has yet to receive
//! - `ledger`: what each member has received from each sender: lost, duplicated, late
//! - `order`: whether all members receive messages in one order, that of the *observer*, the first member, which never sends
//! - `latency`: from the moment a message was due to each delivery
//! - [`report`], [`table`], [`plot`]: the results, for programs and for people
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
