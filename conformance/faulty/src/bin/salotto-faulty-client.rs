//! `salotto-faulty-client`: see [`salotto_faulty::client`].

use std::process::ExitCode;

fn main() -> ExitCode {
    salotto_faulty::client::main()
}
