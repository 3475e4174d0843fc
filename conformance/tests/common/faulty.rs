//! The faulty server as a target of the suite.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use conformance::planted::{self, Planted};
use conformance::runner::Target;
use driver::process::{CommandLine, Setting, workspace};

/// Builds the faulty server, once per test process.
#[expect(
    clippy::expect_used,
    reason = "without the program there is nothing to test"
)]
pub(crate) fn server_program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| workspace::faulty_server().expect("salotto-faulty builds"))
}

/// Lists the faults and habits that a program can be started with.
#[expect(
    clippy::expect_used,
    reason = "without the list there is nothing to test"
)]
pub(crate) fn planted(program: &Path) -> Vec<Planted> {
    planted::list(program).expect("the program lists its faults")
}

/// The faulty server with these options, such as `--fault NAME`.
pub(crate) fn server(options: &[&str]) -> Target {
    let program = server_program().display().to_string();
    let words = [&[program.as_str(), "--port", "{port}"], options].concat();
    Target::Command {
        command: CommandLine::of_words(&words, &Setting::ALL),
        fixed_port: None,
    }
}
