//! `salotto-faulty-client`: see [`conformance::faulty_client`].

use std::process::ExitCode;

fn main() -> ExitCode {
    conformance::faulty_client::main()
}
