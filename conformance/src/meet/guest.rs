//! One connection of the visit.

use std::net::SocketAddr;
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::dialect::Framing;

/// How long an answer may take to begin, and how long it may pause.
const TO_BEGIN: Duration = Duration::from_millis(350);
const PAUSE: Duration = Duration::from_millis(60);
/// More than this is no answer.
const MOST: usize = 64 * 1024;

/// A connection, and the nickname that it asks for.
pub(super) struct Guest {
    stream: TcpStream,
    pub(super) name: &'static str,
    framing: Framing,
    pub(super) has_ended: bool,
}

impl Guest {
    pub(super) async fn connect(
        address: SocketAddr,
        name: &'static str,
        framing: Framing,
    ) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            name,
            framing,
            has_ended: false,
        })
    }

    /// Sends a message. A server that does not take it is one that says nothing to it.
    pub(super) async fn say(&mut self, text: &str) {
        let bytes = self.framing.enclose(text.as_bytes());
        self.send(&bytes).await;
    }

    pub(super) async fn send(&mut self, bytes: &[u8]) {
        let _ = timeout(TO_BEGIN, self.stream.write_all(bytes)).await;
    }

    /// What comes until the server pauses.
    pub(super) async fn hear(&mut self) -> Vec<u8> {
        let (mut heard, mut buffer) = (Vec::new(), vec![0; 4096]);
        let mut limit = TO_BEGIN;
        while heard.len() < MOST {
            match timeout(limit, self.stream.read(&mut buffer)).await {
                Err(_) => break,
                Ok(Ok(length @ 1..)) => heard.extend_from_slice(&buffer[..length]),
                Ok(_) => {
                    self.has_ended = true;
                    break;
                }
            }
            limit = PAUSE;
        }
        heard
    }

    /// Ends its side without a word.
    pub(super) async fn close(mut self) {
        let _ = self.stream.shutdown().await;
    }

    pub(super) fn reset(self) {
        let _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
    }
}
