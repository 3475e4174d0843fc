//! A small console client, correct unless it is told not to be: it tests the scenarios that check clients.
//!
//! - [`fault`]: what it can do wrongly
//! - `hear`: what comes from the server
//! - `say`: what its user types
//!
//! One loop takes in what two threads read, from the server and from standard input.

pub mod fault;
mod hear;
mod line;
mod say;

use std::io::{self, BufRead, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};

pub use fault::Fault;

/// A small Salotto client for a console, correct unless it is told not to be: it tests the tests
#[derive(Debug, Parser)]
struct Args {
    /// Where the server is.
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// Its TCP port.
    #[arg(long, required_unless_present = "list", default_value_t = 0)]
    port: u16,
    /// The nickname.
    #[arg(long, required_unless_present = "list", default_value = "")]
    nick: String,
    /// Show every fault with the requirement that it breaks.
    #[arg(long)]
    list: bool,
    /// What it does wrongly.
    #[arg(long, value_name = "NAME")]
    fault: Option<Fault>,
}

/// After so long without an answer, whoever leaves closes the connection.
const FAREWELL: Duration = Duration::from_millis(500);

enum Input {
    Typed(String),
    UserLeft,
    Bytes(Vec<u8>),
    Ended,
}

struct Client {
    stream: TcpStream,
    fault: Option<Fault>,
    is_member: bool,
    /// Typed before the welcome.
    held: Vec<String>,
    /// Bytes of a line that has not ended.
    partial: Vec<u8>,
    /// How many messages were sent, and were shown.
    sent: usize,
    shown: usize,
    /// The user has left; from then on there is a limit.
    leaving: Option<Instant>,
    said_goodbye: bool,
}

/// Runs the program.
pub fn main() -> ExitCode {
    let args = Args::parse();
    if args.list {
        print!("{}", list());
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

/// One line per fault: requirement, name, sentence.
fn list() -> String {
    let line = |fault: &Fault| {
        let value = fault.to_possible_value()?;
        let sentence = value
            .get_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        let (id, name) = (fault.requirement(), value.get_name());
        Some(format!("{id:<9} {name:<34} {sentence}\n"))
    };
    Fault::value_variants().iter().filter_map(line).collect()
}

fn run(args: &Args) -> io::Result<()> {
    let stream = TcpStream::connect((args.host.as_str(), args.port))?;
    stream.set_nodelay(true)?;
    let inputs = read_both(stream.try_clone()?);
    let mut client = Client {
        stream,
        fault: args.fault,
        is_member: false,
        held: Vec::new(),
        partial: Vec::new(),
        sent: 0,
        shown: 0,
        leaving: None,
        said_goodbye: false,
    };
    if client.has(Fault::WaitsForAPrompt) {
        let _ = inputs.recv();
    }
    client.send(&args.nick)?;
    client.live(&inputs)
}

fn read_both(mut stream: TcpStream) -> Receiver<Input> {
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
            if sender
                .send(Input::Bytes(buffer[..length].to_vec()))
                .is_err()
            {
                return;
            }
        }
        let _ = sender.send(Input::Ended);
    });
    inputs
}

impl Client {
    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn live(&mut self, inputs: &Receiver<Input>) -> io::Result<()> {
        loop {
            let input = match self.leaving {
                None => inputs.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(_) if self.has(Fault::NeverCloses) => {
                    thread::sleep(Duration::from_secs(3600));
                    continue;
                }
                Some(since) => inputs.recv_timeout(FAREWELL.saturating_sub(since.elapsed())),
            };
            match input {
                Ok(Input::Typed(line)) => self.typed(line)?,
                Ok(Input::UserLeft) => self.leave()?,
                Ok(Input::Bytes(bytes)) => self.hear(&bytes)?,
                Ok(Input::Ended) => return self.ended(),
                Err(_) => break,
            }
            if self.leaving.is_some() && self.has(Fault::LeavesWithoutReading) {
                break;
            }
        }
        let _ = self.stream.shutdown(Shutdown::Write);
        Ok(())
    }

    /// Who typed before the welcome is waited for, for as long as a goodbye would take.
    fn leave(&mut self) -> io::Result<()> {
        self.leaving = Some(Instant::now());
        match self.has(Fault::LeavesWithoutQuit) {
            true => self.stream.shutdown(Shutdown::Write),
            false => self.send("<quit>"),
        }
    }

    fn ended(&mut self) -> io::Result<()> {
        let silent = match self.said_goodbye {
            true => self.has(Fault::SaysNothingOfTheGoodbye),
            false => self.has(Fault::SaysNothingOfTheEnd),
        };
        if !silent {
            self.show("(the connection has ended)")?;
        }
        Ok(())
    }

    fn send(&mut self, line: &str) -> io::Result<()> {
        let end = if self.has(Fault::EndsLinesWithCrlf) {
            "\r\n"
        } else {
            "\n"
        };
        // Who has lost the server hears so from the other thread.
        let _ = self.stream.write_all(format!("{line}{end}").as_bytes());
        Ok(())
    }

    fn show(&self, line: &str) -> io::Result<()> {
        let mut screen = io::stdout().lock();
        writeln!(screen, "{line}")?;
        screen.flush()
    }
}
