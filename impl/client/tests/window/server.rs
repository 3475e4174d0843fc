//! Servers for the window: the reference server, and one that a test plays itself.

use salotto_server::Config;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::runtime::LocalRuntime;
use tokio::sync::oneshot;

/// How long a test waits for the window.
const PATIENCE: Duration = Duration::from_secs(60);

/// The reference server, on a port of its own. It ends with this value.
pub(crate) struct Server {
    pub(crate) port: u16,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::with(Config::default())
    }

    pub(crate) fn with(config: Config) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime = LocalRuntime::new().expect("a runtime");
            runtime.block_on(async {
                listener.set_nonblocking(true).expect("a socket");
                let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
                let shutdown = async { drop(stopped.await) };
                salotto_server::run(vec![listener], None, config, shutdown).await;
            });
        });
        Self {
            port,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Somebody else in the room.
    pub(crate) fn guest(&self, nick: &str) -> Guest {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).expect("a server");
        let mut guest = Guest::new(stream);
        guest.says(nick);
        let welcome = guest.hears();
        assert!(welcome.starts_with("* welcome"), "{welcome}");
        guest
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The other end of a connection.
pub(crate) struct Guest {
    stream: TcpStream,
    lines: BufReader<TcpStream>,
}

impl Guest {
    pub(crate) fn new(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        stream.set_write_timeout(Some(PATIENCE)).expect("a limit");
        let lines = BufReader::new(stream.try_clone().expect("a socket"));
        Self { stream, lines }
    }

    /// Sends a line.
    pub(crate) fn says(&mut self, line: &str) {
        self.sends(format!("{line}\n").as_bytes());
    }

    /// Sends bytes.
    pub(crate) fn sends(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("somebody who reads");
    }

    /// The next line; nothing at the end.
    pub(crate) fn hears(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("a line");
        line.trim_end_matches('\n').to_owned()
    }
}

/// A server that a test plays itself.
pub(crate) struct Fake {
    pub(crate) port: u16,
    listener: TcpListener,
}

impl Fake {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        Self { port, listener }
    }

    /// The next client, whose nickname has been read.
    pub(crate) fn accept(&self) -> (Guest, String) {
        let (stream, _) = self.listener.accept().expect("a client");
        let mut client = Guest::new(stream);
        let nick = client.hears();
        (client, nick)
    }

    /// The next client, in the room.
    pub(crate) fn welcome(&self) -> Guest {
        let (mut client, nick) = self.accept();
        client.says(&format!("* welcome {nick} 0"));
        client
    }
}
