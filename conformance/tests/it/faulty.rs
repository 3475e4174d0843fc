//! The faulty server as a command.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use driver::process::workspace;

/// The faulty server, built once per test process.
#[expect(
    clippy::expect_used,
    reason = "without the program there is nothing to test"
)]
pub(crate) fn server_program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| workspace::faulty_server().expect("salotto-faulty builds"))
}
