//! The console, through pipes.

use crate::support::console_client::ConsoleClient;
use crate::support::server::{FakeServer, Peer, ReferenceServer};

/// A client that has joined, and the server's side of its connection.
fn joined() -> (ConsoleClient, Peer) {
    let fake = FakeServer::new();
    let client = ConsoleClient::start(fake.port, "anna", &[]);
    let connection = fake.welcomes("anna");
    (client, connection)
}

/// Ends the input, upon which the client leaves.
fn leave(mut client: ConsoleClient, mut connection: Peer) {
    client.ends_input();
    connection.receives("<quit>");
    connection.closes();
    client.exits_with(0);
}

#[test]
fn two_users_chat() {
    let server = ReferenceServer::start();
    let mut anna = ConsoleClient::start(server.port, "anna", &[]);
    anna.shows_eventually("* you are in the room as anna, alone");
    let mut bruno = ConsoleClient::start(server.port, "bruno", &[]);
    bruno.shows_eventually("* here: anna");
    anna.shows("* bruno has joined");
    anna.types("ciao, perché no?");
    bruno.shows("anna: ciao, perché no?");
    bruno.types("//help");
    anna.shows("bruno: /help");
    bruno.types("/quit");
    bruno.shows("* you have left");
    bruno.exits_with(0);
    anna.shows("* bruno has left");
    anna.ends_input();
    anna.shows("* you have left");
    anna.exits_with(0);
}

#[test]
fn lines_typed_before_the_welcome_are_sent_after_it() {
    let fake = FakeServer::new();
    let mut anna = ConsoleClient::start(fake.port, "anna", &[]);
    anna.types("uno\ndue");
    anna.ends_input();
    let mut connection = fake.accepts("anna");
    connection.has_received_nothing_else();
    connection.sends("* welcome anna 0\n");
    connection.receives("uno");
    connection.receives("due");
    connection.receives("<quit>");
    connection.sends("bruno: aspetta\n<quit>\n");
    connection.closes();
    anna.shows_eventually("bruno: aspetta");
    anna.shows("* you have left");
    anna.exits_with(0);
}

#[test]
fn the_next_line_after_a_refusal_is_the_next_nickname() {
    let fake = FakeServer::new();
    let mut anna = ConsoleClient::start(fake.port, "anna", &[]);
    let mut connection = fake.accepts("anna");
    connection.sends("! nickname-taken\n");
    anna.shows_eventually("* the nickname anna is taken: choose another one");
    anna.types("<quit>");
    anna.shows("* not sent: this cannot be a nickname");
    anna.types("carla\nciao");
    connection.receives("carla");
    connection.sends("* welcome carla 0\n");
    connection.receives("ciao");
    anna.types("/quit");
    connection.receives("<quit>");
    connection.closes();
    anna.shows_eventually("* you have left");
    anna.exits_with(0);
}

#[test]
fn server_commands_are_sent_only_when_confirmed() {
    let (mut anna, mut connection) = joined();
    anna.types("<who>\nuno\n<who>\n/send\n{quit}\ndue");
    connection.receives("uno");
    connection.receives("<who>");
    connection.receives("due");
    leave(anna, connection);
}

#[test]
fn a_goodbye_is_shown_and_is_not_a_failure() {
    let (mut anna, mut connection) = joined();
    connection.sends("bruno: ultima\n<quit>\n");
    anna.shows_eventually("bruno: ultima");
    anna.shows("* the server has said goodbye");
    anna.exits_with(0);
}

#[test]
fn a_lost_connection_is_shown_and_is_a_failure() {
    let (mut anna, mut connection) = joined();
    connection.sends("bruno: ultima\nbruno: a met");
    connection.closes();
    anna.shows_eventually("bruno: ultima");
    anna.shows("* the server closed the connection without a goodbye");
    anna.exits_with(1);
}

#[test]
fn reconnects_if_asked_to() {
    let fake = FakeServer::new();
    let mut anna = ConsoleClient::start(fake.port, "anna", &["--retry"]);
    fake.welcomes("anna").closes();
    anna.shows_eventually("* the server closed the connection without a goodbye");
    let mut connection = fake.welcomes("anna");
    anna.types("rieccomi");
    connection.receives("rieccomi");
    leave(anna, connection);
}

#[test]
fn nothing_listens_on_the_port() {
    let port = FakeServer::new().port;
    let mut anna = ConsoleClient::start(port, "anna", &["--language", "it"]);
    anna.shows_eventually("* nessuna connessione: su quella porta non ascolta nessuno");
    anna.exits_with(1);
}

#[test]
fn messages_cannot_control_the_terminal() {
    let (mut anna, mut connection) = joined();
    connection.sends("bruno: \u{202E}oaic\u{200B}\nbruno: * left bruno\n");
    anna.shows_eventually("bruno: ‹U+202E›oaic‹U+200B›");
    anna.shows("bruno: * left bruno");
    leave(anna, connection);
}

#[test]
fn survives_garbage_a_long_line_and_contradictions() {
    let (mut anna, mut connection) = joined();
    connection.sends(b"\xFF\xFE\n\x1B[2J\nboh\n* welcome anna 9\n* left nobody\n* joined anna\n");
    for _ in 0..100 {
        connection.sends([b'x'; 1024 * 1024]);
    }
    connection.sends("\nbruno: ancora qui\n");
    anna.shows_eventually(
        "* server fault (LINE-12): a line that is not valid text, which was ignored",
    );
    anna.shows_eventually(
        "* server fault (LINE-12): a line of more than 4130 bytes, which was ignored",
    );
    anna.shows("bruno: ancora qui");
    anna.types("ancora viva");
    connection.receives("ancora viva");
    leave(anna, connection);
}

#[test]
fn a_flood_is_shown_completely_and_in_order() {
    const LINES: usize = 50_000;
    let (mut anna, mut connection) = joined();
    anna.shows_eventually("* you are in the room as anna, alone");
    let flood = std::thread::spawn(move || {
        let lines: String = (0..LINES).map(|n| format!("bruno: {n}\n")).collect();
        connection.sends(&lines);
        connection
    });
    for n in 0..LINES {
        anna.shows(&format!("bruno: {n}"));
    }
    let connection = flood.join().unwrap();
    leave(anna, connection);
}

#[test]
fn a_server_that_never_closes_the_connection_is_left_anyway() {
    let (mut anna, mut connection) = joined();
    anna.types("/quit");
    connection.receives("<quit>");
    anna.shows_eventually("* you have left");
    anna.exits_with(0);
    connection.receives_the_end();
}

#[test]
fn an_invalid_nickname_is_a_mistake_in_the_arguments() {
    let mut anna = ConsoleClient::start(1, "<quit>", &[]);
    anna.exits_with(2);
}
