//! From the form to the room, and what can stand between.

use crate::desk::Desk;
use crate::server::{Fake, Server};
use eframe::egui::Key;
use salotto_client::window::Options;
use salotto_client::words::Language;
use salotto_server::Config;
use std::net::{Ipv4Addr, TcpListener};

/// A form that is filled in.
fn filled(port: u16, nick: &str) -> Desk {
    let mut desk = Desk::new();
    desk.fill("Server", "127.0.0.1");
    desk.fill("Port", &port.to_string());
    desk.fill("Nickname", nick);
    desk
}

#[test]
fn the_form_leads_to_the_room() {
    let server = Server::start();
    let mut desk = filled(server.port, "anna");
    desk.press(Key::Enter);
    desk.shows("you are in as anna");
    assert_eq!(desk.window.state().session().nick(), Some("anna"));
}

#[test]
fn the_keyboard_goes_through_the_form_in_order() {
    let server = Server::start();
    let mut desk = Desk::new();
    desk.window.step();
    desk.types("127.0.0.1");
    desk.press(Key::Tab);
    desk.has_the_keyboard("Port");
    desk.press(Key::Tab);
    desk.has_the_keyboard("Nickname");
    desk.types("anna");
    desk.fill("Port", &server.port.to_string());
    desk.press(Key::Tab);
    desk.press(Key::Tab);
    desk.has_the_keyboard("Join");
    desk.press(Key::Space);
    desk.shows("you are in as anna");
    // Whoever comes in can talk at once.
    desk.says("ciao");
    desk.shows("anna: ciao");
}

#[test]
fn no_server_is_a_problem_of_the_field() {
    let mut desk = Desk::new();
    desk.fill("Nickname", "anna");
    desk.press(Key::Enter);
    desk.shows("where to? a name or an address");
    desk.has_the_keyboard("Server");
    desk.types("h");
    desk.loses("where to?");
    assert!(desk.has("anna"));
}

#[test]
fn a_port_is_a_number() {
    for port in ["", "x", "0", "65536", "-1", "53 000"] {
        let mut desk = filled(0, "anna");
        desk.fill("Port", port);
        desk.press(Key::Enter);
        desk.shows("a port is a number from 1 to 65535");
        desk.has_the_keyboard("Port");
    }
}

#[test]
fn a_host_that_nobody_knows() {
    let mut desk = filled(53000, "anna");
    // RFC 6761: there is never a host of that name.
    desk.fill("Server", "salotto.invalid");
    desk.press(Key::Enter);
    desk.shows("no connection: nobody knows a host of that name");
    desk.has_the_keyboard("Server");
    assert!(
        desk.has("salotto.invalid") && desk.has("anna"),
        "typed for nothing"
    );
}

#[test]
fn a_port_where_nobody_listens() {
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = closed.local_addr().expect("an address").port();
    drop(closed);
    let mut desk = filled(port, "anna");
    desk.press(Key::Enter);
    desk.shows("no connection: nobody listens on that port");
    desk.reads_aloud("no connection: nobody listens on that port");
    desk.has_the_keyboard("Port");
}

/// A queue for one connection that is full: the system answers nobody else.
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
    let mut desk = filled(address.port(), "anna");
    desk.press(Key::Enter);
    desk.shows("Connecting…");
    desk.shows("no connection: no answer in time");
    desk.has_the_keyboard("Server");
    assert!(
        desk.has("127.0.0.1") && desk.has("anna"),
        "typed for nothing"
    );
}

#[test]
fn a_name_that_is_taken_and_then_another_one() {
    let server = Server::start();
    let _bruno = server.guest("bruno");
    let mut desk = filled(server.port, "Bruno");
    desk.press(Key::Enter);
    desk.shows("somebody is called Bruno already");
    desk.has_the_keyboard("Nickname");
    desk.fill("Nickname", "due parole");
    desk.click("Join");
    desk.shows("a nickname holds no space");
    desk.fill("Nickname", "anna");
    desk.press(Key::Enter);
    desk.shows("you are in as anna, with one other");
}

#[test]
fn a_name_that_cannot_even_be_asked_for() {
    let server = Server::start();
    let mut desk = filled(server.port, "  ");
    desk.press(Key::Enter);
    desk.shows("this cannot be a nickname");
    desk.has_the_keyboard("Nickname");
}

#[test]
fn a_room_that_is_full() {
    let config = Config {
        capacity: 1,
        ..Config::default()
    };
    let server = Server::with(config);
    let _bruno = server.guest("bruno");
    let mut desk = filled(server.port, "anna");
    desk.press(Key::Enter);
    desk.shows("the room is full");
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    let fake = Fake::new();
    let mut desk = filled(fake.port, "anna");
    desk.press(Key::Enter);
    desk.shows("Asking for the nickname");
    let (mut client, nick) = fake.accept();
    assert_eq!(nick, "anna");
    desk.click("Cancel");
    desk.shows("Join");
    assert_eq!(client.hears(), "<quit>");
}

#[test]
fn somebody_at_the_form_is_not_retried_for() {
    let fake = Fake::new();
    let mut desk = filled(fake.port, "anna");
    desk.press(Key::Enter);
    desk.shows("Asking for the nickname");
    drop(fake.accept());
    desk.shows("the server has ended the connection without a goodbye");
    desk.shows("Join");
}

#[test]
fn italian() {
    let mut desk = Desk::with(Options {
        language: Some(Language::Italian),
        ..Options::default()
    });
    desk.fill("Porta", "x");
    desk.click("Entra");
    desk.shows("dove? un nome o un indirizzo");
    desk.fill("Server", "127.0.0.1");
    desk.click("Entra");
    desk.shows("una porta è un numero");
}
