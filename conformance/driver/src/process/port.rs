//! Ports for server processes: below the ephemeral range, each under a lock that other runs of the suite respect.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::RwLock;
use std::sync::atomic::{AtomicU16, Ordering};

use nix::unistd::Uid;
use socket2::{Domain, Socket, Type};

/// Ports that systems do not assign to outgoing connections.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

/// A port that no other scenario uses while this value lives.
#[derive(Debug)]
pub struct Port {
    number: u16,
    /// Keeps the lock. A port that the user has fixed has none.
    _lock: Option<File>,
}

impl Port {
    /// Reserves a free port.
    ///
    /// # Errors
    /// No port in the range is free, or the temporary folder is not writable.
    pub fn reserve() -> io::Result<Self> {
        static NEXT: AtomicU16 = AtomicU16::new(0);
        // A folder for each user: on a shared machine nobody can write into another user's.
        let folder = std::env::temp_dir().join(format!("salotto-ports-{}", Uid::effective()));
        let in_folder = |error: io::Error| {
            io::Error::new(error.kind(), format!("{}: {error}", folder.display()))
        };
        fs::create_dir_all(&folder).map_err(in_folder)?;
        // Different processes begin at different ports, so that they rarely compete.
        let begin = (std::process::id() as u16).wrapping_mul(97);
        for _ in 0..RANGE.len() {
            let step = begin.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
            let number = RANGE.start + step % RANGE.len() as u16;
            let lock = OpenOptions::new()
                .create(true)
                .append(true)
                .open(folder.join(number.to_string()))
                .map_err(in_folder)?;
            if lock.try_lock().is_ok() && is_free(number) {
                return Ok(Self {
                    number,
                    _lock: Some(lock),
                });
            }
        }
        Err(io::Error::new(
            io::ErrorKind::AddrInUse,
            format!("no port from {} to {} is free", RANGE.start, RANGE.end - 1),
        ))
    }

    /// A port that the user has fixed.
    pub fn fixed(number: u16) -> Self {
        Self {
            number,
            _lock: None,
        }
    }

    /// The port number.
    pub fn number(&self) -> u16 {
        self.number
    }
}

/// Whether a server can listen on the port of the loopback address, even without SO_REUSEADDR. A port on which an old
/// connection has not expired is not free.
pub fn is_free(number: u16) -> bool {
    let bind = || {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, number)).into())
    };
    // A forked child holds a copy of every open socket, including this one, until it executes the server.
    let _no_fork = FORKING.write();
    bind().is_ok()
}

/// Read-locked while a process is started, and write-locked while a port is tried.
pub(super) static FORKING: RwLock<()> = RwLock::new(());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_reserved_once() {
        let ports: Vec<_> = (0..20).map(|_| Port::reserve().unwrap()).collect();
        let mut numbers: Vec<_> = ports.iter().map(Port::number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 20);
    }
}
