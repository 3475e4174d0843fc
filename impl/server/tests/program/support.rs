//! The program as a process of its own, and a client that waits for lines.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// For hangs alone: nothing that passes waits so long.
const LIMIT: Duration = Duration::from_secs(20);

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_salotto-server");

/// A server, ended at the latest when it goes out of scope.
pub(crate) struct Server {
    child: Child,
    log: Receiver<String>,
    /// The lines of the log that were read.
    pub(crate) told: Vec<String>,
}

impl Server {
    pub(crate) fn start(args: &[&str]) -> Self {
        Self::of(Command::new(PROGRAM).args(args))
    }

    pub(crate) fn of(command: &mut Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let (tell, log) = channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        std::thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .try_for_each(|line| tell.send(line))
        });
        Self {
            child,
            log,
            told: Vec::new(),
        }
    }

    /// Reads the log up to a line that holds `part`, and gives that line.
    pub(crate) fn tells(&mut self, part: &str) -> String {
        loop {
            let line = self.log.recv_timeout(LIMIT);
            let line = line.unwrap_or_else(|_| panic!("not in the log: {part}\n{:#?}", self.told));
            self.told.push(line.clone());
            if line.contains(part) {
                return line;
            }
        }
    }

    /// The next address that it says it listens on.
    pub(crate) fn address(&mut self) -> SocketAddr {
        let line = self.tells("listening on ");
        line.rsplit_once(' ').unwrap().1.parse().unwrap()
    }

    /// The address of the metrics.
    pub(crate) fn metrics(&mut self) -> SocketAddr {
        let line = self.tells("metrics at http://");
        let url = line.rsplit_once("http://").unwrap().1;
        url.strip_suffix("/metrics").unwrap().parse().unwrap()
    }

    /// Ends it as an operator would; all lines of its log.
    pub(crate) fn stop(mut self) -> Vec<String> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
        let rest: Vec<_> = self.log.iter().collect();
        self.told.extend(rest);
        std::mem::take(&mut self.told)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Where it has ended already there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One connection.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    /// How many bytes it said and heard.
    pub(crate) said: usize,
    pub(crate) heard: usize,
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect_timeout(&address, LIMIT).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        stream.set_write_timeout(Some(LIMIT)).unwrap();
        Self {
            stream: BufReader::new(stream),
            said: 0,
            heard: 0,
        }
    }

    /// A member who has read its welcome.
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
        self.said += line.len();
    }

    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.heard += self.stream.read_line(&mut line).unwrap();
        assert_eq!(line.pop(), Some('\n'), "a line, not the end: {line}");
        line
    }

    pub(crate) fn hears(&mut self, lines: &[&str]) {
        for line in lines {
            assert_eq!(&self.line(), line);
        }
    }

    /// Says something that is refused with this answer, which proves that all before it is done.
    pub(crate) fn is_refused(&mut self, line: &str, code: &str) {
        self.says(line);
        let answer = self.line();
        assert!(answer.starts_with(&format!("! {code} ")), "{answer}");
    }

    pub(crate) fn is_said_goodbye(&mut self) {
        self.hears(&["<quit>"]);
        let mut rest = Vec::new();
        self.stream.read_to_end(&mut rest).unwrap();
        assert!(rest.is_empty());
    }

    /// Says that it leaves, and reads what is left.
    pub(crate) fn quits(mut self) {
        self.says("<quit>");
        self.reads_to_goodbye();
    }

    /// Ends the stream, and reads what is left.
    pub(crate) fn ends(self) {
        self.stream.get_ref().shutdown(Shutdown::Write).unwrap();
        self.reads_to_goodbye();
    }

    fn reads_to_goodbye(mut self) {
        let mut rest = String::new();
        self.stream.read_to_string(&mut rest).unwrap();
        assert!(rest.ends_with("<quit>\n"), "{rest}");
    }

    /// Ends the connection as a crash would.
    pub(crate) fn reset(self) {
        let stream = socket2::Socket::from(self.stream.into_inner());
        stream.set_linger(Some(Duration::ZERO)).unwrap();
    }

    pub(crate) fn local(&self) -> SocketAddr {
        self.stream.get_ref().local_addr().unwrap()
    }
}

/// Whether this machine has IPv6; says so when a test is left out for it.
pub(crate) fn has_ipv6() -> bool {
    let has = std::net::TcpListener::bind("[::1]:0").is_ok();
    if !has {
        eprintln!("skipped: this machine has no IPv6");
    }
    has
}

/// Whether a program is installed; says so when a test is left out for it.
pub(crate) fn has_tool(tool: &str) -> bool {
    let has = Command::new(tool).arg("--version").output().is_ok();
    if !has {
        eprintln!("skipped: {tool} is not installed");
    }
    has
}
