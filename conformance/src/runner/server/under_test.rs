//! The server under test: started with the first connection, watched, and stopped.

use std::cell::{Cell, RefCell};
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use driver::process::port::Port;
use driver::process::{Exit, Launch, LaunchError, Launched, Process};
use driver::wire::Connection;

use super::clock::Clock;
use super::tongue::Tongue;
use crate::runner::target::Target;
use crate::scenario::Scenario;

/// The server under test.
pub(super) struct UnderTest<'a> {
    target: &'a Target,
    tongue: Tongue,
    scenario: &'a Scenario,
    server: RefCell<Option<Rc<Launched>>>,
    /// The port of a server that has been stopped: the next one is started on it.
    port: RefCell<Option<Port>>,
    /// A connection has been accepted: from now on, a start that fails is the server's failure.
    pub(super) has_started: Cell<bool>,
    /// It has been told to end, so that its end is no crash.
    pub(super) is_stopping: Cell<bool>,
    /// When the first signal told it so.
    pub(super) signalled: Cell<Option<Instant>>,
    /// Held while the server starts: other connections wait for it.
    starting: tokio::sync::Mutex<()>,
    /// What a server that did not start has printed.
    output: RefCell<Vec<String>>,
}

impl<'a> UnderTest<'a> {
    pub(super) fn new(target: &'a Target, tongue: Tongue, scenario: &'a Scenario) -> Self {
        Self {
            target,
            tongue,
            scenario,
            server: RefCell::default(),
            port: RefCell::default(),
            has_started: Cell::new(false),
            is_stopping: Cell::new(false),
            signalled: Cell::new(None),
            starting: tokio::sync::Mutex::default(),
            output: RefCell::default(),
        }
    }

    /// Opens a connection. The first one starts the server and waits until it listens.
    pub(super) async fn connect(
        &self,
        small_buffer: bool,
        clock: &Clock<'_>,
    ) -> Result<io::Result<Connection>, LaunchError> {
        if let Target::Running(address) = self.target {
            return Ok(self.open(*address, small_buffer, clock).await);
        }
        if let Target::Simulated(network) = self.target {
            let stream = network.open(&self.scenario.settings, small_buffer).await;
            let activity = Rc::clone(&clock.activity);
            return Ok(
                stream.map(|stream| Connection::over(stream, activity, self.tongue.translator()))
            );
        }
        let _waiting = self.starting.lock().await;
        let address = self.server.borrow().as_ref().map(|server| server.address);
        if let Some(address) = address {
            return Ok(self.open(address, small_buffer, clock).await);
        }
        let started = self.start(small_buffer, clock).await;
        started.inspect_err(|error| self.output.borrow_mut().clone_from(&error.output))
    }

    /// Starts the server and opens the first connection to it.
    async fn start(
        &self,
        small_buffer: bool,
        clock: &Clock<'_>,
    ) -> Result<io::Result<Connection>, LaunchError> {
        /// Until then the server is taken to be busy, not stuck.
        const SLOW_START: Duration = Duration::from_secs(3);
        let Target::Command {
            command,
            fixed_port,
        } = self.target
        else {
            return Ok(Err(io::ErrorKind::NotConnected.into()));
        };
        let launch = Launch {
            command: command.clone(),
            port: *fixed_port,
            settings: self.scenario.settings.clone(),
            before: self.scenario.open_files.map_or_else(Vec::new, limited),
            limit: clock.patience.start,
        };
        let began = Instant::now();
        let connect = async |address| {
            if began.elapsed() > SLOW_START {
                (clock.on_stall)();
            }
            self.open(address, small_buffer, clock).await
        };
        let port = self.port.take();
        let (server, connection) = match port {
            Some(port) => launch.start_on(port, connect).await?,
            None => launch.start_with(connect).await?,
        };
        *self.server.borrow_mut() = Some(Rc::new(server));
        self.has_started.set(true);
        Ok(Ok(connection))
    }

    /// Calls `act` with the process, when the suite has started one.
    pub(super) fn with_process<T>(&self, act: impl FnOnce(&Process) -> T) -> Option<T> {
        let server = self.server.borrow().clone()?;
        Some(act(&server.process))
    }

    /// Waits until the process has ended, for at most `limit`. `None` when the suite has not started one.
    pub(super) async fn wait(&self, limit: Duration) -> Option<Option<Exit>> {
        let server = self.server.borrow().clone()?;
        Some(server.process.wait(limit).await)
    }

    /// Ends the process, so that the next connection starts another one on the same port.
    pub(super) async fn stop(&self) {
        if let Some(server) = self.server.take() {
            server.process.kill().await;
            let server = Rc::into_inner(server);
            *self.port.borrow_mut() = server.map(Launched::into_port);
        }
    }

    /// How the process ended, if it did so without being told to.
    pub(super) fn crash(&self) -> Option<Exit> {
        if self.is_stopping.get() {
            return None;
        }
        self.with_process(Process::status).flatten()
    }

    /// The last lines that it printed.
    pub(super) async fn output(&self) -> Vec<String> {
        let server = self.server.borrow().clone();
        match server {
            Some(server) => server.process.last_lines().await,
            None => self.output.borrow().clone(),
        }
    }

    async fn open(
        &self,
        address: SocketAddr,
        small_buffer: bool,
        clock: &Clock<'_>,
    ) -> io::Result<Connection> {
        let (activity, translator) = (Rc::clone(&clock.activity), self.tongue.translator());
        let opening = Connection::open(address, small_buffer, activity, translator);
        tokio::time::timeout(clock.patience.hang, opening)
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }
}

/// A command that runs the one behind it with a limit of open files.
fn limited(open_files: u64) -> Vec<String> {
    let limit = format!("ulimit -n {open_files} && exec \"$@\"");
    ["sh", "-c", &limit, "sh"].map(str::to_owned).to_vec()
}
