//! `salotto-client`: parses the arguments and runs one of the two front ends.

#![forbid(unsafe_code)]

mod args;

use args::Args;
use clap::{CommandFactory, Parser, error::ErrorKind};
use salotto_client::console::{self, ConsoleError, Outcome};
use salotto_client::window;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    if args.console {
        run_console(args)
    } else {
        run_window(args)
    }
}

fn run_console(args: Args) -> ExitCode {
    let Some(options) = args.console() else {
        exit_with_usage("there is no user name to use as the nickname: --nick NICK is required")
    };
    match console::run(options) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::FAILURE,
        Err(error @ ConsoleError::Nickname(_)) => exit_with_usage(&error.to_string()),
        Err(error) => report(&error),
    }
}

fn run_window(args: Args) -> ExitCode {
    match window::run(args.window()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report(&error),
    }
}

fn report(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("salotto-client: {error}");
    ExitCode::FAILURE
}

/// Reports a mistake in the arguments and exits with status 2.
fn exit_with_usage(mistake: &str) -> ! {
    Args::command()
        .error(ErrorKind::ValueValidation, mistake)
        .exit()
}
