//! Starts a server, and waits until it accepts a connection.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use tokio::net::TcpStream;

use super::child::Process;
use super::command::CommandLine;
use super::exit::Exit;
use super::port::{self, Port};
use super::setting::Setting;
use super::start_error::{StartError, with_output};
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
                }) if self.port.is_none() && !port::is_free(number).unwrap_or(true) => {}
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
        let reserved = match self.port {
            Some(number) => port::is_in_use(number).map(|in_use| match in_use {
                true => Err(StartError::PortInUse { port: number }),
                false => Ok(Port::fixed(number)),
            }),
            None => Port::reserve().map(Ok),
        };
        reserved.unwrap_or_else(|error| {
            let reason = error.to_string();
            Err(StartError::of_suite(&error).unwrap_or(StartError::NoPort { reason }))
        })
    }
}

impl Launched {
    /// The port, for [`Launch::start_on`]. Kills the server with everything in its process group.
    pub fn into_port(self) -> Port {
        self.port
    }

    /// How the server ended, if it did. An error if it has gone to the background: its first process ended with status 0, and
    /// its port is still in use.
    ///
    /// # Errors
    /// It is [`StartError::Background`].
    pub fn ended(&self) -> Result<Option<Exit>, StartError> {
        let ended = self.process.status();
        let command = ended.and_then(|_| self.process.in_background());
        match command {
            Some(command) if self.listens() => Err(StartError::Background { command }),
            _ => Ok(ended),
        }
    }

    /// Whether the command is a wrapper, such as a shell script or `make`: another process than the first one listens.
    pub fn is_wrapped(&self) -> bool {
        !port::is_held_by(self.port.number(), self.process.group())
    }

    /// Whether any process listens on the port.
    pub fn listens(&self) -> bool {
        port::is_in_use(self.port.number()).unwrap_or(false)
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
        let connected = connect(address).await;
        // Whoever answers now may be another process.
        if let Some(exit) = process.status() {
            let background = process.in_background();
            return Err(background.map_or(StartError::Ended { exit }, |command| {
                StartError::Background { command }
            }));
        }
        match connected {
            Ok(connection) => return Ok(connection),
            Err(error) => StartError::of_suite(&error).map_or(Ok(()), Err)?,
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
    fn a_port_of_another_process_is_refused() {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let launch = Launch {
            port: Some(port),
            ..launch("sleep 600 {port}", LONG)
        };
        let error = run(launch.start()).unwrap_err();
        assert_eq!(error.error, StartError::PortInUse { port });
    }

    #[test]
    fn too_many_open_files_are_the_suites_own() {
        let connect = async |_| Err::<(), _>(io::Error::from(nix::errno::Errno::EMFILE));
        let launch = launch("sleep 600 {port}", LONG);
        let error = run(launch.start_with(connect)).unwrap_err();
        assert!(matches!(error.error, StartError::Harness { .. }), "{error}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_server_that_goes_to_the_background_is_ended() {
        let marker = format!("background-{}", std::process::id());
        let shell =
            format!("sh -c 'setsid sh -c \"sleep 600; true\" {marker} & echo bye' {{port}}");
        let error = run(launch(&shell, LONG).start()).unwrap_err();
        assert!(
            matches!(&error.error, StartError::Background { command } if command.contains(&marker)),
            "{error}"
        );
        assert!(!runs(&marker));
    }

    #[test]
    fn the_connection_that_succeeds_is_returned() {
        run(async {
            // The test itself listens in place of the server.
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
            let address = listener.local_addr().unwrap();
            let port = Port::fixed(address.port());
            let launch = launch("sleep 600 {port}", LONG);
            let tries = Cell::new(0);
            let (server, connection) = launch
                .start_on(port, async |address| {
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

    /// Whether a process with the marker in its command line is running.
    #[cfg(target_os = "linux")]
    fn runs(marker: &str) -> bool {
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        let mut lines = processes
            .filter_map(|process| std::fs::read_to_string(process.path().join("cmdline")).ok());
        lines.any(|line| line.contains(marker))
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_start_that_is_cancelled_leaves_no_process() {
        let marker = format!("cancelled-{}", std::process::id());
        run(async {
            let launch = launch(&format!("sh -c 'sleep 600; true' {marker} {{port}}"), LONG);
            let started = tokio::time::timeout(Duration::from_millis(50), launch.start()).await;
            assert!(started.is_err());
            while runs(&marker) {
                tokio::task::yield_now().await;
            }
        });
    }
}
