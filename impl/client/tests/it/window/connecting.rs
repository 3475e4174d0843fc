//! The form, and what can go wrong before the user has joined.

use crate::support::server::{FakeServer, ReferenceServer};
use crate::support::test_window::TestWindow;
use eframe::egui::Key;
use salotto_client::i18n::Language;
use salotto_client::window::Options;
use salotto_server::Config;
use std::net::{Ipv4Addr, TcpListener};

/// A window whose form is filled in.
fn filled(port: u16, nick: &str) -> TestWindow {
    let mut window = TestWindow::new();
    window.fill("Server", "127.0.0.1");
    window.fill("Port", &port.to_string());
    window.fill("Nickname", nick);
    window
}

#[test]
fn submitting_the_form_joins_the_room() {
    let server = ReferenceServer::start();
    let mut window = filled(server.port, "anna");
    window.press(Key::Enter);
    window.wait_for("you are in the room as anna");
    assert_eq!(window.harness.state().session().nick(), Some("anna"));
}

#[test]
fn tab_moves_through_the_form_in_order() {
    let server = ReferenceServer::start();
    let mut window = TestWindow::new();
    window.harness.step();
    window.type_text("127.0.0.1");
    window.press(Key::Tab);
    window.assert_focused("Port");
    window.press(Key::Tab);
    window.assert_focused("Nickname");
    window.type_text("anna");
    window.fill("Port", &server.port.to_string());
    window.press(Key::Tab);
    window.press(Key::Tab);
    window.assert_focused("Join");
    window.press(Key::Space);
    window.wait_for("you are in the room as anna");
    // The composer has the focus.
    window.send_message("ciao");
    window.wait_for("anna: ciao");
}

#[test]
fn an_empty_server_field_is_an_error() {
    let mut window = TestWindow::new();
    window.fill("Nickname", "anna");
    window.press(Key::Enter);
    window.wait_for("enter a server name or address");
    window.assert_focused("Server");
    window.type_text("h");
    window.wait_until_gone("enter a server name");
    assert!(window.has("anna"));
}

#[test]
fn an_invalid_port_is_an_error() {
    for port in ["", "x", "0", "65536", "-1", "53 000"] {
        let mut window = filled(0, "anna");
        window.fill("Port", port);
        window.press(Key::Enter);
        window.wait_for("a port is a number from 1 to 65535");
        window.assert_focused("Port");
    }
}

#[test]
fn an_unknown_host() {
    let mut window = filled(53000, "anna");
    // RFC 6761 reserves this name: it never exists.
    window.fill("Server", "salotto.invalid");
    window.press(Key::Enter);
    window.wait_for("could not connect: there is no host of that name");
    window.assert_focused("Server");
    assert!(
        window.has("salotto.invalid") && window.has("anna"),
        "the fields keep their contents"
    );
}

#[test]
fn a_port_without_a_listener() {
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = closed.local_addr().expect("an address").port();
    drop(closed);
    let mut window = filled(port, "anna");
    window.press(Key::Enter);
    window.wait_for("could not connect: nothing listens on that port");
    window.assert_announced("could not connect: nothing listens on that port");
    window.assert_focused("Port");
}

/// The backlog of the listener is full, so the operating system answers no further connection.
#[cfg(target_os = "linux")]
#[test]
fn a_host_that_does_not_answer() {
    use socket2::{Domain, Socket, Type};
    let queue = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    let any = std::net::SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    queue.bind(&any.into()).expect("a port");
    queue.listen(0).expect("a queue");
    let address = queue.local_addr().expect("an address");
    let address = address.as_socket().expect("a port");
    let _first = std::net::TcpStream::connect(address).expect("a place");
    let mut window = filled(address.port(), "anna");
    window.press(Key::Enter);
    window.wait_for("Connecting…");
    window.wait_for("could not connect: there was no answer in time");
    window.assert_focused("Server");
    assert!(
        window.has("127.0.0.1") && window.has("anna"),
        "the fields keep their contents"
    );
}

#[test]
fn a_taken_nickname_and_then_another_one() {
    let server = ReferenceServer::start();
    let _bruno = server.member("bruno");
    let mut window = filled(server.port, "Bruno");
    window.press(Key::Enter);
    window.wait_for("the nickname Bruno is taken");
    window.assert_focused("Nickname");
    window.fill("Nickname", "due parole");
    window.click("Join");
    window.wait_for("a nickname cannot contain spaces");
    window.fill("Nickname", "anna");
    window.press(Key::Enter);
    window.wait_for("you are in the room as anna, with one other");
}

#[test]
fn an_empty_nickname() {
    let server = ReferenceServer::start();
    let mut window = filled(server.port, "  ");
    window.press(Key::Enter);
    window.wait_for("this cannot be a nickname");
    window.assert_focused("Nickname");
}

#[test]
fn a_full_room() {
    let config = Config {
        capacity: 1,
        ..Config::default()
    };
    let server = ReferenceServer::with(config);
    let _bruno = server.member("bruno");
    let mut window = filled(server.port, "anna");
    window.press(Key::Enter);
    window.wait_for("the room is full");
}

#[test]
fn a_silent_server_can_be_cancelled() {
    let fake = FakeServer::new();
    let mut window = filled(fake.port, "anna");
    window.press(Key::Enter);
    window.wait_for("Asking for the nickname");
    let mut client = fake.accepts("anna");
    window.click("Cancel");
    window.wait_for("Join");
    client.receives("<quit>");
}

#[test]
fn no_reconnect_before_the_user_has_joined() {
    let fake = FakeServer::new();
    let mut window = filled(fake.port, "anna");
    window.press(Key::Enter);
    window.wait_for("Asking for the nickname");
    drop(fake.accepts("anna"));
    window.wait_for("the server closed the connection without a goodbye");
    window.wait_for("Join");
}

#[test]
fn italian_errors() {
    let mut window = TestWindow::with(Options {
        language: Some(Language::Italian),
        ..Options::default()
    });
    window.fill("Porta", "x");
    window.click("Entra");
    window.wait_for("dove? un nome o un indirizzo");
    window.fill("Server", "127.0.0.1");
    window.click("Entra");
    window.wait_for("una porta è un numero");
}
