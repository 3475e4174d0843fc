//! When the server is gone, and when it is no good.

use crate::desk::Desk;
use crate::server::{Fake, Guest, Server};
use eframe::egui::Key;
use salotto_client::session::State;
use std::fmt::Write;
use std::time::{Duration, Instant};

fn joined(fake: &Fake) -> (Desk, Guest) {
    let mut desk = Desk::new();
    desk.goes_to(fake.port, "anna");
    desk.shows("Asking for the nickname");
    let client = fake.welcome();
    desk.shows("you are in as anna");
    (desk, client)
}

#[test]
fn the_server_comes_back_and_so_does_the_user() {
    let fake = Fake::new();
    let (mut desk, mut client) = joined(&fake);
    desk.says("prima");
    assert_eq!(client.hears(), "prima");
    desk.types("bozza");
    drop(client);
    desk.shows("trying again in");
    desk.reads_aloud("The server has ended the connection without a goodbye;");
    assert!(
        desk.has("You are not in the room"),
        "a room without a server"
    );
    assert!(desk.has("anna: prima"), "the transcript stays");
    assert_eq!(desk.draft(), "bozza", "the draft stays");
    desk.press(Key::Enter);
    desk.shows("you are not in the room");
    desk.click("Now");
    desk.shows("Asking for the nickname");
    let mut client = fake.welcome();
    desk.until("joined", |desk| {
        desk.window.state().session().nick().is_some()
    });
    desk.press(Key::Enter);
    assert_eq!(client.hears(), "bozza");
}

#[test]
fn the_user_comes_back_without_doing_anything() {
    let fake = Fake::new();
    let (mut desk, client) = joined(&fake);
    drop(client);
    desk.shows("trying again in");
    // The first wait is two seconds at most.
    desk.until("another connection", |desk| {
        desk.window.state().session().nick().is_none() && desk.has("Asking for the nickname")
    });
    let _client = fake.welcome();
    desk.until("joined", |desk| {
        desk.window.state().session().nick().is_some()
    });
}

#[test]
fn a_silent_server_is_given_up() {
    let fake = Fake::new();
    let (mut desk, client) = joined(&fake);
    desk.types("bozza");
    drop(client);
    desk.shows("trying again in");
    desk.click("Now");
    desk.shows("Asking for the nickname");
    let (mut client, _) = fake.accept();
    desk.click("Cancel");
    assert_eq!(client.hears(), "<quit>");
    drop(client);
    desk.shows("Connect again");
    assert_eq!(desk.draft(), "bozza", "the draft stays");
}

#[test]
fn the_attempts_are_given_up() {
    let server = Server::start();
    let mut desk = Desk::at(server.port, "anna");
    drop(server);
    desk.shows("The server has said goodbye;");
    // Each attempt in vain makes the next one wait longer, so that it does not come between the hand and the button.
    desk.until("a long wait", |desk| {
        match desk.window.state().session().state() {
            State::Waiting { attempt: 5.., .. } => true,
            State::Waiting { .. } => {
                desk.click("Now");
                false
            }
            _ => false,
        }
    });
    desk.click("Give up");
    desk.shows("Connect again");
    desk.click("Another server…");
    desk.shows("Join");
    assert!(desk.has("127.0.0.1"), "the last server is filled in");
}

#[test]
fn a_name_that_is_taken_meanwhile() {
    let fake = Fake::new();
    let (mut desk, client) = joined(&fake);
    drop(client);
    desk.shows("trying again in");
    desk.click("Now");
    desk.shows("Asking for the nickname");
    let (mut client, nick) = fake.accept();
    assert_eq!(nick, "anna");
    client.says("! nickname-taken somebody has it");
    desk.shows("Somebody is called anna already");
    desk.fill("another nickname", "anna2");
    desk.press(Key::Enter);
    assert_eq!(client.hears(), "anna2");
    client.says("* welcome anna2 0");
    desk.shows("you are in as anna2");
}

#[test]
fn garbage_is_told_and_survived() {
    let fake = Fake::new();
    let (mut desk, mut client) = joined(&fake);
    client.sends(b"\xFF\xFE\x00\n* welcome\n* left nobody\nciao\n\x1B[2J\nbruno: \x07\n");
    client.says(&format!("* joined {}", "x".repeat(4000)));
    client.says("* welcome anna 18446744073709551615");
    client.says("bruno: ancora qui");
    desk.shows("fault of the server (LINE-12)");
    desk.shows("bruno: ancora qui");
    desk.says("anch'io");
    assert_eq!(client.hears(), "anch'io");
}

#[test]
fn a_line_of_100_megabytes_takes_no_memory() {
    let fake = Fake::new();
    let (mut desk, mut client) = joined(&fake);
    let sender = std::thread::spawn(move || {
        let part = vec![b'x'; 1024 * 1024];
        client.sends(b"bruno: ");
        for _ in 0..100 {
            client.sends(&part);
        }
        client.says("\nbruno: fine");
        client
    });
    desk.shows("bruno: fine");
    let _client = sender.join().expect("sent");
    let session = desk.window.state().session();
    let held = session.transcript().bytes() + session.raw().bytes();
    assert!(held < 100_000, "{held} bytes");
}

#[test]
fn typing_goes_on_in_a_flood() {
    const FLOOD: usize = 60_000;
    let fake = Fake::new();
    let (mut desk, mut client) = joined(&fake);
    let sender = std::thread::spawn(move || {
        let mut lines = String::from("* joined bruno\n");
        for n in 0..FLOOD {
            writeln!(lines, "bruno: numero {n}. {}", "parola ".repeat(n % 20)).expect("memory");
        }
        client.sends(lines.as_bytes());
        client
    });
    let last = format!("bruno: numero {}.", FLOOD - 1);
    let (mut frames, mut slowest, began) = (0, Duration::ZERO, Instant::now());
    desk.until(&last.clone(), |desk| {
        let frame = Instant::now();
        desk.types("x");
        slowest = slowest.max(frame.elapsed());
        frames += 1;
        assert_eq!(desk.draft(), "x".repeat(frames % 100), "typed in vain");
        if frames % 100 == 99 {
            desk.fill("Message", "");
            frames += 1;
        }
        desk.rows().last().is_some_and(|row| row.starts_with(&last))
    });
    println!(
        "{FLOOD} messages, {frames} frames, {:?}, the slowest {slowest:?}",
        began.elapsed()
    );
    let mut client = sender.join().expect("sent");
    desk.fill("Message", "finita");
    desk.press(Key::Enter);
    assert_eq!(client.hears(), "finita");
}
