//! The command line.

use clap::Parser;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap_complete::Shell;
use salotto_protocol::DEFAULT_PORT;
use salotto_server::Config;
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::prelude::*;

/// The reference server of Salotto: one room, everybody hears everybody.
///
/// Members connect by TCP, send their nickname as the first line, and then talk; `nc HOST PORT` is
/// a client. Ctrl-C says goodbye to everybody and ends the server.
#[derive(Debug, Parser)]
#[command(version, after_help = format!("Examples:\n{EXAMPLES}\n{NOTES}"))]
pub(crate) struct Args {
    /// The address or name to listen on; may be given several times. The default can be reached
    /// from this machine only. 0.0.0.0 is every IPv4 address of this machine, :: every IPv6
    /// address, and a name is all of its addresses.
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) host: Vec<String>,

    /// The TCP port to listen on, the same for every host; 0 is any free one, and the log tells
    /// which.
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

    /// Where to tell a monitoring system how the server is doing: an address of this machine
    /// alone, with a port. The metrics are in the text format of Prometheus, at the path /metrics.
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = loopback)]
    pub(crate) metrics: Option<SocketAddr>,

    /// How much goes to the log on standard error. At debug it tells who comes and goes, with
    /// names and addresses; what people say is never in it.
    #[arg(long, value_name = "LEVEL", default_value = "info",
          value_parser = PossibleValuesParser::new(["error", "warn", "info", "debug"])
              .try_map(|level| LevelFilter::from_str(&level)))]
    log: LevelFilter,

    /// Prints what makes a shell complete these arguments, and ends.
    #[arg(long, value_name = "SHELL", exclusive = true, hide = true)]
    pub(crate) completions: Option<Shell>,

    /// Prints the manual page, and ends.
    #[arg(long, exclusive = true, hide = true)]
    pub(crate) man: bool,
}

pub(crate) const EXAMPLES: &str = "  \
  salotto-server                            for this machine, on port 53000
  salotto-server --host 0.0.0.0             for everybody who can reach this machine
  salotto-server --host 0.0.0.0 --host ::   the same by IPv4 and by IPv6
  salotto-server --port 6000 --capacity 5   a classroom
";

pub(crate) const NOTES: &str = "\
A server that is started by socket activation, see systemd.socket(5), listens on the sockets that \
it is given; --host and --port mean nothing to it.

A connection takes about 1 kB of memory, 4 kB more for a line that has begun, and at most the \
backlog when its client does not read. It takes one file descriptor; the soft limit is raised at \
the start, and the log tells when the hard limit is too low. Up to 4096 new connections wait to be \
accepted, or fewer where the system has a lower limit.

For packagers: --man prints the manual page, and --completions SHELL what makes bash, elvish, fish, \
powershell or zsh complete the arguments.

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
        tracing_subscriber::registry()
            .with(
                tracing_subscriber::fmt::layer()
                    .with_ansi(std::io::stderr().is_terminal())
                    .with_writer(std::io::stderr),
            )
            .with(self.log)
            .init();
    }
}

/// Reads an address that only this machine can reach: the metrics are nobody else's business.
fn loopback(text: &str) -> Result<SocketAddr, String> {
    match text.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_loopback() => Ok(address),
        Ok(_) => Err("only this machine may ask: use 127.0.0.1 or [::1]".to_owned()),
        Err(_) => Err("an address and a port are needed, like 127.0.0.1:9153".to_owned()),
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
