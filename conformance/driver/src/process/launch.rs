//! Starts a server, and waits until it accepts a connection.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use tokio::net::TcpStream;

use super::child::{Process, StartError, with_output};
use super::command::CommandLine;
use super::port::{self, Port};
use super::setting::Setting;
use crate::wire::refuse_self;

/// How to start a server.
#[derive(Debug, Clone)]
pub struct Launch {
    /// The server's command.
    pub command: CommandLine,
    /// The port of a server that always uses the same one; otherwise a free port is reserved.
    pub port: Option<u16>,
    /// Settings to pass, as far as the command has places for them.
    pub settings: Vec<(Setting, u64)>,
    /// Words in front of the command, such as a shell that sets a limit and then becomes the server.
    pub before: Vec<String>,
    /// How long the server may take until it accepts a connection.
    pub limit: Duration,
}

/// A server that accepts connections. Dropping it kills its whole process group.
#[derive(Debug)]
pub struct Launched {
    /// The process, in a group of its own.
    pub process: Process,
    /// The address on which it listens.
    pub address: SocketAddr,
    /// Reserved for as long as the process may use it.
    port: Port,
}

/// Why a server does not accept connections.
#[derive(Debug, thiserror::Error)]
#[error("{}", with_output(.error, .output))]
pub struct LaunchError {
    /// What happened.
    pub error: StartError,
    /// The last lines that the server has printed.
    pub output: Vec<String>,
}

impl From<StartError> for LaunchError {
    /// The error of a server that never ran.
    fn from(error: StartError) -> Self {
        Self {
            error,
            output: Vec::new(),
        }
    }
}

/// How many ports are tried, when other programs take them between the reservation and the start.
const TRIES: usize = 3;

impl Launch {
    /// Starts the server, and waits until it listens. Dropping the future kills what it has started.
    ///
    /// # Errors
    /// The server cannot be run, ends, or does not listen in time.
    pub async fn start(&self) -> Result<Launched, LaunchError> {
        let (launched, _) = self.start_with(probe).await?;
        Ok(launched)
    }

    /// Starts the server, and calls `connect` with its address until that succeeds. Returns the connection too, so that a
    /// caller who wants one need not open a second.
    ///
    /// # Errors
    /// As for [`Launch::start`].
    pub async fn start_with<C>(
        &self,
        connect: impl AsyncFn(SocketAddr) -> io::Result<C>,
    ) -> Result<(Launched, C), LaunchError> {
        for _ in 1..TRIES {
            let port = self.reserve_port()?;
            let number = port.number();
            match self.start_on(port, &connect).await {
                Err(LaunchError {
                    error: StartError::Ended { .. },
                    ..
                }) if self.port.is_none() && !port::is_free(number) => {}
                result => return result,
            }
        }
        self.start_on(self.reserve_port()?, connect).await
    }

    /// Starts the server on the port of one that has ended.
    ///
    /// # Errors
    /// As for [`Launch::start`].
    pub async fn start_again(&self, ended: Launched) -> Result<Launched, LaunchError> {
        let (launched, _) = self.start_on(ended.port, probe).await?;
        Ok(launched)
    }

    /// Starts the server on this port, like [`Launch::start_with`]; no other port is tried.
    ///
    /// # Errors
    /// As for [`Launch::start`].
    pub async fn start_on<C>(
        &self,
        port: Port,
        connect: impl AsyncFn(SocketAddr) -> io::Result<C>,
    ) -> Result<(Launched, C), LaunchError> {
        let mut words = self.before.clone();
        words.extend(self.command.words(port.number(), &self.settings));
        let process = Process::start(&words)?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port.number()));
        match first_connection(&process, address, connect, self.limit).await {
            Ok(connection) => {
                let launched = Launched {
                    process,
                    address,
                    port,
                };
                Ok((launched, connection))
            }
            Err(error) => {
                let output = process.last_lines().await;
                process.kill().await;
                Err(LaunchError { error, output })
            }
        }
    }

    fn reserve_port(&self) -> Result<Port, StartError> {
        match self.port {
            Some(number) => Ok(Port::fixed(number)),
            None => Port::reserve().map_err(|error| StartError::NoPort {
                reason: error.to_string(),
            }),
        }
    }
}

impl Launched {
    /// The port, for [`Launch::start_on`]. Kills the server with everything in its process group.
    pub fn into_port(self) -> Port {
        self.port
    }

    /// Sends SIGINT, and returns how long the server took to end with status 0.
    ///
    /// # Errors
    /// The server still runs after `limit`, or ended with another status: one sentence.
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

async fn probe(address: SocketAddr) -> io::Result<()> {
    refuse_self(TcpStream::connect(address).await?).map(drop)
}

async fn first_connection<C>(
    process: &Process,
    address: SocketAddr,
    connect: impl AsyncFn(SocketAddr) -> io::Result<C>,
    limit: Duration,
) -> Result<C, StartError> {
    const LONGEST_PAUSE: Duration = Duration::from_millis(50);
    let begin = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Ok(connection) = connect(address).await {
            return Ok(connection);
        }
        if let Some(exit) = process.status() {
            return Err(StartError::Ended { exit });
        }
        if begin.elapsed() > limit {
            return Err(StartError::NotListening { waited: limit });
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use tokio::net::TcpListener;
    use tokio::task::LocalSet;

    fn run<T>(test: impl Future<Output = T>) -> T {
        tokio_test::block_on(LocalSet::new().run_until(test))
    }

    fn launch(command: &str, limit: Duration) -> Launch {
        Launch {
            command: CommandLine::parse(command, false).unwrap(),
            port: None,
            settings: Vec::new(),
            before: Vec::new(),
            limit,
        }
    }

    const LONG: Duration = Duration::from_secs(20);

    #[test]
    fn a_server_that_ends_is_not_waited_for() {
        let launch = launch("sh -c 'echo no; exit 3' {port}", LONG);
        let error = run(launch.start()).unwrap_err();
        assert!(matches!(error.error, StartError::Ended { .. }), "{error}");
        assert_eq!(error.output, ["no"]);
    }

    #[test]
    fn a_server_that_does_not_listen_is_given_up() {
        let error = run(launch("sleep 600 {port}", Duration::ZERO).start()).unwrap_err();
        assert!(matches!(error.error, StartError::NotListening { .. }));
    }

    #[test]
    fn the_connection_that_succeeds_is_returned() {
        run(async {
            // The test itself listens in place of the server.
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
            let address = listener.local_addr().unwrap();
            let port = Some(address.port());
            let launch = launch("sleep 600 {port}", LONG);
            let tries = Cell::new(0);
            let (server, connection) = Launch { port, ..launch }
                .start_with(async |address| {
                    tries.set(tries.get() + 1);
                    if tries.get() < 3 {
                        return Err(io::ErrorKind::ConnectionRefused.into());
                    }
                    TcpStream::connect(address).await
                })
                .await
                .unwrap();
            assert_eq!(connection.peer_addr().unwrap(), address);
            assert_eq!(server.into_port().number(), address.port());
        });
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_start_that_is_cancelled_leaves_no_process() {
        let marker = format!("cancelled-{}", std::process::id());
        let runs = || {
            let processes = std::fs::read_dir("/proc").unwrap().flatten();
            let mut lines = processes
                .filter_map(|process| std::fs::read_to_string(process.path().join("cmdline")).ok());
            lines.any(|line| line.contains(&marker))
        };
        run(async {
            let launch = launch(&format!("sh -c 'sleep 600; true' {marker} {{port}}"), LONG);
            let started = tokio::time::timeout(Duration::from_millis(50), launch.start()).await;
            assert!(started.is_err());
            while runs() {
                tokio::task::yield_now().await;
            }
        });
    }
}
