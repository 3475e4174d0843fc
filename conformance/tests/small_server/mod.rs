//! The small server as what is checked.

use conformance::play::Target;
use conformance::script::Setting;
use conformance::server::CommandLine;

/// The small server with these options, such as `--fault NAME`.
pub(crate) fn small_server(options: &[&str]) -> Target {
    let program = env!("CARGO_BIN_EXE_salotto-faulty");
    let words = [&[program, "--port", "{port}"], options].concat();
    Target::Command {
        command: CommandLine::of_words(&words, &Setting::ALL),
        fixed_port: None,
    }
}
