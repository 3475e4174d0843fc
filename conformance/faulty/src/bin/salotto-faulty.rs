//! A small server that can be told to be wrong: see `salotto-faulty --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    salotto_faulty::server::main()
}
