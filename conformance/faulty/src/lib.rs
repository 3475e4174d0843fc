//! A chat server and a chat client that can be broken on purpose, to test the conformance suite.
//!
//! - [`server`]: correct unless it is started with a fault; lawful, but unusual, with habits
//! - [`client`]: correct unless it is started with a fault
//!
//! Both build on `planted`, which makes tables of faults and habits, and on `line`, which holds the rules for lines. The
//! package depends on nothing that it tests, and shares no code with the reference implementation.

pub mod client;
mod line;
mod planted;
pub mod server;
