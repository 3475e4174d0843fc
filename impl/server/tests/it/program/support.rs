//! Runs the program as a process, and connects clients to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// The limit for everything that could hang. A passing test does not come near it.
const TIMEOUT: Duration = Duration::from_secs(20);

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_salotto-server");

/// A server process, which is killed when this is dropped.
pub(crate) struct Server {
    child: Child,
    log: Receiver<String>,
    /// The lines of the log that were read so far.
    pub(crate) lines: Vec<String>,
}

impl Server {
    pub(crate) fn start(args: &[&str]) -> Self {
        Self::spawn(Command::new(PROGRAM).args(args))
    }

    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let (sender, log) = channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        std::thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .try_for_each(|line| sender.send(line))
        });
        Self {
            child,
            log,
            lines: Vec::new(),
        }
    }

    /// Reads the log up to a line that contains `part`, and returns that line.
    pub(crate) fn logs(&mut self, part: &str) -> String {
        loop {
            let line = self.log.recv_timeout(TIMEOUT);
            let line = line.unwrap_or_else(|_| panic!("not in the log: {part}\n{:#?}", self.lines));
            self.lines.push(line.clone());
            if line.contains(part) {
                return line;
            }
        }
    }

    /// The next address that the server listens on, according to the log.
    pub(crate) fn address(&mut self) -> SocketAddr {
        let line = self.logs("listening on ");
        line.rsplit_once(' ').unwrap().1.parse().unwrap()
    }

    /// The address of the metrics, according to the log.
    pub(crate) fn metrics(&mut self) -> SocketAddr {
        let line = self.logs("metrics at http://");
        let url = line.rsplit_once("http://").unwrap().1;
        url.strip_suffix("/metrics").unwrap().parse().unwrap()
    }

    /// Stops the server as an operator would. Returns all lines of the log.
    pub(crate) fn stop(mut self) -> Vec<String> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
        let rest: Vec<_> = self.log.iter().collect();
        self.lines.extend(rest);
        std::mem::take(&mut self.lines)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have exited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One client.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    /// How many bytes were sent.
    pub(crate) sent: usize,
    /// How many bytes were received.
    pub(crate) received: usize,
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect_timeout(&address, TIMEOUT).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        stream.set_write_timeout(Some(TIMEOUT)).unwrap();
        Self {
            stream: BufReader::new(stream),
            sent: 0,
            received: 0,
        }
    }

    /// Joins, and reads the welcome.
    pub(crate) fn join(address: SocketAddr, name: &str) -> Self {
        let mut client = Self::connect(address);
        client.says(name);
        client.is_welcome(name);
        client
    }

    pub(crate) fn is_welcome(&mut self, name: &str) {
        let welcome = self.line();
        let count = welcome.strip_prefix(&format!("* welcome {name} "));
        let count = count.unwrap_or_else(|| panic!("{welcome}"));
        for _ in 0..count.parse().unwrap() {
            assert!(self.line().starts_with("* here "));
        }
    }

    pub(crate) fn says(&mut self, line: &str) {
        let line = format!("{line}\n");
        self.stream.get_mut().write_all(line.as_bytes()).unwrap();
        self.sent += line.len();
    }

    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.received += self.stream.read_line(&mut line).unwrap();
        assert_eq!(line.pop(), Some('\n'), "the stream ended: {line}");
        line
    }

    pub(crate) fn hears(&mut self, lines: &[&str]) {
        for line in lines {
            assert_eq!(&self.line(), line);
        }
    }

    /// Sends a line and reads the error. By then everything sent before has been processed.
    pub(crate) fn is_refused(&mut self, line: &str, code: &str) {
        self.says(line);
        let error = self.line();
        assert!(error.starts_with(&format!("! {code} ")), "{error}");
    }

    pub(crate) fn gets_goodbye(&mut self) {
        self.hears(&["<quit>"]);
        let mut rest = Vec::new();
        self.stream.read_to_end(&mut rest).unwrap();
        assert!(rest.is_empty());
    }

    /// Sends `<quit>`, and reads to the end.
    pub(crate) fn quits(mut self) {
        self.says("<quit>");
        self.reads_to_goodbye();
    }

    /// Ends the sending side, and reads to the end.
    pub(crate) fn ends(self) {
        self.stream.get_ref().shutdown(Shutdown::Write).unwrap();
        self.reads_to_goodbye();
    }

    fn reads_to_goodbye(mut self) {
        let mut rest = String::new();
        self.stream.read_to_string(&mut rest).unwrap();
        assert!(rest.ends_with("<quit>\n"), "{rest}");
    }

    /// Resets the connection, as a crash may do.
    pub(crate) fn reset(self) {
        let stream = socket2::Socket::from(self.stream.into_inner());
        stream.set_linger(Some(Duration::ZERO)).unwrap();
    }

    pub(crate) fn local(&self) -> SocketAddr {
        self.stream.get_ref().local_addr().unwrap()
    }
}

/// Whether this machine has IPv6. Prints a note if not, since a test is skipped.
pub(crate) fn has_ipv6() -> bool {
    let has = std::net::TcpListener::bind("[::1]:0").is_ok();
    if !has {
        eprintln!("skipped: this machine has no IPv6");
    }
    has
}

/// Whether a program is installed. Prints a note if not, since a test is skipped.
pub(crate) fn has_tool(tool: &str) -> bool {
    let has = Command::new(tool).arg("--version").output().is_ok();
    if !has {
        eprintln!("skipped: {tool} is not installed");
    }
    has
}
