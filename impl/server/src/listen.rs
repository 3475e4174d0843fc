//! Where the server can be reached.

use socket2::SockRef;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use tokio::net::{TcpListener, TcpSocket};

/// How many connections may wait to be accepted. The system may have a lower limit of its own.
const ACCEPT_BACKLOG: u32 = 4096;

/// Why a server cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The host has no address.
    #[error("no address is known for the host {host}: {source}")]
    UnknownHost {
        /// The host as it was given.
        host: String,
        /// What the system said.
        source: io::Error,
    },
    /// The port is taken.
    #[error("another program listens on {address}: stop it, or choose another port")]
    InUse {
        /// Where the server should have listened.
        address: SocketAddr,
    },
    /// The port is reserved.
    #[error("you are not allowed to listen on {address}: choose a port above 1023")]
    Denied {
        /// Where the server should have listened.
        address: SocketAddr,
    },
    /// The address belongs to another machine.
    #[error("{} is not an address of this machine: choose one that is, or 0.0.0.0 for all of them", address.ip())]
    NotHere {
        /// Where the server should have listened.
        address: SocketAddr,
    },
    /// Anything else.
    #[error("cannot listen on {address}: {source}")]
    Other {
        /// Where the server should have listened.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

/// Listens on every address of every one of `hosts`, all on the same port; port 0 is any free one.
///
/// A name like `localhost` has several addresses, of IPv4 and of IPv6. One of them that this
/// machine does not have is left out, with a warning in the log, as long as there is another.
/// `0.0.0.0` is every IPv4 address and `::` every IPv6 address, on all systems.
///
/// The port can be used again right after the server has ended (STOP-4).
///
/// # Errors
/// [`ListenError`] for the first host that has no usable address, or has one that is taken. Needs
/// the context of a tokio runtime. Blocks while names are looked up: it is for the beginning of a
/// program.
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
        for mut address in (host, port).to_socket_addrs().map_err(unknown)? {
            address.set_port(port);
            if bound.contains(&address) {
                usable = true;
                continue; // two names for it, or one that is listed twice
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
            tracing::warn!("{host} is listened on by its other addresses only: {error}");
        }
    }
    Ok(listeners)
}

/// Listens on one address; port 0 is any free one.
///
/// # Errors
/// [`ListenError`]. Needs the context of a tokio runtime.
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
            // The systems' defaults differ, and some of them make `::` take 0.0.0.0, too.
            SockRef::from(&socket).set_only_v6(true)?;
            socket
        }
    };
    // Elsewhere the option would let two servers have the same port at the same time.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(ACCEPT_BACKLOG)
}
