//! `salotto-client`: arguments, and one of two fronts.

mod args;

use args::Args;
use clap::{CommandFactory, Parser, error::ErrorKind};
use salotto_client::console::{self, ConsoleError, Outcome};
use salotto_client::window;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    if args.console {
        in_the_console(args)
    } else {
        in_a_window(args)
    }
}

fn in_the_console(args: Args) -> ExitCode {
    let Some(options) = args.console() else {
        usage("nobody knows the name of the user: --nick NICK is needed")
    };
    match console::run(options) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::FAILURE,
        Err(error @ ConsoleError::Nickname(_)) => usage(&error.to_string()),
        Err(error) => failure(&error),
    }
}

fn in_a_window(args: Args) -> ExitCode {
    match window::run(args.window()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure(&error),
    }
}

fn failure(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("salotto-client: {error}");
    ExitCode::FAILURE
}

/// Ends with status 2.
fn usage(mistake: &str) -> ! {
    Args::command()
        .error(ErrorKind::ValueValidation, mistake)
        .exit()
}
