//! Servers: the reference server, and one that a test plays.

use salotto_server::Config;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::runtime::LocalRuntime;
use tokio::sync::oneshot;

/// The time limit of every wait.
pub(super) const LIMIT: Duration = Duration::from_secs(60);

/// The reference server on a free port. Dropping it shuts it down.
pub(crate) struct ReferenceServer {
    pub(crate) port: u16,
    shutdown: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl ReferenceServer {
    pub(crate) fn start() -> Self {
        Self::with(Config::default())
    }

    pub(crate) fn with(config: Config) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (shutdown, requested) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            LocalRuntime::new().unwrap().block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                let until = async { drop(requested.await) };
                salotto_server::run(vec![listener], None, config, until).await;
            });
        });
        Self {
            port,
            shutdown: Some(shutdown),
            thread: Some(thread),
        }
    }

    /// Another member of the room.
    pub(crate) fn member(&self, nick: &str) -> Peer {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        let mut member = Peer::new(stream);
        member.sends_line(nick);
        let welcome = member.next_line();
        assert!(welcome.starts_with("* welcome"), "{welcome}");
        member
    }
}

impl Drop for ReferenceServer {
    fn drop(&mut self) {
        drop(self.shutdown.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A server that a test plays.
pub(crate) struct FakeServer {
    pub(crate) port: u16,
    listener: TcpListener,
}

impl FakeServer {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        Self { port, listener }
    }

    /// Accepts a connection and expects a nickname.
    pub(crate) fn accepts(&self, nick: &str) -> Peer {
        let (stream, _) = self.listener.accept().unwrap();
        let mut client = Peer::new(stream);
        client.receives(nick);
        client
    }

    /// Accepts a connection and welcomes the client to an empty room.
    pub(crate) fn welcomes(&self, nick: &str) -> Peer {
        let mut client = self.accepts(nick);
        client.sends_line(&format!("* welcome {nick} 0"));
        client
    }
}

/// One side of a connection, played by a test.
pub(crate) struct Peer(BufReader<TcpStream>);

impl Peer {
    fn new(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        stream.set_write_timeout(Some(LIMIT)).unwrap();
        Self(BufReader::new(stream))
    }

    pub(crate) fn sends(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.get_mut().write_all(bytes.as_ref()).unwrap();
    }

    pub(crate) fn sends_line(&mut self, line: &str) {
        self.sends(format!("{line}\n"));
    }

    /// The next line with its LF.
    fn next_line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line
    }

    /// Asserts that this is the next line, and that LF alone ends it.
    #[track_caller]
    pub(crate) fn receives(&mut self, line: &str) {
        assert_eq!(self.next_line(), format!("{line}\n"));
    }

    /// Asserts that nothing has come together with the last line. What comes later is found by the next assertion.
    pub(crate) fn has_received_nothing_else(&mut self) {
        assert_eq!(self.0.buffer(), b"");
    }

    /// Asserts that the other side sends nothing more and closes the connection.
    pub(crate) fn receives_the_end(&mut self) {
        let mut rest = Vec::new();
        let _ = self.0.read_to_end(&mut rest);
        assert_eq!(rest, b"");
    }

    /// Closes this side, and reads until the other side is closed too.
    pub(crate) fn closes(mut self) {
        self.0.get_mut().shutdown(Shutdown::Write).unwrap();
        let _ = self.0.read_to_end(&mut Vec::new());
    }
}
