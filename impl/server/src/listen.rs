//! Opens the listening sockets.

use socket2::SockRef;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use tokio::net::{TcpListener, TcpSocket};

/// How many connections may wait to be accepted. The system may have a lower limit.
const LISTEN_BACKLOG: u32 = 4096;

/// Why a server cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The host name has no address.
    #[error("no address is known for the host {host}: {source}")]
    UnknownHost {
        /// The host name or address that was asked for.
        host: String,
        /// The error of the system.
        source: io::Error,
    },
    /// The port is in use.
    #[error("another program listens on {address}: stop it, or choose another port")]
    InUse {
        /// The address that was asked for.
        address: SocketAddr,
    },
    /// The port is reserved for privileged programs.
    #[error("you are not allowed to listen on {address}: choose a port above 1023")]
    Denied {
        /// The address that was asked for.
        address: SocketAddr,
    },
    /// The address does not belong to this machine.
    #[error("{} is not an address of this machine: choose one that is, or 0.0.0.0 for all of them", address.ip())]
    NotHere {
        /// The address that was asked for.
        address: SocketAddr,
    },
    /// Anything else.
    #[error("cannot listen on {address}: {source}")]
    Other {
        /// The address that was asked for.
        address: SocketAddr,
        /// The error of the system.
        source: io::Error,
    },
}

/// Listens on every address of every host, on the same port. Port 0 stands for any free port.
///
/// A host name like `localhost` can have several addresses, IPv4 and IPv6. An address that this machine does not have is skipped, with
/// a warning in the log, if the host has another one. `0.0.0.0` stands for every IPv4 address and `::` for every IPv6 address, on
/// all systems.
///
/// The port can be used again as soon as the server has ended (STOP-4).
///
/// # Errors
/// [`ListenError`] for the first host that has no usable address, or has an address whose port is in use or reserved.
///
/// # Panics
/// Outside of a tokio runtime. Blocks while host names are looked up, so call this at the start of a program.
pub fn listen(hosts: &[impl AsRef<str>], mut port: u16) -> Result<Vec<TcpListener>, ListenError> {
    let mut listeners = Vec::new();
    let mut bound = Vec::new();
    for host in hosts.iter().map(AsRef::as_ref) {
        let unknown = |source| ListenError::UnknownHost {
            host: host.to_owned(),
            source,
        };
        let mut usable = false;
        let mut absent = Vec::new();
        for mut address in (without_brackets(host), port)
            .to_socket_addrs()
            .map_err(unknown)?
        {
            address.set_port(port);
            if bound.contains(&address) {
                usable = true;
                continue; // two names of one address, or an address listed twice
            }
            match listen_on(address) {
                Ok(listener) => {
                    if let Ok(local) = listener.local_addr() {
                        port = local.port();
                    }
                    address.set_port(port);
                    bound.push(address);
                    listeners.push(listener);
                    usable = true;
                }
                Err(error @ (ListenError::InUse { .. } | ListenError::Denied { .. })) => {
                    return Err(error);
                }
                Err(error) => absent.push(error),
            }
        }
        if !usable {
            let first = absent.into_iter().next();
            return Err(first.unwrap_or_else(|| unknown(io::ErrorKind::NotFound.into())));
        }
        for error in absent {
            tracing::warn!("skipping an address of {host}: {error}");
        }
    }
    Ok(listeners)
}

/// An IPv6 address as it is written in front of a port, `[::1]`, without its brackets.
fn without_brackets(host: &str) -> &str {
    let inner = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    inner.unwrap_or(host)
}

/// Listens on one address. Port 0 stands for any free port.
///
/// # Errors
/// [`ListenError`] if the address cannot be used.
///
/// # Panics
/// Outside of a tokio runtime.
pub fn listen_on(address: SocketAddr) -> Result<TcpListener, ListenError> {
    try_bind(address).map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => ListenError::InUse { address },
        io::ErrorKind::PermissionDenied => ListenError::Denied { address },
        io::ErrorKind::AddrNotAvailable => ListenError::NotHere { address },
        _ => ListenError::Other { address, source },
    })
}

fn try_bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => {
            let socket = TcpSocket::new_v6()?;
            // The default depends on the system, and on some `::` includes 0.0.0.0.
            SockRef::from(&socket).set_only_v6(true)?;
            socket
        }
    };
    // On other systems this option would let two servers use the port at the same time.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(LISTEN_BACKLOG)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_have_brackets() {
        assert_eq!(without_brackets("[::1]"), "::1");
        assert_eq!(without_brackets("::1"), "::1");
        assert_eq!(without_brackets("[::1"), "[::1");
    }

    #[tokio::test]
    async fn brackets_are_taken_off() {
        let listeners = listen(&["[127.0.0.1]"], 0).unwrap();
        assert_eq!(listeners.len(), 1);
    }
}
