//! The client is started, and its connection accepted.

use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

use driver::process::{ClientCommand, StartError};
use tokio::net::TcpListener;
use tokio::time::timeout;

use super::abort::{Abort, StepResult};
use super::peer::Peer;
use super::program::Program;
use super::run::ClientRun;
use crate::runner::trace::Happening;

/// Starts the client, and accepts its connection.
pub(super) async fn connect(run: &mut ClientRun<'_>, command: &ClientCommand) -> StepResult {
    /// Interval between two looks at whether the client has ended.
    const LOOK: Duration = Duration::from_millis(50);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await;
    let listener = listener.map_err(harness_error)?;
    let port = listener.local_addr().map_err(harness_error)?.port();
    let words = command.words(port, &run.actor);
    let program = Program::start(&words, Rc::clone(&run.activity));
    run.program = Some(program.map_err(Abort::NotStarted)?);
    let waited = run.patience.start;
    let deadline = Instant::now() + waited;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match timeout(left.min(LOOK), listener.accept()).await {
            Ok(Ok((stream, _))) => {
                let peer = Peer::new(stream, Rc::clone(&run.activity));
                run.peer = Some(peer.map_err(harness_error)?);
                run.note(Happening::Connected);
                run.activity.progressed();
                return Ok(());
            }
            Ok(Err(error)) => return Err(harness_error(error)),
            Err(_) if left.is_zero() => {
                return Err(Abort::NotStarted(StartError::NotConnected { waited }));
            }
            Err(_) => {
                if let Some(exit) = run.program_mut().process.status() {
                    return Err(Abort::NotStarted(StartError::ClientEnded { exit }));
                }
            }
        }
    }
}

fn harness_error(error: io::Error) -> Abort {
    let reason = error.to_string();
    Abort::NotStarted(StartError::Harness { reason })
}
