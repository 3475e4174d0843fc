//! The server under test, for the commands that take one.

use std::net::{SocketAddr, ToSocketAddrs};

use anyhow::Context;
use clap::Args;

use driver::process::{CommandLine, workspace};

#[derive(Debug, Args)]
pub(super) struct ServerArgs {
    /// The server's command, with {port} in place of its port [default: the reference server, built first]
    ///
    /// Example: 'python3 my_server.py {port}'. Some scenarios need a setting; if the server has options for them, put them in
    /// brackets: '[--capacity {capacity}]', '[--naming-timeout {naming-timeout}]'. The part in brackets is left out when its
    /// setting is not needed.
    #[arg(
        long,
        env = "SERVER",
        value_name = "COMMAND",
        conflicts_with = "connect"
    )]
    server: Option<String>,
    /// Use a running server; skip the scenarios that must start one themselves
    #[arg(long, value_name = "HOST:PORT")]
    connect: Option<String>,
    /// The port of a server whose command has no {port}; scenarios then run one at a time
    #[arg(long, value_name = "N", requires = "server")]
    port: Option<u16>,
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
        let command = match &self.server {
            Some(written) => CommandLine::parse(written, self.port.is_some())?,
            None => {
                anstream::eprintln!("building the reference server ...");
                workspace::reference_server()?
            }
        };
        Ok(Chosen::Start {
            command,
            port: self.port,
        })
    }

    /// Whether there is one port only, so that scenarios must run one at a time.
    pub(super) fn is_one_port(&self) -> bool {
        self.port.is_some() || self.connect.is_some()
    }

    /// The server's command or address as the user wrote it.
    pub(super) fn name(&self) -> String {
        let named = self.server.as_ref().or(self.connect.as_ref());
        named
            .cloned()
            .unwrap_or_else(|| "the reference server".to_owned())
    }

    /// The options as the user gave them.
    pub(super) fn given(&self) -> [(&'static str, Option<String>); 3] {
        [
            ("--server", self.server.clone()),
            ("--connect", self.connect.clone()),
            ("--port", self.port.map(|port| port.to_string())),
        ]
    }
}

/// The first address of HOST:PORT.
fn resolve(address: &str) -> anyhow::Result<SocketAddr> {
    let shape =
        || format!("--connect takes HOST:PORT, for example localhost:53000, but got `{address}`");
    let mut addresses = address.to_socket_addrs().with_context(shape)?;
    addresses.next().with_context(shape)
}
