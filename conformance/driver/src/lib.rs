//! Drives a chat server or client from outside.
//!
//! - [`wire`]: bytes -> lines -> events, and one client's connection
//! - [`process`]: the program under test: its command, its port, its process
//! - [`interrupt`]: what Ctrl-C does
//!
//! It shares no code with `impl/` or with `salotto-faulty`: a mistake must not cancel itself out.

pub mod interrupt;
pub mod process;
pub mod wire;
