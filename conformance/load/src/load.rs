//! Many members at once: how fast a server is, and whether everybody receives everything, once, unaltered, in one order.
//!
//! ```text
//! plan ──► crowd: members join ──► run: a schedule lets senders send ──► outcome ──► table, JSON, plot
//!               └─ everything that a member receives ─► ledger, order, timing
//! ```
//!
//! - [`plan`]: how many members, how much they say
//! - `texts`, `lines`: what senders say, so that every delivery can be told and checked without storing it
//! - `sent`: what is under way
//! - `ledger`: each message to each member, once
//! - `order`: one order for all; the first member is the *witness*, which never sends: its order is the room's
//! - `timing`: latency, from the moment at which a message was due
//! - `clock`, `crowd`, `member`, `run`: the connections and the schedule
//! - [`prefix`]: what somebody received who did not read for a while
//! - [`outcome`], [`table`], [`plot`]: what people and programs read
//!
//! Everything runs on one thread, because the server needs the others, and nothing is allocated for a delivery. Memory
//! is bounded by what is under way: a message is forgotten as soon as every member has received it.

mod clock;
mod crowd;
mod ledger;
mod lines;
mod member;
mod order;
pub mod outcome;
pub mod plan;
pub mod plot;
pub mod prefix;
mod run;
mod sent;
pub mod table;
mod texts;
mod timing;

pub use outcome::Outcome;
pub use plan::{Pace, Plan, PlanError};
pub use run::{LoadError, Now, Wish, run};
