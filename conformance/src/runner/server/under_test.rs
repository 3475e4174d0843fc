//! The server under test: started with the first connection, watched, and stopped.

use std::cell::{Cell, RefCell};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::{Duration, Instant};

use driver::process::{Exit, Process, Setting, StartError, port};
use driver::wire::Connection;

use super::clock::Clock;
use crate::runner::target::Target;

/// The server under test.
pub(super) struct UnderTest<'a> {
    pub(super) target: &'a Target,
    settings: &'a [(Setting, u64)],
    port: RefCell<Option<port::Port>>,
    process: RefCell<Option<Rc<Process>>>,
    /// Somebody has connected: from now on, a start that fails is the server's failure.
    pub(super) has_started: Cell<bool>,
    /// It has been told to end, so that its end is no crash.
    pub(super) is_stopping: Cell<bool>,
    /// Held while the server starts: other connections wait for it.
    starting: tokio::sync::Mutex<()>,
}

impl<'a> UnderTest<'a> {
    pub(super) fn new(target: &'a Target, settings: &'a [(Setting, u64)]) -> Self {
        Self {
            target,
            settings,
            port: RefCell::default(),
            process: RefCell::default(),
            has_started: Cell::new(false),
            is_stopping: Cell::new(false),
            starting: tokio::sync::Mutex::default(),
        }
    }

    /// Opens a connection. The first one starts the server and waits until it listens.
    pub(super) async fn connect(
        &self,
        small_buffer: bool,
        clock: &Clock<'_>,
    ) -> Result<io::Result<Connection>, StartError> {
        if let Target::Running(address) = self.target {
            return Ok(open(*address, small_buffer, clock).await);
        }
        let _waiting = self.starting.lock().await;
        if self.process().is_none() {
            self.start(small_buffer, clock).await
        } else {
            Ok(open(self.address(), small_buffer, clock).await)
        }
    }

    fn address(&self) -> SocketAddr {
        let port = self.port.borrow().as_ref().map_or(0, port::Port::number);
        SocketAddr::from((Ipv4Addr::LOCALHOST, port))
    }

    /// Starts the server and opens the first connection to it. When another process has taken the port meanwhile, tries
    /// another port.
    async fn start(
        &self,
        small_buffer: bool,
        clock: &Clock<'_>,
    ) -> Result<io::Result<Connection>, StartError> {
        const ATTEMPTS: usize = 3;
        let Target::Command {
            command,
            fixed_port,
        } = self.target
        else {
            return Ok(Err(io::ErrorKind::NotConnected.into()));
        };
        for attempt in 1.. {
            if self.port.borrow().is_none() {
                *self.port.borrow_mut() = Some(reserve(*fixed_port)?);
            }
            let number = self.address().port();
            let process = Rc::new(Process::start(&command.words(number, self.settings))?);
            *self.process.borrow_mut() = Some(Rc::clone(&process));
            match self.first_connection(&process, small_buffer, clock).await {
                Err(StartError::Ended { .. })
                    if fixed_port.is_none()
                        && !self.has_started.get()
                        && attempt < ATTEMPTS
                        && !port::is_free(number) =>
                {
                    process.kill().await;
                    *self.port.borrow_mut() = None;
                }
                opened => return opened.map(Ok),
            }
        }
        Ok(Err(io::ErrorKind::AddrInUse.into()))
    }

    async fn first_connection(
        &self,
        process: &Process,
        small_buffer: bool,
        clock: &Clock<'_>,
    ) -> Result<Connection, StartError> {
        const LONGEST_PAUSE: Duration = Duration::from_millis(50);
        // Until then it is taken to be busy, not stuck.
        const SLOW_START: Duration = Duration::from_secs(3);
        let limit = clock.patience.start;
        let began = Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            if let Ok(connection) = open(self.address(), small_buffer, clock).await {
                self.has_started.set(true);
                return Ok(connection);
            }
            if began.elapsed() > SLOW_START {
                (clock.on_stall)();
            }
            if let Some(exit) = process.status() {
                return Err(StartError::Ended { exit });
            }
            if began.elapsed() > limit {
                return Err(StartError::NotListening { waited: limit });
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// The process, when the harness has started one.
    pub(super) fn process(&self) -> Option<Rc<Process>> {
        self.process.borrow().clone()
    }

    /// Ends the process, so that the next connection starts another one on the same port.
    pub(super) async fn forget_process(&self) {
        if let Some(process) = self.process.take() {
            process.kill().await;
        }
    }

    /// How the process ended, if it did so without being told to.
    pub(super) fn crash(&self) -> Option<Exit> {
        if self.is_stopping.get() {
            return None;
        }
        self.process()?.status()
    }

    /// The last lines that it printed.
    pub(super) async fn output(&self) -> Vec<String> {
        match self.process() {
            Some(process) => process.last_lines().await,
            None => Vec::new(),
        }
    }
}

fn reserve(fixed_port: Option<u16>) -> Result<port::Port, StartError> {
    if let Some(number) = fixed_port {
        return Ok(port::Port::fixed(number));
    }
    let reason = |error: io::Error| StartError::NoPort {
        reason: error.to_string(),
    };
    port::Port::reserve().map_err(reason)
}

async fn open(
    address: SocketAddr,
    small_buffer: bool,
    clock: &Clock<'_>,
) -> io::Result<Connection> {
    let opening = Connection::open(address, small_buffer, Rc::clone(&clock.activity));
    tokio::time::timeout(clock.patience.hang, opening)
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}
