//! Whether the other end of a connection on this machine has read everything, as the operating system knows it.

use std::net::SocketAddr;

/// Whether the program at the other end of a connection on this machine has read everything that was sent. `None` if that cannot be
/// known: on another system than Linux, or when the other end is no longer there.
#[cfg(target_os = "linux")]
pub(super) fn has_read(ours: SocketAddr, theirs: SocketAddr) -> Option<bool> {
    let (_, unacknowledged) = linux::queues(ours, theirs)?;
    let (unread, _) = linux::queues(theirs, ours)?;
    Some(unread == 0 && unacknowledged == 0)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn has_read(_ours: SocketAddr, _theirs: SocketAddr) -> Option<bool> {
    None
}

#[cfg(target_os = "linux")]
mod linux {
    use std::net::{IpAddr, SocketAddr};
    use std::os::fd::AsRawFd;

    use nix::sys::socket::{
        AddressFamily, MsgFlags, SockFlag, SockProtocol, SockType, recv, send, socket,
    };

    /// `SOCK_DIAG_BY_FAMILY` of sock_diag(7).
    const BY_FAMILY: u16 = 20;
    const HEADER: usize = 16;
    const QUEUES: usize = HEADER + 56;

    /// The bytes that wait in the receive queue and in the send queue of a socket, which is named by its address and that of
    /// its other end.
    pub(super) fn queues(address: SocketAddr, other: SocketAddr) -> Option<(u32, u32)> {
        let kernel = socket(
            AddressFamily::Netlink,
            SockType::Datagram,
            SockFlag::SOCK_CLOEXEC,
            SockProtocol::NetlinkSockDiag,
        )
        .ok()?;
        send(
            kernel.as_raw_fd(),
            &request(address, other),
            MsgFlags::empty(),
        )
        .ok()?;
        let mut answer = [0; 1024];
        let length = recv(kernel.as_raw_fd(), &mut answer, MsgFlags::empty()).ok()?;
        let answer = &answer[..length];
        let kind = u16::from_ne_bytes(answer.get(4..6)?.try_into().ok()?);
        let number = |at: usize| -> Option<u32> {
            Some(u32::from_ne_bytes(answer.get(at..at + 4)?.try_into().ok()?))
        };
        if kind != BY_FAMILY {
            return None;
        }
        Some((number(QUEUES)?, number(QUEUES + 4)?))
    }

    /// A `nlmsghdr` and an `inet_diag_req_v2`.
    fn request(address: SocketAddr, other: SocketAddr) -> Vec<u8> {
        const REQUEST: u16 = 1;
        const TCP: u8 = 6;
        const LENGTH: u32 = 72;
        let family = if address.is_ipv4() { 2 } else { 10 };
        let mut bytes = Vec::new();
        bytes.extend(LENGTH.to_ne_bytes());
        bytes.extend(BY_FAMILY.to_ne_bytes());
        bytes.extend(REQUEST.to_ne_bytes());
        bytes.extend([0; 8]);
        bytes.extend([family, TCP, 0, 0]);
        bytes.extend(u32::MAX.to_ne_bytes());
        bytes.extend(address.port().to_be_bytes());
        bytes.extend(other.port().to_be_bytes());
        for end in [address, other] {
            let start = bytes.len();
            match end.ip() {
                IpAddr::V4(ip) => bytes.extend(ip.octets()),
                IpAddr::V6(ip) => bytes.extend(ip.octets()),
            }
            bytes.resize(start + 16, 0);
        }
        // Any interface, and no cookie.
        bytes.extend([0; 4]);
        bytes.extend([0xFF; 8]);
        bytes
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};

    #[test]
    fn knows_what_has_not_been_read() {
        for host in ["127.0.0.1", "::1"] {
            let Ok(listener) = TcpListener::bind((host, 0)) else {
                continue; // This machine has no IPv6.
            };
            let mut ours = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let (mut theirs, _) = listener.accept().unwrap();
            let ends = (ours.local_addr().unwrap(), ours.peer_addr().unwrap());
            assert_eq!(has_read(ends.0, ends.1), Some(true));
            ours.write_all(b"ciao").unwrap();
            assert_eq!(has_read(ends.0, ends.1), Some(false));
            theirs.read_exact(&mut [0; 4]).unwrap();
            assert_eq!(has_read(ends.0, ends.1), Some(true));
        }
    }
}
