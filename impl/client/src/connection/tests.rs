//! The thread with real sockets, and a front that is as slow as a test wants.

use super::*;
use crate::session::Failure;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);
const ID: ConnectionId = ConnectionId(1);

struct Front {
    network: Network,
    woken: Receiver<()>,
}

impl Front {
    fn new(limit: Duration) -> Self {
        let (wake, woken) = channel();
        let wake = move || {
            let _ = wake.send(());
        };
        let network = Network::start_with_limit(limit, wake).unwrap();
        Self { network, woken }
    }

    fn connect(&self, host: &str, port: u16) {
        let host = host.to_owned();
        self.network.perform(Action::Connect { id: ID, host, port });
    }

    fn send(&self, bytes: &[u8]) {
        let bytes = bytes.to_vec();
        self.network.perform(Action::Send { id: ID, bytes });
    }

    /// Every event wakes once.
    fn next(&mut self) -> Event {
        self.woken.recv_timeout(PATIENCE).unwrap();
        let (id, event) = self.network.poll_event().unwrap();
        assert_eq!(id, ID);
        event
    }
}

fn connected() -> (Front, TcpStream) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let mut front = Front::new(CONNECT_LIMIT);
    front.connect("127.0.0.1", listener.local_addr().unwrap().port());
    let (server, _) = listener.accept().unwrap();
    server.set_read_timeout(Some(PATIENCE)).unwrap();
    assert_eq!(front.next(), Event::Connected);
    (front, server)
}

#[test]
fn bytes_go_both_ways() {
    let (mut front, mut server) = connected();
    front.send(b"anna\n");
    let mut bytes = [0; 5];
    server.read_exact(&mut bytes).unwrap();
    assert_eq!(&bytes, b"anna\n");
    assert_eq!(front.next(), Event::Sent(5));
    server.write_all(b"* welcome").unwrap();
    assert_eq!(front.next(), Event::Received(b"* welcome".into()));
    drop(server);
    assert_eq!(front.next(), Event::Ended);
}

#[test]
fn what_was_sent_before_the_close_arrives() {
    let (front, mut server) = connected();
    front.send(b"<quit>\n");
    let mut bytes = [0; 7];
    server.read_exact(&mut bytes).unwrap();
    front.network.perform(Action::Close { id: ID });
    assert_eq!(server.read(&mut bytes).unwrap(), 0);
}

#[test]
fn goes_elsewhere_after_a_close() {
    let (mut front, _server) = connected();
    front.network.perform(Action::Close { id: ID });
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    front.connect("localhost", listener.local_addr().unwrap().port());
    assert_eq!(front.next(), Event::Connected);
}

#[test]
fn nobody_listens() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let mut front = Front::new(CONNECT_LIMIT);
    front.connect("127.0.0.1", port);
    assert_eq!(front.next(), Event::Failed(Failure::Refused));
}

#[test]
fn a_name_that_cannot_be_one() {
    let mut front = Front::new(PATIENCE);
    front.connect("no host has spaces", 1);
    assert_eq!(front.next(), Event::Failed(Failure::NoSuchHost));
}

/// A queue for one connection that is full: the system answers nobody else.
#[cfg(target_os = "linux")]
#[test]
fn no_answer_in_time() {
    use socket2::{Domain, Socket, Type};
    let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    let any = std::net::SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    listener.bind(&any.into()).unwrap();
    listener.listen(0).unwrap();
    let address = listener.local_addr().unwrap().as_socket().unwrap();
    let _first = TcpStream::connect(address).unwrap();
    let mut front = Front::new(Duration::from_millis(100));
    front.connect("127.0.0.1", address.port());
    assert_eq!(front.next(), Event::Failed(Failure::TimedOut));
}

#[test]
fn a_flood_waits_in_the_socket_for_a_front_that_is_behind() {
    const FLOOD: usize = 64 * 1024 * 1024;
    let (mut front, mut server) = connected();
    let piece: Vec<u8> = (0..FLOOD).map(|n| (n / 7) as u8).collect();
    // Nobody takes an event: the queue fills, then the buffers of the system, and then the server stands still.
    server
        .set_write_timeout(Some(Duration::from_millis(500)))
        .unwrap();
    let mut sent = 0;
    while let Ok(count) = server.write(&piece[sent..]) {
        sent += count;
        assert!(sent < FLOOD, "everything was read, and nobody wanted it");
    }
    assert_eq!(front.network.events.len(), MAX_EVENTS);
    let mut received = Vec::new();
    while received.len() < sent {
        match front.next() {
            Event::Received(bytes) => received.extend(bytes),
            event => panic!("{event:?}"),
        }
    }
    assert!(received == piece[..sent]);
}

#[test]
fn ends_in_the_middle_of_a_flood() {
    let (front, mut server) = connected();
    let flood = std::thread::spawn(move || {
        let piece = [b'x'; 64 * 1024];
        while server.write_all(&piece).is_ok() {}
    });
    // A queue that fills for a moment, and nobody who takes anything.
    front.woken.recv_timeout(PATIENCE).unwrap();
    drop(front);
    flood.join().unwrap();
}
