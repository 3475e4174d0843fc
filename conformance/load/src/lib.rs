//! Load and stress tests for a chat server.
//!
//! - [`load`]: many members at once. How fast is the server, and did everyone receive every message exactly once, in one order?
//! - [`stress`]: what a port on the internet has to endure. Does the server survive it?
//! - [`door`]: whether the server speaks Salotto at all
//! - `line_splitter`, `units`: shared by both
//!
//! `stress` uses `load`: the members that chat during a stress test, or join all at once, are small load tests.

pub mod door;
mod line_splitter;
pub mod load;
pub mod stress;
mod units;
