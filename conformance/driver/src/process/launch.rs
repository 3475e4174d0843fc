//! A server that is started once and serves a whole measurement.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use tokio::net::TcpStream;

use super::child::with_output;
use super::port::Port;
use super::{CommandLine, Process, StartError};
use crate::process::Setting;

/// A process that accepts connections. Dropping it kills its whole group.
#[derive(Debug)]
pub struct Launched {
    /// The process, in a group of its own.
    pub process: Process,
    /// Where it listens.
    pub address: SocketAddr,
    /// Reserved for as long as the process may use it.
    _port: Port,
}

/// Why a server is not there.
#[derive(Debug, thiserror::Error)]
#[error("{}", with_output(.error, .output))]
pub struct LaunchError {
    /// What happened.
    pub error: StartError,
    /// The last lines that it has printed.
    pub output: Vec<String>,
}

impl From<StartError> for LaunchError {
    /// Of a server that was never run.
    fn from(error: StartError) -> Self {
        Self {
            error,
            output: Vec::new(),
        }
    }
}

/// How a server is started.
#[derive(Debug, Clone)]
pub struct Launch {
    /// Its command.
    pub command: CommandLine,
    /// The port of a server whose port cannot be chosen.
    pub port: Option<u16>,
    /// Settings to make, as far as the command has places for them.
    pub settings: Vec<(Setting, u64)>,
    /// Words in front of the command, such as a shell that sets a limit and becomes the server.
    pub before: Vec<String>,
    /// How long it may take until it listens.
    pub limit: Duration,
}

impl Launch {
    /// Starts the server, and waits until it listens.
    ///
    /// # Errors
    /// It cannot be run, it ends at once, or it does not listen in time.
    pub async fn start(&self) -> Result<Launched, LaunchError> {
        let port = match self.port {
            Some(number) => Port::fixed(number),
            None => Port::reserve().map_err(|error| StartError::NoPort {
                reason: error.to_string(),
            })?,
        };
        self.start_on(port).await
    }

    /// Starts it on the port of one that has ended.
    ///
    /// # Errors
    /// As for [`Launch::start`].
    pub async fn start_again(&self, ended: Launched) -> Result<Launched, LaunchError> {
        self.start_on(ended._port).await
    }

    async fn start_on(&self, port: Port) -> Result<Launched, LaunchError> {
        let mut words = self.before.clone();
        words.extend(self.command.words(port.number(), &self.settings));
        let process = Process::start(&words)?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port.number()));
        if let Err(error) = listening(&process, address, self.limit).await {
            let output = process.last_lines().await;
            return Err(LaunchError { error, output });
        }
        Ok(Launched {
            process,
            address,
            _port: port,
        })
    }
}

impl Launched {
    /// Interrupts it; gives how long it took to end with status 0, or what it did instead.
    ///
    /// # Errors
    /// One sentence: it did not end within `limit`, or with another status.
    pub async fn shut_down(&self, limit: Duration) -> Result<Duration, String> {
        let begin = Instant::now();
        self.process.signal(Signal::SIGINT);
        match self.process.wait(limit).await {
            Some(status) if status.is_success() => Ok(begin.elapsed()),
            Some(status) => Err(format!("after SIGINT it ended with {status}")),
            None => Err(format!("it still ran {} s after SIGINT", limit.as_secs())),
        }
    }
}

async fn listening(
    process: &Process,
    address: SocketAddr,
    limit: Duration,
) -> Result<(), StartError> {
    const LONGEST_PAUSE: Duration = Duration::from_millis(50);
    let begin = Instant::now();
    let mut pause = Duration::from_millis(1);
    while TcpStream::connect(address).await.is_err() {
        if let Some(status) = process.status() {
            return Err(StartError::Ended { exit: status });
        }
        if begin.elapsed() > limit {
            return Err(StartError::NotListening { waited: limit });
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    Ok(())
}
