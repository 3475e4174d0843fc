//! The addresses that the server listens on.

use super::support::{Client, Server, has_ipv6};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};

#[test]
fn both_families_share_one_room_and_one_port() {
    if !has_ipv6() {
        return;
    }
    let mut server = Server::start(&["--port", "0", "--host", "127.0.0.1", "--host", "::1"]);
    let (four, six) = (server.address(), server.address());
    assert!(four.is_ipv4() && six.is_ipv6());
    assert_eq!(four.port(), six.port());
    let mut anna = Client::join(four, "anna");
    let mut bruno = Client::join(six, "bruno");
    anna.hears(&["* joined bruno"]);
    bruno.says("ciao");
    anna.hears(&["bruno: ciao"]);
}

#[test]
fn every_ipv4_address_does_not_include_ipv6() {
    let mut server = Server::start(&["--port", "0", "--host", "0.0.0.0"]);
    let port = server.address().port();
    Client::join(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), "anna");
    if has_ipv6() {
        TcpStream::connect((Ipv6Addr::LOCALHOST, port)).unwrap_err();
    }
}

#[test]
fn the_server_can_listen_on_every_address_of_both_families() {
    if !has_ipv6() {
        return;
    }
    let mut server = Server::start(&["--port", "0", "--host", "::", "--host", "0.0.0.0"]);
    let port = server.address().port();
    let mut anna = Client::join(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), "anna");
    Client::join(SocketAddr::from((Ipv6Addr::LOCALHOST, port)), "bruno");
    anna.hears(&["* joined bruno"]);
}

#[test]
fn an_address_given_twice_is_used_once() {
    let mut server = Server::start(&["--port", "0", "--host", "127.0.0.1", "--host", "127.0.0.1"]);
    Client::join(server.address(), "anna");
    let log = server.stop();
    let listening = log.iter().filter(|line| line.contains("listening"));
    assert_eq!(listening.count(), 1, "{log:#?}");
}
