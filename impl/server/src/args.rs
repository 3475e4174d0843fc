//! The command line.

use clap::{Parser, ValueEnum};
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
/// Clients connect by TCP, send a nickname as the first line, and then talk. `nc HOST PORT` works as a client. Ctrl-C says goodbye to
/// everybody and ends the server.
#[derive(Debug, Parser)]
#[command(version, after_help = format!("Examples:\n{EXAMPLES}\n{NOTES}"))]
pub(crate) struct Args {
    /// The address or host name to listen on. Can be repeated. The default accepts connections from this machine only. 0.0.0.0 stands
    /// for every IPv4 address of this machine, :: for every IPv6 address, and a host name for all of its addresses.
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) host: Vec<String>,

    /// The TCP port to listen on, the same for every host. 0 stands for any free port, which the log then names.
    #[arg(long, default_value_t = DEFAULT_PORT)]
    pub(crate) port: u16,

    /// The largest number of members, from 5 to 100000.
    #[arg(long, value_name = "MEMBERS", default_value_t = Config::default().capacity,
          value_parser = |s: &str| within(s, Config::CAPACITIES))]
    capacity: usize,

    /// The largest number of connections without a nickname, from 16 to 100000.
    #[arg(long, value_name = "CONNECTIONS", default_value_t = Config::default().max_naming,
          value_parser = |s: &str| within(s, Config::MAX_NAMINGS))]
    max_naming: usize,

    /// How long a connection may be without a nickname, in whole seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = Config::default().naming_timeout.as_secs(),
          value_parser = |s: &str| within(s, 1..=86_400_u64))]
    naming_timeout: u64,

    /// How many bytes are kept for a member that does not read before it is dropped, from 262144 (256 KiB) to 8388608 (8 MiB).
    #[arg(long, value_name = "BYTES", default_value_t = Config::default().backlog,
          value_parser = |s: &str| within(s, Config::BACKLOGS))]
    backlog: usize,

    /// Serves metrics in the text format of Prometheus over HTTP, at the path /metrics of this address. It must be a loopback address.
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = loopback)]
    pub(crate) metrics: Option<SocketAddr>,

    /// How much to log, on standard error. At debug, the log tells who joins and leaves, with nicknames and addresses. It never contains
    /// messages.
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = LogLevel::Info)]
    log: LogLevel,

    /// Prints a script that completes these arguments in a shell, and exits.
    #[arg(long, value_name = "SHELL", exclusive = true, hide = true)]
    pub(crate) completions: Option<Shell>,

    /// Prints the manual page, and exits.
    #[arg(long, exclusive = true, hide = true)]
    pub(crate) man: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
}

pub(crate) const EXAMPLES: &str = "  \
  salotto-server                            for this machine, on port 53000
  salotto-server --host 0.0.0.0             for everybody who can reach this machine
  salotto-server --host 0.0.0.0 --host ::   the same by IPv4 and by IPv6
  salotto-server --port 6000 --capacity 5   a classroom
";

pub(crate) const NOTES: &str = "\
With socket activation, see systemd.socket(5), the server listens on the sockets that are passed to it and ignores --host \
and --port.

A connection takes about 1 kB of memory, up to 4 kB more for an incomplete line, and up to the backlog if its client does not \
read. It takes one file descriptor. The server raises the soft limit at startup, and warns if the hard limit is too low. Up \
to 4096 new connections wait to be accepted, or fewer if the system has a lower limit.

For packagers: --man prints the manual page, and --completions SHELL prints a completion script for bash, elvish, fish, \
powershell or zsh.

Exit status: 0 after a shutdown, 1 if the server cannot run, 2 if an argument is wrong.";

impl Args {
    pub(crate) fn config(&self) -> Config {
        Config {
            capacity: self.capacity,
            max_naming: self.max_naming,
            naming_timeout: Duration::from_secs(self.naming_timeout),
            backlog: self.backlog,
        }
    }

    /// Starts logging to standard error.
    pub(crate) fn init_logs(&self) {
        let level = match self.log {
            LogLevel::Error => LevelFilter::ERROR,
            LogLevel::Warn => LevelFilter::WARN,
            LogLevel::Info => LevelFilter::INFO,
            LogLevel::Debug => LevelFilter::DEBUG,
        };
        tracing_subscriber::registry()
            .with(
                tracing_subscriber::fmt::layer()
                    .with_ansi(std::io::stderr().is_terminal())
                    .with_writer(std::io::stderr),
            )
            .with(level)
            .init();
    }
}

/// Parses a loopback address, since the metrics have no access control of their own.
fn loopback(text: &str) -> Result<SocketAddr, String> {
    match text.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_loopback() => Ok(address),
        Ok(_) => Err("this is not a loopback address; use 127.0.0.1 or [::1]".to_owned()),
        Err(_) => Err("an address and a port are needed, like 127.0.0.1:9153".to_owned()),
    }
}

/// Parses a number within a range.
fn within<T>(text: &str, range: RangeInclusive<T>) -> Result<T, String>
where
    T: FromStr + PartialOrd + std::fmt::Display,
{
    let (least, most) = (range.start(), range.end());
    match text.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => Err(format!("expected a whole number from {least} to {most}")),
    }
}
