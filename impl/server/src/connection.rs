//! One connection, from its first byte to its goodbye.

use crate::goodbye;
use crate::hub::Hub;
use crate::link::State;
use crate::room::{ConnId, Departure, Standing};
use salotto_protocol::{LineDecoder, MAX_CLIENT_LINE};
use std::future::poll_fn;
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;
use tokio::time::{Instant, sleep, timeout};

/// No turn is longer than this many bytes, see [`Config::turn`](crate::Config::turn).
pub(crate) const MAX_TURN: usize = 64 * 1024;

/// How long a talkative member waits, at most, for those who cannot follow. A turn for each pause
/// is more than the 20 lines and 64 KiB a second that are promised to everybody (FLOW-6).
const PAUSE: Duration = Duration::from_millis(40);

/// The receiving side of a connection, and the task that serves it.
struct Connection {
    hub: Hub,
    id: ConnId,
    reader: OwnedReadHalf,
    decoder: LineDecoder,
}

/// Serves a connection until it has ended.
///
/// The future is what a silent member costs, so it is kept small: it holds the connection once,
/// and what is needed at the beginning and at the end only is boxed.
pub(crate) fn serve(stream: TcpStream, peer: SocketAddr, hub: Hub) -> impl Future<Output = ()> {
    let (reader, writer) = stream.into_split();
    let mut connection = Connection {
        id: hub.arrive(writer, peer),
        hub,
        reader,
        decoder: LineDecoder::new(MAX_CLIENT_LINE),
    };
    async move {
        let limit = connection.hub.config().naming_timeout;
        let naming = Box::pin(timeout(limit, connection.converse(Standing::Naming)));
        if naming.await.is_err() {
            connection.leave(Departure::NamingTimeout);
        }
        connection.converse(Standing::Member).await;
        let Connection {
            hub, id, reader, ..
        } = &mut connection;
        Box::pin(goodbye::say(hub, *id, reader)).await;
        connection.hub.remove(connection.id);
    }
}

impl Connection {
    /// Takes turns for as long as the connection has this standing.
    async fn converse(&mut self, standing: Standing) {
        let turn = self.hub.config().turn();
        let mut taken = 0;
        while self.hub.standing(self.id) == standing {
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
    /// The bytes live on the stack of this function. Lines are parts of them, and the room turns
    /// those into bytes for others before it returns; so a connection owns no buffer.
    fn poll_turn(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        let state = self.hub.attend(self.id, cx);
        if matches!(state, State::Closing | State::Cut) {
            return Poll::Ready(0);
        }
        let mut scratch = [MaybeUninit::uninit(); MAX_TURN];
        let mut bytes = ReadBuf::uninit(&mut scratch[..self.hub.config().turn()]);
        match Pin::new(&mut self.reader).poll_read(cx, &mut bytes) {
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
