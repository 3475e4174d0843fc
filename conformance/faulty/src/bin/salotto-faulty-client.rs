//! A client that can be broken on purpose: see `salotto-faulty-client --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    salotto_faulty::client::main()
}
