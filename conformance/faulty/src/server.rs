//! The server: correct unless it is started with a fault, and plain unless it is started with habits.
//!
//! It tests the tests. With each fault, a scenario fails at the requirement that the fault breaks; with every habit, all
//! scenarios pass.
//!
//! | module | contents |
//! | --- | --- |
//! | `fault`, `habit` | what can be planted, as tables |
//! | `behaviour` | what has been planted |
//! | `decoder`, `text` | bytes -> lines -> text |
//! | `input`, `command`, `nickname`, `error_code` | what a line means |
//! | `room` | who is there, and what is sent to whom: a state machine without I/O |
//! | `outbox`, `connection` | what is queued for a connection, and its socket |
//! | `hub` | the room and all connections |
//! | `session` | what is done with one connection: reading, writing, lingering |
//! | `serve`, `args` | the process and its command line |

mod args;
mod behaviour;
mod command;
mod connection;
mod decoder;
mod error_code;
mod fault;
mod habit;
mod hub;
mod input;
mod nickname;
mod outbox;
mod room;
mod serve;
mod session;
mod text;

use std::process::ExitCode;

use clap::Parser;

use crate::planted;

/// Runs the program `salotto-faulty`.
pub fn main() -> ExitCode {
    let args = args::Args::parse();
    if args.list {
        print!("{}", planted::list::<fault::Fault>());
        print!("{}", planted::list::<habit::Habit>());
        return ExitCode::SUCCESS;
    }
    serve::serve(&args).unwrap_or_else(|error| {
        eprintln!("salotto-faulty: {error}");
        ExitCode::FAILURE
    })
}
