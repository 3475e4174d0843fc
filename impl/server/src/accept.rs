//! Accepts connections.

use crate::connection;
use crate::hub::Hub;
use socket2::{SockRef, TcpKeepalive};
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::time;

/// The idle time after which a connection is probed, so that a client that vanished is noticed within minutes (FLOW-7).
const KEEPALIVE_IDLE: Duration = Duration::from_secs(60);

/// How many unsent bytes the system buffers for one connection. Its default is megabytes, on top of
/// [`Config::backlog`](crate::Config::backlog), and it would report progress so rarely that a slow reader could not be told from
/// a client that does not read at all.
#[cfg(any(target_os = "linux", target_os = "android"))]
const MAX_UNSENT: u32 = 128 * 1024;

/// How long to wait before accepting again when no file descriptor is left, unless a connection ends earlier.
const RETRY_INTERVAL: Duration = Duration::from_millis(250);

/// Whether an accepted socket inherits the options of its listener, so that they need not be set for each connection.
const OPTIONS_ARE_INHERITED: bool = cfg!(target_os = "linux");

/// Accepts connections forever, and serves each in a task of its own.
pub(crate) async fn accept(listener: Rc<TcpListener>, hub: Hub) {
    if let Err(error) = set_options(SockRef::from(&*listener)) {
        tracing::warn!(%error, "cannot set socket options");
    }
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                if OPTIONS_ARE_INHERITED || set_options(SockRef::from(&stream)).is_ok() {
                    serve(stream, peer, &hub);
                }
            }
            Err(error) if is_about_one_connection(&error) => {}
            Err(error) => {
                hub.record_accept_failure(&error);
                wait_for_descriptors(&hub).await;
            }
        }
    }
}

/// Waits before the next attempt to accept. Without a free descriptor the listener stays ready, and accepting again at once would
/// fail again at once.
pub(crate) async fn wait_for_descriptors(hub: &Hub) {
    let _ = time::timeout(RETRY_INTERVAL, hub.connection_ended()).await;
}

/// Stops listening. Connections that the system has established by then are still accepted, so that they get a goodbye (STOP-1).
pub(crate) fn close(listener: TcpListener, hub: &Hub) -> io::Result<()> {
    let listener = listener.into_std()?;
    loop {
        match listener.accept() {
            Ok((stream, peer)) => {
                stream.set_nonblocking(true)?;
                serve(TcpStream::from_std(stream)?, peer, hub);
            }
            Err(error) if is_about_one_connection(&error) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

fn serve(stream: TcpStream, peer: SocketAddr, hub: &Hub) {
    tokio::task::spawn_local(connection::serve(stream, peer, hub.clone()));
}

/// Nagle's algorithm is off, since it would delay what is sent by up to 40 ms, and each flush is complete.
fn set_options(socket: SockRef<'_>) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    socket.set_tcp_notsent_lowat(MAX_UNSENT)?;
    socket.set_tcp_nodelay(true)?;
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(KEEPALIVE_IDLE))
}

/// Whether the error concerns a single connection, which is lost, and not the listener.
pub(crate) fn is_about_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}
