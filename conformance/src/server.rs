//! The server under test: its command line, a port for it, its process.

pub mod command;
pub mod port;
pub mod process;
pub mod reference;

pub use command::{CommandError, CommandLine};
pub use process::{Process, StartError};
