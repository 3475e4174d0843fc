//! The end of a connection.

use crate::hub::Hub;
use crate::outbound::State;
use salotto_room::ConnId;
use std::future::poll_fn;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::ReadBuf;
use tokio::time::timeout;

/// How long a client has to read what is queued for it, with `<quit>` as the last line.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// The same at shutdown, which must take less than 5 s (STOP-1).
const DRAIN_TIMEOUT_AT_SHUTDOWN: Duration = Duration::from_secs(2);

/// How long to wait for the client to end its side of the connection (LEAVE-7).
const LINGER_TIMEOUT: Duration = Duration::from_secs(2);

/// How many bytes to discard while waiting (LEAVE-7).
const MAX_DISCARDED: usize = 1024 * 1024;

/// Ends a connection that has left the room (LEAVE-3, LEAVE-7). The socket can be closed when this returns.
///
/// In an orderly departure the client receives what is queued for it (LEAVE-5), and then the end of the stream. Whatever it still
/// sends is read and discarded: closing a socket with unread bytes resets the connection, and a reset can destroy the last line
/// before the client has read it.
pub(crate) async fn finish(hub: &Hub, id: ConnId) {
    let mut incoming = Incoming {
        hub,
        id,
        discarded: 0,
        ended: false,
    };
    let drain_timeout = if hub.is_shutting_down() {
        DRAIN_TIMEOUT_AT_SHUTDOWN
    } else {
        DRAIN_TIMEOUT
    };
    let drained = timeout(
        drain_timeout,
        poll_fn(|cx| {
            // A client that is blocked in sending does not read.
            let _ = incoming.poll_discard(cx);
            match hub.drive(id, cx) {
                State::Aborted => Poll::Ready(()),
                _ => hub.poll_drain(id, cx),
            }
        }),
    );
    if drained.await.is_err() {
        return hub.with_outbound(id, |outbound| outbound.abort());
    }
    if incoming.ended {
        return;
    }
    let shutdown = poll_fn(|cx| hub.with_outbound(id, |outbound| outbound.poll_shutdown(cx)));
    if shutdown.await.is_ok() {
        // The socket is closed now, even if the client has not ended its side.
        let _ = timeout(LINGER_TIMEOUT, poll_fn(|cx| incoming.poll_discard(cx))).await;
    }
}

/// What a client sends after it has left the room.
struct Incoming<'a> {
    hub: &'a Hub,
    id: ConnId,
    discarded: usize,
    ended: bool,
}

impl Incoming<'_> {
    /// Reads and discards. Ready at the end of the stream, or when enough has been discarded.
    fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while !self.ended && self.discarded <= MAX_DISCARDED {
            let mut buffer = self.hub.read_buffer();
            let mut bytes = ReadBuf::new(&mut buffer);
            // A connection with an error has ended, too.
            let _ = ready!(
                self.hub
                    .with_outbound(self.id, |outbound| outbound.poll_read(cx, &mut bytes))
            );
            self.discarded += bytes.filled().len();
            self.ended = bytes.filled().is_empty();
        }
        Poll::Ready(())
    }
}
