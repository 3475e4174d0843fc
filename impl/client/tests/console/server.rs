//! Servers for clients: the reference server, and one that says what a test wants.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use salotto_server::Config;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// How long anything may take before the test gives up.
const LIMIT: Duration = Duration::from_secs(60);

/// The reference server, which shuts down with this value.
pub(crate) struct ReferenceServer {
    port: u16,
    shutdown: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

pub(crate) fn reference_server() -> ReferenceServer {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (shutdown, wanted) = oneshot::channel::<()>();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build_local(tokio::runtime::LocalOptions::default())
            .unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let until = async {
                let _ = wanted.await;
            };
            salotto_server::run(vec![listener], None, Config::default(), until).await;
        });
    });
    ReferenceServer {
        port,
        shutdown: Some(shutdown),
        thread: Some(thread),
    }
}

impl ReferenceServer {
    pub(crate) const fn port(&self) -> u16 {
        self.port
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

/// A server that says what a test wants.
pub(crate) struct FakeServer(TcpListener);

impl FakeServer {
    pub(crate) fn new() -> Self {
        Self(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap())
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    pub(crate) fn accept(&self) -> Connection {
        let (stream, _) = self.0.accept().unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        stream.set_write_timeout(Some(LIMIT)).unwrap();
        Connection(BufReader::new(stream))
    }

    /// Accepts a connection, and the nickname.
    pub(crate) fn welcomes(&self, nick: &str) -> Connection {
        let mut connection = self.accept();
        connection.hears(nick);
        connection.says(&format!("* welcome {nick} 0\n"));
        connection
    }
}

/// The server's side of a connection.
pub(crate) struct Connection(BufReader<TcpStream>);

impl Connection {
    /// The next line is this one, and LF ends it.
    pub(crate) fn hears(&mut self, line: &str) {
        let mut heard = String::new();
        self.0.read_line(&mut heard).unwrap();
        assert_eq!(heard, format!("{line}\n"));
    }

    /// Nothing has come so far. What comes later in spite of it is found by the next line.
    pub(crate) fn hears_nothing_yet(&mut self) {
        assert_eq!(self.0.buffer(), b"");
    }

    pub(crate) fn hears_the_end(&mut self) {
        let mut rest = Vec::new();
        let _ = self.0.read_to_end(&mut rest);
        assert_eq!(rest, b"");
    }

    pub(crate) fn says(&mut self, text: &str) {
        self.says_bytes(text.as_bytes());
    }

    pub(crate) fn says_bytes(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).unwrap();
    }

    /// Ends this side, and reads to the end of the other one.
    pub(crate) fn ends(mut self) {
        self.0.get_mut().shutdown(Shutdown::Write).unwrap();
        let _ = self.0.read_to_end(&mut Vec::new());
    }
}
