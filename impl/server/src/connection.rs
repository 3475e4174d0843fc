//! The task of one connection.

use crate::goodbye;
use crate::hub::Hub;
use crate::outbound::State;
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

/// The longest pause of a busy member in favour of slower ones. Even with a pause after each turn, the server takes more than the
/// 20 lines and 64 KiB a second of FLOW-6.
const MAX_PAUSE: Duration = Duration::from_millis(40);

/// The receiving side of a connection. The hub owns the socket.
struct Connection {
    hub: Hub,
    id: ConnId,
    decoder: LineDecoder,
}

/// Serves a connection until it has ended.
///
/// The size of this future is most of what a silent member costs. So it holds the connection only once, and what is needed only at
/// the end is boxed.
pub(crate) fn serve(stream: TcpStream, peer: SocketAddr, hub: Hub) -> impl Future<Output = ()> {
    let mut connection = Connection {
        id: hub.arrive(stream, peer),
        hub,
        decoder: LineDecoder::new(MAX_CLIENT_LINE),
    };
    async move {
        connection.run().await;
        Box::pin(goodbye::finish(&connection.hub, connection.id)).await;
        connection.hub.remove(connection.id);
    }
}

impl Connection {
    /// Takes turns until the connection has left the room.
    async fn run(&mut self) {
        let turn = self.hub.config().turn();
        let mut since_check = 0;
        while self.hub.status(self.id) != Status::Absent {
            let bytes = poll_fn(|cx| self.poll_turn(cx)).await;
            since_check += bytes;
            if since_check >= turn {
                since_check = 0;
                if self.hub.is_congested() {
                    Box::pin(self.pause()).await;
                }
            }
            if bytes == turn {
                tokio::task::yield_now().await;
            }
        }
    }

    /// Takes one turn: reads what the socket has, at most [`Config::turn`](crate::Config::turn), and processes the lines. Returns the
    /// number of bytes read.
    ///
    /// The bytes are in a buffer that all connections share. Lines are slices of it, and the room has encoded them for others before
    /// it returns, so a connection needs no buffer of its own.
    fn poll_turn(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        let state = self.hub.drive(self.id, cx);
        if matches!(state, State::Closing | State::Aborted) {
            return Poll::Ready(0);
        }
        let mut buffer = self.hub.read_buffer();
        let mut bytes = ReadBuf::new(&mut buffer);
        let read = self
            .hub
            .with_outbound(self.id, |outbound| outbound.poll_read(cx, &mut bytes));
        let bytes = bytes.filled();
        match read {
            Poll::Ready(Ok(())) if bytes.is_empty() => self.hub.leave(self.id, Departure::Ended),
            Poll::Ready(Ok(())) => self.hub.receive(self.id, &mut self.decoder, bytes),
            Poll::Pending if state == State::Open => return Poll::Pending,
            // The connection is broken, and everything that had arrived before has been read.
            Poll::Pending | Poll::Ready(Err(_)) => self.hub.leave(self.id, Departure::Lost),
        }
        Poll::Ready(bytes.len())
    }

    /// Reads nothing for a while, but goes on writing (FLOW-5).
    async fn pause(&self) {
        let end = Instant::now() + MAX_PAUSE;
        while self.hub.is_congested() && Instant::now() < end {
            let mut moment = pin!(sleep(Duration::from_millis(1)));
            poll_fn(|cx| {
                self.hub.drive(self.id, cx);
                moment.as_mut().poll(cx)
            })
            .await;
        }
    }
}
