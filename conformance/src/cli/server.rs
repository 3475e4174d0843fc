//! The server under test, for the commands that take one.

use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;

use driver::process::{CommandLine, workspace};

use super::output;

#[derive(Debug, Args)]
pub(super) struct ServerArgs {
    /// The server's command, with {port} in place of its port [default: the reference server, built first]
    ///
    /// Example: 'python3 my_server.py {port}'. Some scenarios need a setting; if the server has options for them, put them in
    /// brackets: '[--capacity {capacity}]', '[--naming-timeout {naming-timeout}]'. The part in brackets is left out when its
    /// setting is not needed.
    ///
    /// The environment variable SERVER does the same, if no option names what to check.
    #[arg(long, value_name = "COMMAND", conflicts_with = "connect")]
    server: Option<String>,
    /// Use a running server; skip the scenarios that must start one themselves
    #[arg(long, value_name = "HOST:PORT")]
    connect: Option<String>,
    /// The port of a server whose command has no {port}; scenarios then run one at a time
    #[arg(long, value_name = "N", conflicts_with = "connect")]
    port: Option<u16>,
}

/// No address of `--connect` accepts a connection.
#[derive(Debug, thiserror::Error)]
#[error("cannot connect to {address}: {reason}; is the server running?")]
pub(super) struct NotReachable {
    /// The address as the user wrote it.
    address: String,
    /// The system's error for the last address that was tried.
    reason: std::io::Error,
}

/// The server that the options name.
#[derive(Debug, Clone)]
pub(super) enum Chosen {
    /// It is running.
    Running(SocketAddr),
    /// It has to be started.
    Start {
        command: CommandLine,
        port: Option<u16>,
    },
}

impl ServerArgs {
    /// The server; the reference server is built if no other one is named.
    pub(super) fn chosen(&self) -> anyhow::Result<Chosen> {
        if let Some(address) = &self.connect {
            return resolve(address).map(Chosen::Running);
        }
        let command = match self.command() {
            Some(written) => CommandLine::parse(&written, self.port.is_some())?,
            None if self.port.is_some() => bail!("--port needs --server <COMMAND>"),
            None => {
                output::note("building the reference server ...");
                workspace::reference_server()?
            }
        };
        Ok(Chosen::Start {
            command,
            port: self.port,
        })
    }

    /// The command that the user named, as an option or in the environment. An empty variable counts as unset.
    fn command(&self) -> Option<String> {
        let variable = || std::env::var("SERVER").ok();
        let is_free = self.connect.is_none();
        let named = self.server.clone();
        named.or_else(|| variable().filter(|written| is_free && !written.trim().is_empty()))
    }

    /// Whether the user has named a server that is already running.
    pub(super) fn is_running(&self) -> bool {
        self.connect.is_some()
    }

    /// Whether there is one port only, so that scenarios must run one at a time.
    pub(super) fn is_one_port(&self) -> bool {
        self.port.is_some() || self.connect.is_some()
    }

    /// The server's command or address as the user wrote it.
    pub(super) fn name(&self) -> String {
        let named = self.command().or_else(|| self.connect.clone());
        named.unwrap_or_else(|| "the reference server".to_owned())
    }

    /// The options as the user gave them.
    pub(super) fn given(&self) -> [(&'static str, Option<String>); 3] {
        [
            ("--server", self.command()),
            ("--connect", self.connect.clone()),
            ("--port", self.port.map(|port| port.to_string())),
        ]
    }
}

/// The first address of HOST:PORT that accepts a connection: a name may have several.
fn resolve(address: &str) -> anyhow::Result<SocketAddr> {
    /// How long an address may take to answer.
    const LIMIT: Duration = Duration::from_secs(10);
    let shape =
        || format!("--connect takes HOST:PORT, for example localhost:53000, but got `{address}`");
    let mut reason = None;
    for candidate in address.to_socket_addrs().with_context(shape)? {
        match TcpStream::connect_timeout(&candidate, LIMIT) {
            Ok(_) => return Ok(candidate),
            Err(error) => reason = Some(error),
        }
    }
    let address = address.to_owned();
    Err(NotReachable {
        reason: reason.with_context(shape)?,
        address,
    }
    .into())
}
