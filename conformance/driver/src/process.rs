//! The program under test: its command line, its port, its process, and what the process uses.

mod asleep;
pub mod child;
mod client_command;
pub mod command;
pub mod descriptors;
mod exit;
mod family;
pub mod launch;
mod output;
pub mod port;
mod setting;
mod shell;
mod start_error;
pub mod usage;
pub mod workspace;

pub use child::Process;
pub use client_command::{ClientCommand, ClientCommandError};
pub use command::{CommandError, CommandLine};
pub use exit::Exit;
pub use launch::{Launch, LaunchError, Launched};
pub use setting::Setting;
pub use start_error::{StartError, with_output};
pub use usage::Usage;
