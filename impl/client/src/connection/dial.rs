//! Opens connections.

use crate::session::Failure;
use socket2::{SockRef, TcpKeepalive};
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

/// The idle time before the first keepalive probe.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// The time between keepalive probes.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(10);

/// Connects to the first address of `host` that answers within `limit`. Every address gets an equal share of the time, so
/// that an address that never answers does not use up all of it.
pub(super) async fn dial(host: &str, port: u16, limit: Duration) -> Result<TcpStream, Failure> {
    timeout(limit, async {
        let addresses: Vec<SocketAddr> = lookup_host((without_brackets(host), port))
            .await
            .map_err(|_| Failure::NoSuchHost)?
            .collect();
        let share = limit / u32::try_from(addresses.len()).unwrap_or(u32::MAX).max(1);
        let mut failure = Failure::NoSuchHost;
        for address in addresses {
            match timeout(share, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return prepare(stream).map_err(|error| failure_of(&error)),
                Ok(Err(error)) => failure = failure_of(&error),
                Err(_) => failure = Failure::TimedOut,
            }
        }
        Err(failure)
    })
    .await
    .unwrap_or(Err(Failure::TimedOut))
}

/// An IPv6 address as it is written in front of a port, `[::1]`, without its brackets.
fn without_brackets(host: &str) -> &str {
    let inner = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    inner.unwrap_or(host)
}

/// Disables Nagle's algorithm, because messages are short, and enables keepalive to notice a server that has vanished.
fn prepare(stream: TcpStream) -> io::Result<TcpStream> {
    stream.set_nodelay(true)?;
    let keepalive = TcpKeepalive::new()
        .with_time(KEEPALIVE)
        .with_interval(KEEPALIVE_INTERVAL);
    SockRef::from(&stream).set_tcp_keepalive(&keepalive)?;
    Ok(stream)
}

/// Classifies an error of the operating system.
pub(super) fn failure_of(error: &io::Error) -> Failure {
    match error.kind() {
        ErrorKind::ConnectionRefused => Failure::Refused,
        ErrorKind::TimedOut => Failure::TimedOut,
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            Failure::NoRoute
        }
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            Failure::Reset
        }
        kind => Failure::Other(kind),
    }
}
