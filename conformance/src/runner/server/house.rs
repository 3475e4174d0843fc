//! The house: the server behind the stage, started with the first connection, and watched.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::Target;
use super::actor::{Actor, State};
use super::blame::Violation;
use super::fence::FENCE;
use super::stage::{Played, Stage, Stop};
use crate::runner::problem::Problem;
use crate::runner::trace::Happening;
use driver::process::{Process, StartError, port};
use driver::wire::Connection;

impl Stage<'_> {
    /// Opens a connection for the actor. The first one waits until the server listens.
    pub(super) async fn connect(&self, actor: &Actor) -> Played {
        let small_buffer = self.sleepers.contains(&actor.name);
        let connection = if let Target::Running(address) = self.target {
            self.open(*address, small_buffer).await
        } else {
            let _waiting = self.starting.lock().await;
            if self.process().is_none() {
                self.start(small_buffer)
                    .await
                    .map_err(|error| Stop::new(Problem::NotStarted { error }))?
            } else {
                self.open(self.address(), small_buffer).await
            }
        };
        let connection = connection.map_err(|error| {
            let refused = Problem::Refused {
                actor: actor.name.clone(),
                reason: error.to_string(),
            };
            self.crash()
                .unwrap_or_else(|| Stop::blaming(refused, Violation::Ended))
        })?;
        *actor.connection.borrow_mut() = Some(Rc::new(connection));
        if actor.name != FENCE {
            self.note(&actor.name, Happening::Connected);
        }
        actor.state.set(State::Naming);
        self.activity.progressed();
        Ok(())
    }

    async fn open(&self, address: SocketAddr, small_buffer: bool) -> io::Result<Connection> {
        let opening = Connection::open(address, small_buffer, Rc::clone(&self.activity));
        tokio::time::timeout(self.patience.hang, opening)
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    fn address(&self) -> SocketAddr {
        let port = self.port.borrow().as_ref().map_or(0, port::Port::number);
        SocketAddr::from((Ipv4Addr::LOCALHOST, port))
    }

    /// Starts the server and opens the first connection to it. Somebody else may have taken the port: then another one.
    async fn start(&self, small_buffer: bool) -> Result<io::Result<Connection>, StartError> {
        const TRIES: usize = 3;
        let Target::Command {
            command,
            fixed_port,
        } = self.target
        else {
            return Ok(Err(io::ErrorKind::NotConnected.into()));
        };
        for attempt in 1.. {
            if self.port.borrow().is_none() {
                let port = match fixed_port {
                    Some(number) => port::Port::fixed(*number),
                    None => port::Port::reserve().map_err(|error| StartError::NoPort {
                        reason: error.to_string(),
                    })?,
                };
                *self.port.borrow_mut() = Some(port);
            }
            let port = self.address().port();
            let process = Rc::new(Process::start(
                &command.words(port, &self.scenario.settings),
            )?);
            *self.process.borrow_mut() = Some(Rc::clone(&process));
            match self.first_connection(&process, small_buffer).await {
                Err(StartError::Ended { .. })
                    if fixed_port.is_none()
                        && !self.has_started.get()
                        && attempt < TRIES
                        && !port::is_free(port) =>
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
    ) -> Result<Connection, StartError> {
        const LONGEST_PAUSE: Duration = Duration::from_millis(50);
        // Until then it is taken to be busy, not stuck.
        const SLOW_START: Duration = Duration::from_secs(3);
        let begin = Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            if let Ok(connection) = self.open(self.address(), small_buffer).await {
                self.has_started.set(true);
                return Ok(connection);
            }
            if begin.elapsed() > SLOW_START {
                (self.on_stall)();
            }
            if let Some(status) = process.status() {
                return Err(StartError::Ended { exit: status });
            }
            if begin.elapsed() > self.patience.start {
                return Err(StartError::NotListening {
                    waited: self.patience.start,
                });
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// The process under test.
    pub(super) fn process(&self) -> Option<Rc<Process>> {
        self.process.borrow().clone()
    }

    /// Forgets the process, so that the next connection starts another one, on the same port.
    pub(super) async fn forget_process(&self) {
        if let Some(process) = self.process.take() {
            process.kill().await;
        }
    }

    /// The problem, if the server has ended by itself.
    pub(super) fn crash(&self) -> Option<Stop> {
        if self.stopping.get() {
            return None;
        }
        let exit = self.process()?.status()?;
        Some(Stop::blaming(Problem::Crashed { exit }, Violation::Ended))
    }
}
