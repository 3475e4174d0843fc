//! A port for each server process: below the ephemeral range, under a lock that other runs of the harness respect.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::RwLock;
use std::sync::atomic::{AtomicU16, Ordering};

use socket2::{Domain, Socket, Type};

/// Ports that systems do not hand out for outgoing connections.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

/// A port that no other scenario uses for as long as this value lives.
#[derive(Debug)]
pub struct Port {
    number: u16,
    /// Held for its lock; none for a port that the user has fixed.
    _lock: Option<File>,
}

impl Port {
    /// A free port.
    ///
    /// # Errors
    /// No port in the whole range is free, or the temporary folder cannot be written.
    pub fn reserve() -> io::Result<Self> {
        static NEXT: AtomicU16 = AtomicU16::new(0);
        let folder = std::env::temp_dir().join("salotto-ports");
        fs::create_dir_all(&folder)?;
        // Different processes begin at different places, so that they seldom meet.
        let begin = (std::process::id() as u16).wrapping_mul(97);
        for _ in 0..RANGE.len() {
            let step = begin.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
            let number = RANGE.start + step % RANGE.len() as u16;
            let lock = OpenOptions::new()
                .create(true)
                .append(true)
                .open(folder.join(number.to_string()))?;
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

    /// A port that the user has chosen.
    pub fn fixed(number: u16) -> Self {
        Self {
            number,
            _lock: None,
        }
    }

    /// Its number.
    pub fn number(&self) -> u16 {
        self.number
    }
}

/// Whether a server can listen on the port of the loopback address, even one that does not set SO_REUSEADDR: a port on
/// which an old connection has not expired yet is not free.
pub fn is_free(number: u16) -> bool {
    let bind = || {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, number)).into())
    };
    // Until a child has become the server, it holds a copy of every open socket, this one too.
    let _nobody_forks = FORKING.write();
    bind().is_ok()
}

/// Shared by those who start a process, and kept from all by who tries a port.
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
