//! Which server, for the commands that take one.

use std::net::{SocketAddr, ToSocketAddrs};

use anyhow::Context;
use clap::Args;

use driver::process::{CommandLine, workspace};

#[derive(Debug, Args)]
pub(super) struct ServerArgs {
    /// The server's command, with {port} where the port belongs; for example 'python3 my_server.py {port}'.
    /// Settings that some uses need stand in brackets: '[--capacity {capacity}]', '[--naming-timeout {naming-timeout}]'.
    /// Without it, the reference server is built and used.
    #[arg(
        long,
        env = "SERVER",
        value_name = "COMMAND",
        conflicts_with = "connect"
    )]
    server: Option<String>,
    /// Use a server that is running already. What needs a process of its own is left out.
    #[arg(long, value_name = "HOST:PORT")]
    connect: Option<String>,
    /// The port of a server whose port cannot be chosen.
    #[arg(long, value_name = "N", requires = "server")]
    port: Option<u16>,
}

/// A server that can be used.
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
    /// Builds the reference server when no other one is named.
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
}

impl ServerArgs {
    /// Whether everything goes to one port, so that there is one thing to do at a time.
    pub(super) fn is_one_port(&self) -> bool {
        self.port.is_some() || self.connect.is_some()
    }

    /// As the user named it.
    pub(super) fn name(&self) -> String {
        let named = self.server.as_ref().or(self.connect.as_ref());
        named
            .cloned()
            .unwrap_or_else(|| "the reference server".to_owned())
    }

    /// The options as they were given.
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
    let shape = || {
        format!(
            "--connect takes HOST:PORT, for example localhost:53000; `{address}` is something else"
        )
    };
    let mut addresses = address.to_socket_addrs().with_context(shape)?;
    addresses.next().with_context(shape)
}
