//! The state of the client, and how it speaks to the server and to its user.

use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};

use super::fault::Fault;
use crate::line::Splitter;

pub(super) struct Session {
    pub(super) stream: TcpStream,
    pub(super) fault: Option<Fault>,
    /// The server has sent the welcome.
    pub(super) is_member: bool,
    /// The server has sent the goodbye.
    pub(super) said_goodbye: bool,
    /// Lines typed before the welcome.
    pub(super) typed_early: Vec<String>,
    pub(super) splitter: Splitter,
    /// Number of messages sent and received.
    pub(super) sent: usize,
    pub(super) received: usize,
}

impl Session {
    pub(super) fn new(stream: TcpStream, fault: Option<Fault>) -> Self {
        Self {
            stream,
            fault,
            is_member: false,
            said_goodbye: false,
            typed_early: Vec::new(),
            splitter: Splitter::default(),
            sent: 0,
            received: 0,
        }
    }

    pub(super) fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// Sends a line to the server.
    pub(super) fn send(&mut self, line: &str) -> io::Result<()> {
        let end = match self.fault {
            Some(Fault::EndsLinesWithCrlf) => "\r\n",
            _ => "\n",
        };
        // If this fails, the connection has ended, and reading will show it.
        let _ = self.stream.write_all(format!("{line}{end}").as_bytes());
        Ok(())
    }

    /// Shows a line to the user.
    pub(super) fn show(&self, line: &str) -> io::Result<()> {
        let mut screen = io::stdout().lock();
        writeln!(screen, "{line}")?;
        screen.flush()
    }

    /// The user leaves. Lines typed before the welcome can still be sent if the welcome arrives before the goodbye.
    pub(super) fn leave(&mut self) -> io::Result<()> {
        match self.fault {
            Some(Fault::LeavesWithoutQuit) => self.stream.shutdown(Shutdown::Write),
            _ => self.send("<quit>"),
        }
    }

    /// The connection has ended. The user is told (CLIENT-8).
    pub(super) fn ended(&self) -> io::Result<()> {
        match (self.fault, self.said_goodbye) {
            (Some(Fault::SaysNothingOfTheGoodbye), true) => Ok(()),
            (Some(Fault::SaysNothingOfTheEnd), false) => Ok(()),
            _ => self.show("(the connection has ended)"),
        }
    }
}
