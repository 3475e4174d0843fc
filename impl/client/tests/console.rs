//! The console, as a user at the ends of two pipes sees it.

#[path = "console/client.rs"]
mod client;
#[path = "console/server.rs"]
mod server;

use client::Client;
use server::{FakeServer, reference_server};

#[test]
fn two_people_talk() {
    let server = reference_server();
    let mut anna = Client::start(server.port(), "anna", &[]);
    anna.shows_in_the_end("* you are in as anna, alone");
    let mut bruno = Client::start(server.port(), "bruno", &[]);
    bruno.shows_in_the_end("* here: anna");
    anna.shows("* bruno has come in");
    anna.types("ciao, perché no?");
    bruno.shows("anna: ciao, perché no?");
    bruno.types("//help");
    anna.shows("bruno: /help");
    bruno.types("/quit");
    bruno.shows("* you have left");
    bruno.ends_with(0);
    anna.shows("* bruno is gone");
    anna.stops_typing();
    anna.shows("* you have left");
    anna.ends_with(0);
}

#[test]
fn what_is_typed_before_the_welcome_is_said_after_it() {
    let fake = FakeServer::new();
    let mut anna = Client::start(fake.port(), "anna", &[]);
    anna.types("uno\ndue");
    anna.stops_typing();
    let mut connection = fake.accept();
    connection.hears("anna");
    connection.hears_nothing_yet();
    connection.says("* welcome anna 0\n");
    connection.hears("uno");
    connection.hears("due");
    connection.hears("<quit>");
    connection.says("bruno: aspetta\n<quit>\n");
    connection.ends();
    anna.shows_in_the_end("bruno: aspetta");
    anna.shows("* you have left");
    anna.ends_with(0);
}

#[test]
fn the_next_line_after_a_refusal_is_the_next_nickname() {
    let fake = FakeServer::new();
    let mut anna = Client::start(fake.port(), "anna", &[]);
    let mut connection = fake.accept();
    connection.hears("anna");
    connection.says("! nickname-taken\n");
    anna.shows_in_the_end("* somebody is called anna already: choose another nickname");
    anna.types("<quit>");
    anna.shows("* not sent: this cannot be a nickname");
    anna.types("carla\nciao");
    connection.hears("carla");
    connection.says("* welcome carla 0\n");
    connection.hears("ciao");
    anna.types("/quit");
    connection.hears("<quit>");
    connection.ends();
    anna.shows_in_the_end("* you have left");
    anna.ends_with(0);
}

#[test]
fn a_command_is_sent_only_on_demand() {
    let fake = FakeServer::new();
    let mut anna = Client::start(fake.port(), "anna", &[]);
    let mut connection = fake.welcomes("anna");
    anna.types("<who>\nuno\n<who>\n/send\n{quit}\ndue");
    connection.hears("uno");
    connection.hears("<who>");
    connection.hears("due");
    anna.stops_typing();
    connection.hears("<quit>");
    connection.ends();
    anna.ends_with(0);
}

#[test]
fn a_goodbye_is_told_and_is_no_failure() {
    let fake = FakeServer::new();
    let mut anna = Client::start(fake.port(), "anna", &[]);
    let mut connection = fake.welcomes("anna");
    connection.says("bruno: ultima\n<quit>\n");
    anna.shows_in_the_end("bruno: ultima");
    anna.shows("* the server has said goodbye");
    anna.ends_with(0);
}

#[test]
fn a_lost_server_is_told_and_is_a_failure() {
    let fake = FakeServer::new();
    let mut anna = Client::start(fake.port(), "anna", &[]);
    let mut connection = fake.welcomes("anna");
    connection.says("bruno: ultima\nbruno: a met");
    connection.ends();
    anna.shows_in_the_end("bruno: ultima");
    anna.shows("* the server has ended the connection without a goodbye");
    anna.ends_with(1);
}

#[test]
fn comes_back_when_it_shall() {
    let fake = FakeServer::new();
    let mut anna = Client::start(fake.port(), "anna", &["--retry"]);
    fake.welcomes("anna").ends();
    anna.shows_in_the_end("* the server has ended the connection without a goodbye");
    let mut connection = fake.welcomes("anna");
    anna.types("rieccomi");
    connection.hears("rieccomi");
    anna.stops_typing();
    connection.hears("<quit>");
    connection.ends();
    anna.ends_with(0);
}

#[test]
fn nobody_listens() {
    let port = FakeServer::new().port();
    let mut anna = Client::start(port, "anna", &["--language", "it"]);
    anna.shows_in_the_end("* nessuna connessione: su quella porta non ascolta nessuno");
    anna.ends_with(1);
}

#[test]
fn nothing_acts_on_the_screen() {
    let fake = FakeServer::new();
    let mut anna = Client::start(fake.port(), "anna", &[]);
    let mut connection = fake.welcomes("anna");
    connection.says("bruno: \u{202E}oaic\u{200B}\nbruno: * left bruno\n");
    anna.shows_in_the_end("bruno: ‹U+202E›oaic‹U+200B›");
    anna.shows("bruno: * left bruno");
    anna.stops_typing();
    connection.hears("<quit>");
    connection.ends();
    anna.ends_with(0);
}

#[test]
fn survives_garbage_a_very_long_line_and_contradictions() {
    let fake = FakeServer::new();
    let mut anna = Client::start(fake.port(), "anna", &[]);
    let mut connection = fake.welcomes("anna");
    connection
        .says_bytes(b"\xFF\xFE\n\x1B[2J\nboh\n* welcome anna 9\n* left nobody\n* joined anna\n");
    for _ in 0..100 {
        connection.says_bytes(&vec![b'x'; 1024 * 1024]);
    }
    connection.says("\nbruno: ancora qui\n");
    anna.shows_in_the_end(
        "* fault of the server (LINE-12): a line that is no text, and is left out",
    );
    anna.shows_in_the_end(
        "* fault of the server (LINE-12): a line of more than 4130 bytes, which is left out",
    );
    anna.shows("bruno: ancora qui");
    anna.types("ancora viva");
    connection.hears("ancora viva");
    anna.stops_typing();
    connection.hears("<quit>");
    connection.ends();
    anna.ends_with(0);
}

#[test]
fn a_flood_is_shown_whole_and_in_order() {
    const LINES: usize = 50_000;
    let fake = FakeServer::new();
    let mut anna = Client::start(fake.port(), "anna", &[]);
    let mut connection = fake.welcomes("anna");
    anna.shows_in_the_end("* you are in as anna, alone");
    let flood = std::thread::spawn(move || {
        let lines: String = (0..LINES).map(|n| format!("bruno: {n}\n")).collect();
        connection.says(&lines);
        connection
    });
    for n in 0..LINES {
        anna.shows(&format!("bruno: {n}"));
    }
    let mut connection = flood.join().unwrap();
    anna.stops_typing();
    connection.hears("<quit>");
    connection.ends();
    anna.ends_with(0);
}

#[test]
fn a_server_that_never_ends_the_connection_is_left_all_the_same() {
    let fake = FakeServer::new();
    let mut anna = Client::start(fake.port(), "anna", &[]);
    let mut connection = fake.welcomes("anna");
    anna.types("/quit");
    connection.hears("<quit>");
    anna.shows_in_the_end("* you have left");
    anna.ends_with(0);
    connection.hears_the_end();
}

#[test]
fn a_nickname_that_cannot_be_one_is_a_mistake_in_the_arguments() {
    let mut anna = Client::start(1, "<quit>", &[]);
    anna.ends_with(2);
}
