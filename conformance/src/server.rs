//! The server under test: its command line, a port for it, its process, what it uses.

pub mod command;
pub mod descriptors;
pub mod launch;
pub mod port;
pub mod process;
pub mod reference;
pub mod usage;

pub use command::{CommandError, CommandLine};
pub use launch::{LaunchError, Launched};
pub use process::{Process, StartError};
pub use usage::Usage;
