//! One connection, from its first byte to its goodbye.

use crate::goodbye;
use crate::hub::Hub;
use crate::link::{Link, State};
use salotto_protocol::{LineDecoder, MAX_CLIENT_LINE};
use salotto_room::{ConnId, Departure, Status};
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::ReadBuf;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

/// How long a talkative member waits, at most, for those who cannot follow. A turn for each pause
/// is more than the 20 lines and 64 KiB a second that are promised to everybody (FLOW-6).
const PAUSE: Duration = Duration::from_millis(40);

/// What the task of a connection needs; the socket is with its link.
struct Connection {
    hub: Hub,
    id: ConnId,
    decoder: LineDecoder,
}

/// Serves a connection until it has ended.
///
/// The future is what a silent member costs, so it is kept small: it holds the connection once,
/// and what is needed at the end only is boxed.
pub(crate) fn serve(stream: TcpStream, peer: SocketAddr, hub: Hub) -> impl Future<Output = ()> {
    let mut connection = Connection {
        id: hub.arrive(stream, peer),
        hub,
        decoder: LineDecoder::new(MAX_CLIENT_LINE),
    };
    async move {
        connection.converse().await;
        Box::pin(goodbye::say(&connection.hub, connection.id)).await;
        connection.hub.remove(connection.id);
    }
}

impl Connection {
    /// Takes turns until the room is done with this connection.
    async fn converse(&mut self) {
        let turn = self.hub.config().turn();
        let mut taken = 0;
        while self.hub.status(self.id) != Status::Absent {
            let bytes = poll_fn(|cx| self.poll_turn(cx)).await;
            taken += bytes;
            if taken >= turn {
                taken = 0;
                if self.hub.is_congested() {
                    Box::pin(self.pause()).await;
                }
            }
            if bytes == turn {
                tokio::task::yield_now().await;
            }
        }
    }

    /// One turn: whatever the socket has, and not more than its turn. Says how many there were.
    ///
    /// The bytes live in a buffer that all connections share. Lines are parts of them, and the room
    /// turns those into bytes for others before it returns; so a connection owns no buffer.
    fn poll_turn(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        let state = self.hub.attend(self.id, cx);
        if matches!(state, State::Closing | State::Cut) {
            return Poll::Ready(0);
        }
        let mut scratch = self.hub.scratch();
        let mut bytes = ReadBuf::new(&mut scratch);
        let read = |link: &mut Link| link.poll_read(cx, &mut bytes);
        match self.hub.with_link(self.id, read) {
            Poll::Ready(Ok(())) if bytes.filled().is_empty() => {
                self.leave(Departure::Ended);
            }
            Poll::Ready(Ok(())) => {
                let (id, decoder) = (self.id, &mut self.decoder);
                self.hub.receive(id, decoder, bytes.filled());
            }
            Poll::Pending if state == State::Open => return Poll::Pending,
            // The end of a dead connection: what had arrived before it died has been read.
            Poll::Pending | Poll::Ready(Err(_)) => self.leave(Departure::Lost),
        }
        Poll::Ready(bytes.filled().len())
    }

    fn leave(&self, how: Departure) {
        self.hub.leave(self.id, how);
    }

    /// Reads nothing for a while, but goes on writing (FLOW-5).
    async fn pause(&self) {
        let until = Instant::now() + PAUSE;
        while self.hub.is_congested() && Instant::now() < until {
            let mut moment = pin!(sleep(Duration::from_millis(1)));
            poll_fn(|cx| {
                self.hub.attend(self.id, cx);
                moment.as_mut().poll(cx)
            })
            .await;
        }
    }
}
