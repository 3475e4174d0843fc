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
    /// No port in the range is free, the temporary folder is not writable, or this process has too many open files.
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
            if lock.try_lock().is_ok() && is_free(number)? {
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
///
/// # Errors
/// This process has too many open files.
pub fn is_free(number: u16) -> io::Result<bool> {
    bind(number, false)
}

/// Whether another process listens on the port of the loopback address.
///
/// # Errors
/// As for [`is_free`].
pub fn is_in_use(number: u16) -> io::Result<bool> {
    // With SO_REUSEADDR, connections that have not expired are no obstacle, and listeners are.
    Ok(!bind(number, true)?)
}

/// Whether the process holds a socket that listens on the port. True on systems other than Linux, where it is not known.
#[cfg(target_os = "linux")]
pub(super) fn is_held_by(number: u16, process: i32) -> bool {
    use procfs::net::TcpState;
    use procfs::process::FDTarget;
    let tables = [procfs::net::tcp(), procfs::net::tcp6()];
    let entries = tables.into_iter().flatten().flatten();
    let listening =
        entries.filter(|it| it.state == TcpState::Listen && it.local_address.port() == number);
    let inodes: Vec<_> = listening.map(|entry| entry.inode).collect();
    let files = procfs::process::Process::new(process).and_then(|process| process.fd());
    let Ok(files) = files else { return true };
    files
        .flatten()
        .any(|file| matches!(file.target, FDTarget::Socket(inode) if inodes.contains(&inode)))
}

/// Whether the process holds a socket that listens on the port. True on systems other than Linux, where it is not known.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_held_by(_number: u16, _process: i32) -> bool {
    true
}

fn bind(number: u16, reuse: bool) -> io::Result<bool> {
    // A forked child holds a copy of every open socket, including this one, until it executes the server.
    let _no_fork = FORKING.write();
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_address(reuse)?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, number));
    Ok(socket.bind(&address.into()).is_ok())
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
