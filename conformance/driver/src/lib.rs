//! Drives a chat server or client from outside.
//!
//! - [`wire`]: bytes -> lines -> events, and one connection of a client
//! - [`process`]: the program under test: its command, its port, its process
//! - [`interrupt`]: handling of Ctrl-C
//!
//! It shares no code with `impl/` or with `salotto-faulty`, so that a mistake in one cannot hide the same mistake in the other.

pub mod interrupt;
pub mod process;
pub mod wire;
