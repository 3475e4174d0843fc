//! The command `conformance`: see `conformance --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    conformance::cli::main()
}
