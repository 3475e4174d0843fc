//! The faulty client as a target of the suite.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use conformance::runner::Target;
use driver::process::{ClientCommand, workspace};

/// Builds the faulty client, once per test process.
#[expect(
    clippy::expect_used,
    reason = "without the program there is nothing to test"
)]
pub(crate) fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| workspace::faulty_client().expect("salotto-faulty-client builds"))
}

/// The faulty client with one fault or none.
#[expect(
    clippy::expect_used,
    reason = "the command is written in this function"
)]
pub(crate) fn target(fault: Option<&str>) -> Target {
    let program = program().display();
    let fault = fault.map(|fault| format!("--fault {fault}"));
    let fault = fault.unwrap_or_default();
    let command = format!("'{program}' --host {{host}} --port {{port}} --nick {{nick}} {fault}");
    Target::Client(ClientCommand::parse(&command).expect("it has every placeholder"))
}
