//! A listening socket that is asked for a connection only when one waits.

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::cell::Cell;
use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd};
use std::task::{Context, Poll, ready};
use tokio::io::unix::AsyncFd;
use tokio::net::TcpStream;

/// A listening socket, with that part of tokio's interface that the server needs.
///
/// tokio hears when somebody has come, not how many wait, and would accept until that fails. For an
/// accept that finds nobody, Linux makes a socket and destroys it; to ask first costs a fraction of that.
#[derive(Debug)]
pub(crate) struct Listener {
    socket: AsyncFd<mio::net::TcpListener>,
    /// Whether the system has told that somebody waits, and nobody has been accepted since.
    told: Cell<bool>,
}

impl Listener {
    /// A listener for the runtime in whose context this is called; `socket` does not block.
    pub(crate) fn from_std(socket: std::net::TcpListener) -> io::Result<Self> {
        let socket = mio::net::TcpListener::from_std(socket);
        Ok(Self {
            // SAFETY: the socket is open as long as its owner lives, and is always the same.
            socket: unsafe { AsyncFd::register(socket) }?,
            told: Cell::new(true),
        })
    }

    /// The next connection and where it comes from, when there is one.
    pub(crate) fn poll_accept(
        &self,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<(TcpStream, SocketAddr)>> {
        loop {
            let mut ready = ready!(self.socket.poll_read_ready(cx))?;
            if self.told.replace(false) || self.somebody_waits()? {
                match self.socket.get_ref().accept() {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    accepted => {
                        let (stream, peer) = accepted?;
                        // Not taken to be readable at once, as by tokio's listener: few clients
                        // are so quick that the first read would not be in vain.
                        return Poll::Ready(Ok((TcpStream::from_std(stream.into())?, peer)));
                    }
                }
            }
            ready.clear_ready();
            self.told.set(true);
        }
    }

    fn somebody_waits(&self) -> io::Result<bool> {
        let mut sockets = [PollFd::new(self.as_fd(), PollFlags::POLLIN)];
        Ok(poll(&mut sockets, PollTimeout::ZERO)? > 0)
    }

    /// The socket, which belongs to no runtime any more.
    pub(crate) fn into_std(self) -> io::Result<std::net::TcpListener> {
        Ok(self.socket.into_inner().into())
    }
}

impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::net::{Ipv4Addr, TcpListener, TcpStream};
    use std::time::Duration;
    use tokio::time::timeout;

    async fn accept(listener: &Listener) -> SocketAddr {
        let accepted = poll_fn(|cx| listener.poll_accept(cx));
        let accepted = timeout(Duration::from_secs(10), accepted).await;
        accepted.expect("accepted in time").unwrap().1
    }

    #[tokio::test]
    async fn everybody_is_accepted_in_turn_and_then_nobody_until_somebody_comes() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let listener = Listener::from_std(listener).unwrap();
        for crowd in [1, 3, 1, 2] {
            let clients: Vec<_> = (0..crowd)
                .map(|_| TcpStream::connect(address).unwrap())
                .collect();
            for client in &clients {
                assert_eq!(accept(&listener).await, client.local_addr().unwrap());
            }
            let nobody = poll_fn(|cx| Poll::Ready(listener.poll_accept(cx).is_pending()));
            assert!(nobody.await);
        }
    }
}
