//! Socket activation.

use anyhow::Context;
use listenfd::ListenFd;
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
            listener.set_nonblocking(true)?;
            listeners.push(TcpListener::from_std(listener)?);
        }
    }
    Ok(listeners)
}
