//! Lost connections, and servers that misbehave.

use crate::support::server::{FakeServer, ReferenceServer};
use crate::support::test_window::TestWindow;
use eframe::egui::Key;
use salotto_client::session::State;
use std::fmt::Write;
use std::time::{Duration, Instant};

#[test]
fn the_user_reconnects_by_hand() {
    let fake = FakeServer::new();
    let (mut window, mut client) = TestWindow::joined_fake(&fake);
    window.send_message("prima");
    client.receives("prima");
    window.type_text("bozza");
    drop(client);
    window.wait_for("trying again in");
    window.assert_announced("The server closed the connection without a goodbye;");
    assert!(
        window.has("You are not in the room"),
        "the room is empty without a server"
    );
    assert!(window.has("anna: prima"), "the transcript stays");
    assert_eq!(window.draft(), "bozza", "the draft stays");
    window.press(Key::Enter);
    window.wait_for("you are not in the room");
    window.click("Now");
    window.wait_for("Asking for the nickname");
    let mut client = fake.welcomes("anna");
    window.wait_until("joined", |window| {
        window.harness.state().session().nick().is_some()
    });
    window.press(Key::Enter);
    client.receives("bozza");
}

#[test]
fn the_window_reconnects_by_itself() {
    let fake = FakeServer::new();
    let (mut window, client) = TestWindow::joined_fake(&fake);
    drop(client);
    window.wait_for("trying again in");
    // The first wait takes at most two seconds.
    window.wait_until("another connection", |window| {
        window.harness.state().session().nick().is_none() && window.has("Asking for the nickname")
    });
    let _client = fake.welcomes("anna");
    window.wait_until("joined", |window| {
        window.harness.state().session().nick().is_some()
    });
}

#[test]
fn a_reconnect_to_a_silent_server_can_be_cancelled() {
    let fake = FakeServer::new();
    let (mut window, client) = TestWindow::joined_fake(&fake);
    window.type_text("bozza");
    drop(client);
    window.wait_for("trying again in");
    window.click("Now");
    window.wait_for("Asking for the nickname");
    let mut client = fake.accepts("anna");
    window.click("Cancel");
    client.receives("<quit>");
    drop(client);
    window.wait_for("Connect again");
    assert_eq!(window.draft(), "bozza", "the draft stays");
}

#[test]
fn reconnecting_can_be_given_up() {
    let server = ReferenceServer::start();
    let mut window = TestWindow::joined(server.port, "anna");
    drop(server);
    window.wait_for("The server has said goodbye;");
    // Failed attempts make the next wait longer, so that no attempt begins before the button is clicked.
    window.wait_until("a long wait", |window| {
        match window.harness.state().session().state() {
            State::Waiting { attempt: 5.., .. } => true,
            State::Waiting { .. } => {
                window.click("Now");
                false
            }
            _ => false,
        }
    });
    window.click("Give up");
    window.wait_for("Connect again");
    window.click("Another server…");
    window.wait_for("Join");
    assert!(window.has("127.0.0.1"), "the last server is filled in");
}

#[test]
fn a_nickname_that_was_taken_meanwhile() {
    let fake = FakeServer::new();
    let (mut window, client) = TestWindow::joined_fake(&fake);
    drop(client);
    window.wait_for("trying again in");
    window.click("Now");
    window.wait_for("Asking for the nickname");
    let mut client = fake.accepts("anna");
    client.sends_line("! nickname-taken somebody has it");
    window.wait_for("The nickname anna is taken");
    window.fill("another nickname", "anna2");
    window.press(Key::Enter);
    client.receives("anna2");
    client.sends_line("* welcome anna2 0");
    window.wait_for("you are in the room as anna2");
}

#[test]
fn garbage_is_reported_and_survived() {
    let fake = FakeServer::new();
    let (mut window, mut client) = TestWindow::joined_fake(&fake);
    client.sends(b"\xFF\xFE\x00\n* welcome\n* left nobody\nciao\n\x1B[2J\nbruno: \x07\n");
    client.sends_line(&format!("* joined {}", "x".repeat(4000)));
    client.sends_line("* welcome anna 18446744073709551615");
    client.sends_line("bruno: ancora qui");
    window.wait_for("server fault (LINE-12)");
    window.wait_for("bruno: ancora qui");
    window.send_message("anch'io");
    client.receives("anch'io");
}

#[test]
fn a_line_of_100_megabytes_takes_no_memory() {
    let fake = FakeServer::new();
    let (mut window, mut client) = TestWindow::joined_fake(&fake);
    let sender = std::thread::spawn(move || {
        let part = vec![b'x'; 1024 * 1024];
        client.sends(b"bruno: ");
        for _ in 0..100 {
            client.sends(&part);
        }
        client.sends_line("\nbruno: fine");
        client
    });
    window.wait_for("bruno: fine");
    let _client = sender.join().expect("sent");
    let session = window.harness.state().session();
    let held = session.transcript().bytes() + session.protocol_log().bytes();
    assert!(held < 100_000, "{held} bytes");
}

#[test]
fn typing_works_during_a_flood() {
    const FLOOD: usize = 60_000;
    let fake = FakeServer::new();
    let (mut window, mut client) = TestWindow::joined_fake(&fake);
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
    window.wait_until(&last.clone(), |window| {
        let frame = Instant::now();
        window.type_text("x");
        slowest = slowest.max(frame.elapsed());
        frames += 1;
        assert_eq!(
            window.draft(),
            "x".repeat(frames % 100),
            "typed text was lost"
        );
        if frames % 100 == 99 {
            window.fill("Message", "");
            frames += 1;
        }
        window
            .rows()
            .last()
            .is_some_and(|row| row.starts_with(&last))
    });
    println!(
        "{FLOOD} messages, {frames} frames, {:?}, the slowest {slowest:?}",
        began.elapsed()
    );
    let mut client = sender.join().expect("sent");
    window.fill("Message", "finita");
    window.press(Key::Enter);
    client.receives("finita");
}
