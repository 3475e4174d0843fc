//! Runs the server in a thread, and connects clients to it.

use salotto_server::Config;
use socket2::SockRef;
use std::io;
use std::net::SocketAddr;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, LocalOptions};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// The limit for everything that could hang. A passing test does not come near it.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The size of socket buffers, in bytes. The system may double it.
const SOCKET_BUFFER: usize = 128 * 1024;

/// A server on a port of its own, which is shut down when this is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    shutdown: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(config: Config) -> Self {
        Self::start_on(0, config)
    }

    pub(crate) fn start_on(port: u16, config: Config) -> Self {
        let (sender, address) = std::sync::mpsc::channel();
        let (shutdown, requested) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = Builder::new_current_thread()
                .enable_all()
                .build_local(LocalOptions::default())
                .unwrap();
            runtime.block_on(async {
                let listeners = salotto_server::listen(&["127.0.0.1"], port).unwrap();
                // Connections inherit the options of their listener.
                let sockets = SockRef::from(&listeners[0]);
                sockets.set_recv_buffer_size(SOCKET_BUFFER).unwrap();
                sender.send(listeners[0].local_addr().unwrap()).unwrap();
                salotto_server::run(listeners, None, config, async {
                    let _ = requested.await;
                })
                .await;
            });
        });
        Self {
            address: address.recv().unwrap(),
            shutdown: Some(shutdown),
            thread: Some(thread),
        }
    }

    /// Asks the server to shut down, and does not wait for it.
    pub(crate) fn interrupt(&mut self) {
        drop(self.shutdown.take());
    }

    pub(crate) async fn connect(&self) -> Client {
        let stream = TcpStream::connect(self.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Client(BufReader::new(stream))
    }

    /// Joins, and reads the welcome.
    pub(crate) async fn join(&self, name: &str) -> Client {
        let mut client = self.connect().await;
        client.send(name).await;
        let welcome = client.line().await;
        let count = welcome.strip_prefix(&format!("* welcome {name} "));
        for _ in 0..count.unwrap().parse().unwrap() {
            assert!(client.line().await.starts_with("* here "));
        }
        client
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.interrupt();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking());
        }
    }
}

/// One client.
pub(crate) struct Client(pub(crate) BufReader<TcpStream>);

impl Client {
    pub(crate) async fn send(&mut self, line: &str) {
        self.send_bytes(format!("{line}\n").as_bytes()).await;
    }

    pub(crate) async fn send_bytes(&mut self, bytes: &[u8]) {
        timeout(TIMEOUT, self.0.write_all(bytes))
            .await
            .unwrap()
            .unwrap();
    }

    /// Makes the socket buffers small.
    pub(crate) fn limit_buffers(&self) {
        let socket = SockRef::from(self.0.get_ref());
        socket.set_send_buffer_size(SOCKET_BUFFER).unwrap();
        socket.set_recv_buffer_size(SOCKET_BUFFER).unwrap();
    }

    /// The next line, or `None` at the end of the stream.
    pub(crate) async fn try_line(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        timeout(TIMEOUT, self.0.read_line(&mut line))
            .await
            .unwrap()?;
        Ok(line.strip_suffix('\n').map(str::to_owned))
    }

    pub(crate) async fn line(&mut self) -> String {
        self.try_line().await.unwrap().expect("the stream ended")
    }

    /// Reads exactly these lines.
    pub(crate) async fn hears(&mut self, lines: &[&str]) {
        for line in lines {
            assert_eq!(&self.line().await, line);
        }
    }

    /// Reads a line that begins with `prefix`.
    pub(crate) async fn hears_prefix(&mut self, prefix: &str) {
        let line = self.line().await;
        assert!(line.starts_with(prefix), "{line}");
    }

    /// Reads the goodbye and the end of the stream.
    pub(crate) async fn gets_goodbye(&mut self) {
        self.hears(&["<quit>"]).await;
        assert_eq!(self.try_line().await.unwrap(), None);
    }

    pub(crate) async fn end_sending(&mut self) {
        self.0.get_mut().shutdown().await.unwrap();
    }

    /// Resets the connection, as a crash may do.
    pub(crate) fn reset(self) {
        self.0.into_inner().set_zero_linger().unwrap();
    }
}
