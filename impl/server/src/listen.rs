//! Where connections come from.

use crate::connection;
use crate::hub::Hub;
use socket2::{SockRef, TcpKeepalive};
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time;

/// How many connections may wait to be accepted. The system may have a lower limit of its own.
const ACCEPT_BACKLOG: u32 = 4096;

/// A silent connection is probed after this time (FLOW-7).
const KEEPALIVE_IDLE: Duration = Duration::from_secs(60);

/// How many bytes the system keeps for a client whose receive window is closed. Without a limit it
/// is megabytes for each, beyond the reach of the backlog, and it tells so rarely of progress that
/// a slow reader cannot be told from a sleeper.
#[cfg(any(target_os = "linux", target_os = "android"))]
const MAX_UNSENT: u32 = 128 * 1024;

/// Where no descriptor is left, the next try is when a connection ends, or after this time.
const ACCEPT_AGAIN: Duration = Duration::from_millis(250);

/// Trouble like that comes and goes with every connection: the log tells of it once, and again
/// after this time.
const TELL_AGAIN: Duration = Duration::from_secs(60);

/// Why a server cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The host has no address.
    #[error("no address is known for the host {host}: {source}")]
    UnknownHost {
        /// The host as it was given.
        host: String,
        /// What the system said.
        source: io::Error,
    },
    /// The port is taken.
    #[error("another program listens on {address}: stop it, or choose another port")]
    InUse {
        /// Where the server should have listened.
        address: SocketAddr,
    },
    /// The port is reserved.
    #[error("you are not allowed to listen on {address}: choose a port above 1023")]
    Denied {
        /// Where the server should have listened.
        address: SocketAddr,
    },
    /// The address belongs to another machine.
    #[error("{} is not an address of this machine: choose one that is, or 0.0.0.0 for all of them", address.ip())]
    NotHere {
        /// Where the server should have listened.
        address: SocketAddr,
    },
    /// Anything else.
    #[error("cannot listen on {address}: {source}")]
    Other {
        /// Where the server should have listened.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

/// Listens on the first address of `host` on which that is possible; port 0 is any free one.
///
/// The port can be used again right after the server has ended (STOP-4).
///
/// # Errors
/// [`ListenError`], for the first address when there are several. Needs the context of a tokio
/// runtime. Blocks while the name is looked up: it is for the beginning of a program.
pub fn listen(host: &str, port: u16) -> Result<TcpListener, ListenError> {
    let unknown = |source| ListenError::UnknownHost {
        host: host.to_owned(),
        source,
    };
    let mut first_error = None;
    for address in (host, port).to_socket_addrs().map_err(unknown)? {
        match bind(address) {
            Ok(listener) => return Ok(listener),
            Err(source) => {
                first_error.get_or_insert(match source.kind() {
                    io::ErrorKind::AddrInUse => ListenError::InUse { address },
                    io::ErrorKind::PermissionDenied => ListenError::Denied { address },
                    io::ErrorKind::AddrNotAvailable => ListenError::NotHere { address },
                    _ => ListenError::Other { address, source },
                });
            }
        }
    }
    Err(first_error.unwrap_or_else(|| unknown(io::ErrorKind::NotFound.into())))
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // Elsewhere the option would let two servers have the same port at the same time.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(ACCEPT_BACKLOG)
}

/// Accepts connections for ever and serves each in a task of its own.
pub(crate) async fn accept(listener: &TcpListener, hub: &Hub) {
    if let Err(error) = tune(SockRef::from(listener)) {
        tracing::warn!(%error, "the sockets are not tuned");
    }
    let mut told: Option<Instant> = None;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                if INHERITS || tune(SockRef::from(&stream)).is_ok() {
                    spawn(stream, hub);
                }
            }
            Err(error) if is_about_one_connection(&error) => {}
            Err(error) => {
                if told.is_none_or(|told| told.elapsed() > TELL_AGAIN) {
                    tracing::warn!(%error, "cannot accept connections; they wait until that is possible again");
                    told = Some(Instant::now());
                }
                // The listener stays ready in this state: to ask it again at once would spin.
                let _ = time::timeout(ACCEPT_AGAIN, hub.some_end()).await;
            }
        }
    }
}

/// Stops listening. Whoever was connected by then is served, if only with a goodbye: to a client
/// the connection has existed since the system made it, accepted here or not (STOP-1).
pub(crate) fn close(listener: TcpListener, hub: &Hub) -> io::Result<()> {
    let listener = listener.into_std()?;
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(true)?;
                spawn(TcpStream::from_std(stream)?, hub);
            }
            Err(error) if is_about_one_connection(&error) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

fn spawn(stream: TcpStream, hub: &Hub) {
    tokio::task::spawn_local(connection::serve(stream, hub.clone()));
}

/// Whether an accepted socket has the options of its listener, which saves system calls for each
/// connection.
const INHERITS: bool = cfg!(target_os = "linux");

/// What is flushed is complete, so nothing is gained by holding it back (Nagle's algorithm would,
/// for 40 ms); and a peer that vanished without a word is found out in a few minutes.
fn tune(socket: SockRef<'_>) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    socket.set_tcp_notsent_lowat(MAX_UNSENT)?;
    socket.set_tcp_nodelay(true)?;
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(KEEPALIVE_IDLE))
}

/// Whether only the connection that should have been accepted is lost.
fn is_about_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}
