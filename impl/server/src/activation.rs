//! Socket activation.

use anyhow::Context;
use listenfd::ListenFd;
use std::io;
use std::net;
use tokio::net::TcpListener;

/// The listening sockets that systemd passed to this process, or another program in the same way. Usually there are none.
pub(crate) fn inherited() -> anyhow::Result<Vec<TcpListener>> {
    let mut sockets = ListenFd::from_env();
    let mut listeners = Vec::new();
    for index in 0..sockets.len() {
        let listener = sockets
            .take_tcp_listener(index)
            .context("cannot use a socket that was passed by LISTEN_FDS")?;
        if let Some(listener) = listener {
            // The library checks only that it is a TCP socket. Accepting on a connection would fail for ever.
            anyhow::ensure!(
                is_listening(&listener)?,
                "cannot use socket {index} of those that were passed by LISTEN_FDS: it does not listen"
            );
            listener.set_nonblocking(true)?;
            listeners.push(TcpListener::from_std(listener)?);
        }
    }
    Ok(listeners)
}

/// Whether connections can be accepted on the socket.
#[cfg(any(target_os = "android", target_os = "freebsd", target_os = "linux"))]
fn is_listening(socket: &net::TcpListener) -> io::Result<bool> {
    socket2::SockRef::from(socket).is_listener()
}

/// Other systems cannot tell, and have no systemd.
#[cfg(not(any(target_os = "android", target_os = "freebsd", target_os = "linux")))]
fn is_listening(_socket: &net::TcpListener) -> io::Result<bool> {
    Ok(true)
}
