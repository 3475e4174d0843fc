//! Socket activation, as systemd does it.

use super::support::{Client, PROGRAM, Server};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::process::Command;

#[test]
fn the_server_listens_on_inherited_sockets() {
    let sockets = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let addresses = sockets
        .each_ref()
        .map(|socket| socket.local_addr().unwrap());
    // A client that connects before the program runs is served, too.
    let mut early = Client::connect(addresses[1]);
    early.says("early");
    let [first, second] = sockets.map(OwnedFd::from);
    let mut server = Server::spawn(
        Command::new("sh")
            .args([
                "-c",
                "exec 3<&0 4<&1 </dev/null >/dev/null; LISTEN_PID=$$ LISTEN_FDS=2 exec \"$0\"",
            ])
            .arg(PROGRAM)
            .stdin(first)
            .stdout(second),
    );
    assert_eq!([server.address(), server.address()], addresses);
    early.is_welcome("early");
    Client::join(addresses[0], "anna");
    early.hears(&["* joined anna"]);
}

#[test]
fn sockets_for_another_process_are_ignored() {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let other = socket.local_addr().unwrap();
    let mut server = Server::spawn(
        Command::new("sh")
            .args([
                "-c",
                "exec 3<&0 </dev/null; LISTEN_PID=1 LISTEN_FDS=1 exec \"$0\" --port 0",
            ])
            .arg(PROGRAM)
            .stdin(OwnedFd::from(socket)),
    );
    assert_ne!(server.address(), other);
}
