//! The server under test: started with the first connection, watched, and stopped.

use std::cell::{Cell, RefCell};
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use driver::process::port::Port;
use driver::process::{Exit, Launch, LaunchError, Launched, Process, StartError};
use driver::wire::Connection;

use nix::sys::signal::Signal;

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
    /// The last signal that told it so was SIGTERM.
    pub(super) is_terminated: Cell<bool>,
    /// The first process of the command is not the server, which showed when it was told to end.
    is_wrapped: Cell<bool>,
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
            is_terminated: Cell::new(false),
            is_wrapped: Cell::new(false),
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

    /// Tells the process to end.
    pub(super) fn signal(&self, signal: Signal) {
        if let Some(server) = &*self.server.borrow() {
            self.is_wrapped.set(server.is_wrapped());
            server.process.signal(signal);
        }
        self.is_stopping.set(true);
    }

    /// Waits until the process has ended, for at most `limit`. `None` when the suite has not started one.
    ///
    /// A wrapper counts as ended when everything has that it has started. That the signal has ended it is no fault: a shell
    /// that waits for the server does not handle it, and the status of the server is lost.
    pub(super) async fn wait(&self, limit: Duration) -> Option<Option<Exit>> {
        const LAWFUL: [Exit; 2] = [
            Exit::Signal(Signal::SIGINT as i32),
            Exit::Signal(Signal::SIGTERM as i32),
        ];
        let server = self.server.borrow().clone()?;
        if !self.is_wrapped.get() {
            return Some(server.process.wait(limit).await);
        }
        let exit = server.process.wait_for_all(limit).await;
        Some(exit.map(|exit| match LAWFUL.contains(&exit) {
            true => Exit::Status(0),
            false => exit,
        }))
    }

    /// Ends the process, so that the next connection starts another one on the same port. Returns how many processes it had
    /// started in groups of their own.
    pub(super) async fn stop(&self) -> usize {
        let Some(server) = self.server.take() else {
            return 0;
        };
        let beyond = server.process.kill().await;
        let server = Rc::into_inner(server);
        *self.port.borrow_mut() = server.map(Launched::into_port);
        beyond
    }

    /// How the process ended, if it did so without being told to.
    ///
    /// # Errors
    /// The server goes on in the background.
    pub(super) fn crash(&self) -> Result<Option<Exit>, StartError> {
        match &*self.server.borrow() {
            Some(server) if !self.is_stopping.get() => server.ended(),
            _ => Ok(None),
        }
    }

    /// Waits until the process has ended, if it is about to: it ends later than its connections, on a busy machine much later.
    pub(super) async fn wait_for_crash(&self) {
        const POLL: Duration = Duration::from_millis(20);
        const LISTENING: Duration = Duration::from_secs(1);
        const CLOSED: Duration = Duration::from_secs(5);
        let Some(server) = self.server.borrow().clone() else {
            return;
        };
        let begin = Instant::now();
        while matches!(self.crash(), Ok(None)) && !self.is_stopping.get() {
            let limit = if server.listens() { LISTENING } else { CLOSED };
            if begin.elapsed() > limit {
                break;
            }
            server.process.wait(POLL).await;
        }
    }

    /// The command line of a process that does not receive the signal that tells the server to end.
    pub(super) fn beyond_signals(&self) -> Option<String> {
        let is_told = self.is_stopping.get();
        let beyond = || self.with_process(Process::beyond_signals);
        is_told.then(beyond).flatten().flatten()
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
