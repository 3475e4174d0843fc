//! The end of a connection.

use crate::hub::Hub;
use crate::link::{Link, State};
use salotto_room::ConnId;
use std::future::poll_fn;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::ReadBuf;
use tokio::time::timeout;

/// How long a client has to take what it is owed, `<quit>` last.
const TO_DRAIN: Duration = Duration::from_secs(10);

/// The same when the server shuts down, which has to be over in 5 s (STOP-1).
const TO_DRAIN_AT_SHUTDOWN: Duration = Duration::from_secs(2);

/// How long to wait for the client's end of the stream (LEAVE-7).
const TO_LINGER: Duration = Duration::from_secs(2);

/// How many bytes to discard meanwhile (LEAVE-7).
const MAX_DISCARDED: usize = 1024 * 1024;

/// Ends a connection that the room is done with (LEAVE-3, LEAVE-7). Ready when its socket may be closed.
///
/// In an orderly end the client gets what it is owed (LEAVE-5), then the end of the stream. Whatever it
/// still sends is read, since closing a socket with unread bytes resets the connection, and a
/// reset can destroy the last line before the client has read it.
pub(crate) async fn say(hub: &Hub, who: ConnId) {
    let mut rest = Rest { hub, who, bytes: 0 };
    let to_drain = if hub.is_closing() {
        TO_DRAIN_AT_SHUTDOWN
    } else {
        TO_DRAIN
    };
    let drained = timeout(
        to_drain,
        poll_fn(|cx| {
            // A client that is stuck in sending to us does not read either.
            let _ = rest.poll_discard(cx);
            match hub.attend(who, cx) {
                State::Cut => Poll::Ready(()),
                _ => hub.poll_drain(who, cx),
            }
        }),
    );
    if drained.await.is_err() {
        return hub.with_link(who, |link| link.cut());
    }
    if rest.has_ended() {
        return; // nothing more comes from the client, and closing the socket does the rest
    }
    let shut = poll_fn(|cx| hub.with_link(who, |link| link.poll_shutdown(cx)));
    if shut.await.is_ok() {
        // Either way the socket is closed now.
        let _ = timeout(TO_LINGER, poll_fn(|cx| rest.poll_discard(cx))).await;
    }
}

/// What a client sends after its goodbye.
struct Rest<'a> {
    hub: &'a Hub,
    who: ConnId,
    bytes: usize,
}

impl Rest<'_> {
    /// Reads and forgets. Ready at the end of the stream, or when enough has come.
    fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while !self.has_ended() && self.bytes <= MAX_DISCARDED {
            let mut scratch = self.hub.scratch();
            let mut buffer = ReadBuf::new(&mut scratch);
            let read = |link: &mut Link| link.poll_read(cx, &mut buffer);
            // An error is an end, too.
            let _ = ready!(self.hub.with_link(self.who, read));
            self.bytes += buffer.filled().len();
        }
        Poll::Ready(())
    }

    fn has_ended(&self) -> bool {
        self.hub.with_link(self.who, |link| link.has_ended())
    }
}
