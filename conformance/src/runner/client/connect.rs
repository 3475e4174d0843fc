//! The client is started, and its connection taken.

use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::time::timeout;

use super::peer::Peer;
use super::perform::{Played, Stage, Stop};
use super::program::Program;
use crate::runner::trace::Happening;
use driver::process::StartError;

impl Stage<'_> {
    /// Starts the client, and takes its connection.
    pub(super) async fn connect(&mut self) -> Played {
        let not_started = |reason: String| Stop::NotStarted(StartError::Harness { reason });
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.map_err(|error| not_started(error.to_string()))?;
        let port = listener
            .local_addr()
            .map_err(|error| not_started(error.to_string()))?
            .port();
        let words = self.command.words(port, &self.actor);
        let program =
            Program::start(&words, Rc::clone(&self.activity)).map_err(Stop::NotStarted)?;
        self.program = Some(program);
        let deadline = Instant::now() + self.patience.start;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            // Who ends without connecting says so by ending; the clock is only for who does neither.
            match timeout(left.min(Duration::from_millis(50)), listener.accept()).await {
                Ok(Ok((stream, _))) => {
                    let peer = Peer::new(stream, Rc::clone(&self.activity));
                    self.peer = Some(peer.map_err(|error| not_started(error.to_string()))?);
                    self.note(Happening::Connected);
                    self.activity.progressed();
                    return Ok(());
                }
                Ok(Err(error)) => return Err(not_started(error.to_string())),
                Err(_) if left.is_zero() => {
                    let waited = self.patience.start;
                    return Err(Stop::NotStarted(StartError::NotConnected { waited }));
                }
                Err(_) => {
                    if let Some(exit) = self.program_mut().process.status() {
                        return Err(Stop::NotStarted(StartError::ClientEnded { exit }));
                    }
                }
            }
        }
    }
}
