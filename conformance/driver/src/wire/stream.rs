//! What carries the bytes of a connection.

use std::fmt::Debug;
use std::future::Future;
use std::io;
use std::net::Shutdown;
use std::pin::Pin;
use std::time::Duration;

use socket2::SockRef;
use tokio::net::TcpStream;

/// Becomes ready when a stream can be read or written, or has ended.
pub type Ready<'a> = Pin<Box<dyn Future<Output = io::Result<()>> + 'a>>;

/// A TCP connection, or one that a test simulates. It follows the rules of a non-blocking socket.
pub trait Stream: Debug {
    /// Waits until there is something to read.
    fn readable(&self) -> Ready<'_>;

    /// Reads what there is. Zero bytes are the end of the stream.
    ///
    /// # Errors
    /// `WouldBlock` when there is nothing, or the reset of the connection.
    fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize>;

    /// Waits until there is room for bytes.
    fn writable(&self) -> Ready<'_>;

    /// Writes as much as there is room for.
    ///
    /// # Errors
    /// `WouldBlock` when there is no room, or the reset of the connection.
    fn try_write(&self, bytes: &[u8]) -> io::Result<usize>;

    /// Sends a FIN. A connection that has ended stays as it is.
    fn shut_down_writing(&self);

    /// Makes the connection end with a RST when it is dropped.
    fn reset_when_dropped(&self);
}

impl Stream for TcpStream {
    fn readable(&self) -> Ready<'_> {
        Box::pin(self.readable())
    }

    fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.try_read(buffer)
    }

    fn writable(&self) -> Ready<'_> {
        Box::pin(self.writable())
    }

    fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        self.try_write(bytes)
    }

    fn shut_down_writing(&self) {
        // The only possible error is that the connection has ended, which its reader notices too.
        let _ = SockRef::from(self).shutdown(Shutdown::Write);
    }

    fn reset_when_dropped(&self) {
        let _ = SockRef::from(self).set_linger(Some(Duration::ZERO));
    }
}
