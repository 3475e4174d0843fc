//! The command line.

use clap::Parser;
use salotto_protocol::DEFAULT_PORT;
use salotto_server::Config;
use std::io::IsTerminal;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

/// The reference server of Salotto: one room, everybody hears everybody.
///
/// Members connect by TCP, send their nickname as the first line, and then talk; `nc HOST PORT` is
/// a client. Ctrl-C says goodbye to everybody and ends the server.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The address or name to listen on. The default can be reached from this machine only;
    /// 0.0.0.0 is every IPv4 address of this machine, :: every IPv6 address and mostly IPv4, too.
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) host: String,

    /// The TCP port to listen on; 0 is any free one, and the log tells which.
    #[arg(long, default_value_t = DEFAULT_PORT)]
    pub(crate) port: u16,

    /// How many members the room has seats for, 5 to 100000.
    #[arg(long, value_name = "MEMBERS", default_value_t = Config::default().capacity,
          value_parser = |s: &str| within(s, Config::CAPACITIES))]
    capacity: usize,

    /// How many connections without a nickname there may be at a time, 16 to 100000.
    #[arg(long, value_name = "CONNECTIONS", default_value_t = Config::default().max_naming,
          value_parser = |s: &str| within(s, Config::MAX_NAMINGS))]
    max_naming: usize,

    /// How long a connection may be without a nickname, in whole seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = Config::default().naming_timeout.as_secs(),
          value_parser = |s: &str| within(s, 1..=86_400_u64))]
    naming_timeout: u64,

    /// How much is kept for a member that does not read before it is dropped, in bytes,
    /// 262144 (256 KiB) to 8388608 (8 MiB).
    #[arg(long, value_name = "BYTES", default_value_t = Config::default().backlog,
          value_parser = |s: &str| within(s, Config::BACKLOGS))]
    backlog: usize,
}

const EXAMPLES: &str = "\
Examples:
  salotto-server                            for this machine, on port 53000
  salotto-server --host 0.0.0.0             for everybody who can reach this machine
  salotto-server --port 6000 --capacity 5   a classroom

The log goes to standard error. RUST_LOG sets how much of it: error, warn, info (the default),
debug or trace.

Exit status: 0 after a shutdown, 1 when the server cannot run, 2 for a mistake in the arguments.";

impl Args {
    pub(crate) fn config(&self) -> Config {
        Config {
            capacity: self.capacity,
            max_naming: self.max_naming,
            naming_timeout: Duration::from_secs(self.naming_timeout),
            backlog: self.backlog,
        }
    }

    /// Sends the log to standard error.
    pub(crate) fn init_logs(&self) {
        let wanted = std::env::var("RUST_LOG").unwrap_or_default();
        let filter = Targets::from_str(&wanted)
            .unwrap_or_default()
            .with_default(tracing::Level::INFO);
        tracing_subscriber::registry()
            .with(
                tracing_subscriber::fmt::layer()
                    .with_ansi(std::io::stderr().is_terminal())
                    .with_writer(std::io::stderr),
            )
            .with(filter)
            .init();
    }
}

/// Reads a number and says what is possible when it is not.
fn within<T>(text: &str, range: RangeInclusive<T>) -> Result<T, String>
where
    T: FromStr + PartialOrd + std::fmt::Display,
{
    let (least, most) = (range.start(), range.end());
    match text.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => Err(format!("a whole number from {least} to {most} is possible")),
    }
}
