//! Signals to the program.

use super::support::{Client, Server};
use std::time::Duration;

/// Starts a server and a client that does not end its side, so that the shutdown takes the 2 s of LEAVE-7.
fn server_with_a_client() -> (Server, Client) {
    let mut server = Server::start(&["--port", "0"]);
    let anna = Client::join(server.address(), "anna");
    (server, anna)
}

#[test]
fn two_signals_at_once_are_one() {
    let (server, mut anna) = server_with_a_client();
    server.signal(&["INT", "TERM"]);
    anna.hears(&["<quit>"]);
    assert!(server.succeeds());
}

#[test]
fn a_later_signal_ends_the_server_at_once() {
    let (server, mut anna) = server_with_a_client();
    server.signal(&["INT"]);
    anna.hears(&["<quit>"]);
    // Longer than the half second in which another signal is the same one.
    std::thread::sleep(Duration::from_millis(700));
    server.signal(&["INT"]);
    assert!(!server.succeeds());
}
