//! The client, for a console: correct unless it is started with a fault. It tests the scenarios for clients.
//!
//! | module | contents |
//! | --- | --- |
//! | `fault` | what can be planted, as a table |
//! | `session` | the state of the client: its connection and what it remembers |
//! | `send` | what the user types |
//! | `receive` | what the server sends |
//! | `args` | the command line |
//!
//! Two threads read from standard input and from the server. One loop, below, processes what they have read.

mod args;
mod fault;
mod receive;
mod send;
mod session;

use std::io::{self, BufRead, Read};
use std::net::{Shutdown, TcpStream};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;

use crate::planted;
use args::Args;
use fault::Fault;
use session::Session;

/// How long the client waits for the server to close the connection after the user has left (CLIENT-7).
const FAREWELL: Duration = Duration::from_millis(500);

enum Input {
    /// The user typed a line.
    Typed(String),
    /// The user has left: standard input has ended.
    UserLeft,
    /// The server sent bytes.
    Received(Vec<u8>),
    /// The connection has ended.
    Ended,
}

/// Runs the program `salotto-faulty-client`.
pub fn main() -> ExitCode {
    let args = Args::parse();
    if args.list {
        print!("{}", planted::list::<Fault>());
        return ExitCode::SUCCESS;
    }
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("salotto-faulty-client: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> io::Result<()> {
    let stream = TcpStream::connect((args.host.as_str(), args.port))?;
    stream.set_nodelay(true)?;
    let inputs = start_reading(stream.try_clone()?);
    let mut session = Session::new(stream, args.fault);
    if session.has(Fault::WaitsForAPrompt) {
        let _ = inputs.recv();
    }
    session.send(&args.nick)?;
    process(&mut session, &inputs)
}

fn start_reading(mut stream: TcpStream) -> Receiver<Input> {
    let (sender, inputs) = channel();
    let keyboard: Sender<Input> = sender.clone();
    thread::spawn(move || {
        for line in io::stdin().lock().split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            if keyboard.send(Input::Typed(line)).is_err() {
                return;
            }
        }
        let _ = keyboard.send(Input::UserLeft);
    });
    thread::spawn(move || {
        let mut buffer = [0; 1024];
        while let Ok(length @ 1..) = stream.read(&mut buffer) {
            let bytes = buffer[..length].to_vec();
            if sender.send(Input::Received(bytes)).is_err() {
                return;
            }
        }
        let _ = sender.send(Input::Ended);
    });
    inputs
}

/// Processes all inputs until the connection has ended, or the user has left and has waited long enough.
fn process(session: &mut Session, inputs: &Receiver<Input>) -> io::Result<()> {
    let mut left: Option<Instant> = None;
    loop {
        let input = match left {
            None => inputs.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(_) if session.has(Fault::NeverCloses) => {
                thread::sleep(Duration::from_secs(3600));
                continue;
            }
            Some(left) => inputs.recv_timeout(FAREWELL.saturating_sub(left.elapsed())),
        };
        match input {
            Ok(Input::Typed(line)) => session.typed(line)?,
            Ok(Input::UserLeft) => {
                left = Some(Instant::now());
                session.leave()?;
            }
            Ok(Input::Received(bytes)) => session.receive(&bytes)?,
            Ok(Input::Ended) => return session.ended(),
            Err(_) => break,
        }
        if left.is_some() && session.has(Fault::LeavesWithoutReading) {
            break;
        }
    }
    // If this fails, the connection has ended already.
    let _ = session.stream.shutdown(Shutdown::Write);
    Ok(())
}
