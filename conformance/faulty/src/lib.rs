//! A chat server and a client that can be broken on purpose, to test the conformance suite.
//!
//! - [`server`]: correct unless it is started with a fault; lawful, but unusual, with a habit
//! - [`client`]: the same for a client
//!
//! It depends on nothing that judges it, and shares no code with the reference implementation.

pub mod client;
pub mod server;
