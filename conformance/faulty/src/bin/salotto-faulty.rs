//! A server that can be broken on purpose: see `salotto-faulty --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    salotto_faulty::server::main()
}
