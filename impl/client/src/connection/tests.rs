//! The network thread with real sockets, and a front end as slow as a test needs it.

use super::*;
use crate::session::Failure;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

/// The time limit of every wait.
const LIMIT: Duration = Duration::from_secs(60);
const ID: ConnectionId = ConnectionId(1);

struct FrontEnd {
    network: Network,
    wakes: Receiver<()>,
}

impl FrontEnd {
    fn new(limit: Duration) -> Self {
        let (wake, wakes) = channel();
        let wake = move || {
            let _ = wake.send(());
        };
        let network = Network::start_with_limit(limit, wake).unwrap();
        Self { network, wakes }
    }

    fn connect(&self, host: &str, port: u16) {
        let host = host.to_owned();
        self.network.perform(Action::Connect { id: ID, host, port });
    }

    fn send(&self, bytes: &[u8]) {
        let bytes = bytes.to_vec();
        self.network.perform(Action::Send { id: ID, bytes });
    }

    /// Waits for an event. Each one wakes the front end once.
    fn next(&mut self) -> Event {
        self.wakes.recv_timeout(LIMIT).unwrap();
        let (id, event) = self.network.poll_event().unwrap();
        assert_eq!(id, ID);
        event
    }
}

fn connected() -> (FrontEnd, TcpStream) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let mut front = FrontEnd::new(CONNECT_LIMIT);
    front.connect("127.0.0.1", listener.local_addr().unwrap().port());
    let (server, _) = listener.accept().unwrap();
    server.set_read_timeout(Some(LIMIT)).unwrap();
    assert_eq!(front.next(), Event::Connected);
    (front, server)
}

#[test]
fn bytes_travel_both_ways() {
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
fn bytes_sent_before_a_close_arrive() {
    let (front, mut server) = connected();
    front.send(b"<quit>\n");
    let mut bytes = [0; 7];
    server.read_exact(&mut bytes).unwrap();
    front.network.perform(Action::Close { id: ID });
    assert_eq!(server.read(&mut bytes).unwrap(), 0);
}

#[test]
fn connects_again_after_a_close() {
    let (mut front, _server) = connected();
    front.network.perform(Action::Close { id: ID });
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    front.connect("localhost", listener.local_addr().unwrap().port());
    assert_eq!(front.next(), Event::Connected);
}

#[test]
fn nothing_listens_on_the_port() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let mut front = FrontEnd::new(CONNECT_LIMIT);
    front.connect("127.0.0.1", port);
    assert_eq!(front.next(), Event::Failed(Failure::Refused));
}

#[test]
fn an_address_may_have_brackets() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let mut front = FrontEnd::new(LIMIT);
    front.connect("[127.0.0.1]", listener.local_addr().unwrap().port());
    assert_eq!(front.next(), Event::Connected);
}

#[test]
fn an_invalid_host_name() {
    let mut front = FrontEnd::new(LIMIT);
    front.connect("no host has spaces", 1);
    assert_eq!(front.next(), Event::Failed(Failure::NoSuchHost));
}

/// The backlog of the listener is full, so the operating system answers no further connection.
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
    let mut front = FrontEnd::new(Duration::from_millis(100));
    front.connect("127.0.0.1", address.port());
    assert_eq!(front.next(), Event::Failed(Failure::TimedOut));
}

#[test]
fn a_slow_front_end_makes_a_flood_wait_in_the_socket() {
    const FLOOD: usize = 64 * 1024 * 1024;
    let (mut front, mut server) = connected();
    let piece: Vec<u8> = (0..FLOOD).map(|n| (n / 7) as u8).collect();
    // No event is taken: the channel fills, then the socket buffers, and then the server's writes time out.
    server
        .set_write_timeout(Some(Duration::from_millis(500)))
        .unwrap();
    let mut sent = 0;
    while let Ok(count) = server.write(&piece[sent..]) {
        sent += count;
        assert!(
            sent < FLOOD,
            "everything was read although no event was taken"
        );
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
fn the_thread_ends_during_a_flood() {
    let (front, mut server) = connected();
    let flood = std::thread::spawn(move || {
        let piece = [b'x'; 64 * 1024];
        while server.write_all(&piece).is_ok() {}
    });
    // The channel is filling up, and no event is taken.
    front.wakes.recv_timeout(LIMIT).unwrap();
    drop(front);
    flood.join().unwrap();
}
