//! A small server of the harness's own: correct, unless it is told to have one fault; lawful, but with habits.
//!
//! It tests the tests: with each fault a scenario fails at the requirement that the fault breaks, and with every habit
//! all of them pass. It shares no code with the reference implementation.
//!
//! - [`Fault`], [`Habit`]: what it can be told, as data; [`Ways`]: what it was told
//! - `decoder`, `text`, `judge`, `nickname`: bytes -> lines -> what they mean
//! - `room`: who is there, and what they are told; pure
//! - `outbox`, `connection`, `hall`: what is owed to whom, the sockets, and all of them together
//! - `serve`, `args`: the process

mod args;
mod connection;
mod decoder;
mod fault;
mod habit;
mod hall;
mod judge;
mod nickname;
mod outbox;
mod room;
mod serve;
mod text;
mod ways;

use std::process::ExitCode;

use clap::Parser;

pub use args::Args;
pub use fault::Fault;
pub use habit::{Habit, Habits};
pub use serve::serve;
pub use ways::Ways;

/// The program `salotto-faulty`.
pub fn main() -> ExitCode {
    let args = Args::parse();
    if args.list {
        print!("{}", list());
        return ExitCode::SUCCESS;
    }
    serve(&args).unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::FAILURE
    })
}

fn list() -> String {
    let faults = Fault::ALL.iter().map(|fault| {
        let (name, sentence) = (fault.name(), fault.sentence());
        format!("{:<9} {name:<34} {sentence}\n", fault.requirement())
    });
    let habits = Habit::ALL
        .iter()
        .map(|habit| format!("{:<9} {:<34} {}\n", "habit", habit.name(), habit.sentence()));
    faults.chain(habits).collect()
}

/// `NoLinger` -> `no-linger`
fn kebab(variant: &str) -> String {
    let mut name = String::new();
    for c in variant.chars() {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}
