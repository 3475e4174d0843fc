//! Puts a chat server under load and under stress.
//!
//! - [`load`]: many members at once: how fast, and whether everything arrived, once, in one order
//! - [`stress`]: what the internet does to a port, and whether a server survives it

pub mod load;
pub mod stress;
