//! Where connections come from.

use crate::Listener;
use crate::connection;
use crate::hub::Hub;
use socket2::{SockRef, TcpKeepalive};
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::time;

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

/// Accepts connections for ever and serves each in a task of its own.
pub(crate) async fn accept(listeners: Rc<Vec<Listener>>, hub: Hub) {
    for listener in &*listeners {
        if let Err(error) = tune(SockRef::from(listener)) {
            tracing::warn!(%error, "the sockets are not tuned");
        }
    }
    let mut told: Option<Instant> = None;
    let mut next = 0;
    loop {
        match poll_fn(|cx| poll_accept(&listeners, &mut next, cx)).await {
            Ok((stream, peer)) => {
                if INHERITS || tune(SockRef::from(&stream)).is_ok() {
                    spawn(stream, peer, &hub);
                }
            }
            Err(error) if is_about_one_connection(&error) => {}
            Err(error) => {
                hub.count_accept_failure();
                if told.is_none_or(|told| told.elapsed() > TELL_AGAIN) {
                    tracing::warn!(%error, "cannot accept connections; they wait until that is possible again");
                    told = Some(Instant::now());
                }
                wait_for_descriptors(&hub).await;
            }
        }
    }
}

/// Asks the listeners in turn, so that a crowd at one does not close the others.
fn poll_accept(
    listeners: &[Listener],
    next: &mut usize,
    cx: &mut Context<'_>,
) -> Poll<io::Result<(TcpStream, SocketAddr)>> {
    for _ in listeners {
        let listener = &listeners[*next % listeners.len()];
        *next = next.wrapping_add(1);
        if let Poll::Ready(accepted) = listener.poll_accept(cx) {
            return Poll::Ready(accepted);
        }
    }
    Poll::Pending
}

/// Lets some time pass after no connection could be accepted. A listener stays ready in this
/// state: to ask it again at once would spin.
pub(crate) async fn wait_for_descriptors(hub: &Hub) {
    let _ = time::timeout(ACCEPT_AGAIN, hub.some_end()).await;
}

/// Stops listening. Whoever was connected by then is served, if only with a goodbye: to a client
/// the connection has existed since the system made it, accepted here or not (STOP-1).
pub(crate) fn close(listener: Listener, hub: &Hub) -> io::Result<()> {
    let listener = listener.into_std()?;
    loop {
        match listener.accept() {
            Ok((stream, peer)) => {
                stream.set_nonblocking(true)?;
                spawn(TcpStream::from_std(stream)?, peer, hub);
            }
            Err(error) if is_about_one_connection(&error) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

fn spawn(stream: TcpStream, peer: SocketAddr, hub: &Hub) {
    tokio::task::spawn_local(connection::serve(stream, peer, hub.clone()));
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
pub(crate) fn is_about_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}
