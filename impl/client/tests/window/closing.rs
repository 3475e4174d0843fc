//! How the window ends.

use crate::desk::Desk;
use crate::server::{Fake, Server};
use eframe::egui::ViewportCommand;

fn closes(desk: &Desk) -> bool {
    let commands = desk.commands();
    commands.contains(&ViewportCommand::Close) && !commands.contains(&ViewportCommand::CancelClose)
}

#[test]
fn a_window_at_the_form_closes_at_once() {
    let mut desk = Desk::new();
    desk.ask_to_close();
    assert!(closes(&desk));
}

#[test]
fn a_window_in_the_room_says_goodbye_first() {
    let server = Server::start();
    let mut bruno = server.guest("bruno");
    let mut desk = Desk::at(server.port, "anna");
    assert_eq!(bruno.hears(), "* joined anna");
    desk.ask_to_close();
    assert!(desk.commands().contains(&ViewportCommand::CancelClose));
    desk.until("closed", |desk| closes(desk));
    assert_eq!(bruno.hears(), "* left anna");
}

#[test]
fn a_server_that_does_not_answer_the_goodbye_is_not_waited_for() {
    let fake = Fake::new();
    let mut desk = Desk::new();
    desk.goes_to(fake.port, "anna");
    desk.shows("Asking for the nickname");
    let mut client = fake.welcome();
    desk.shows("you are in as anna");
    desk.ask_to_close();
    assert_eq!(client.hears(), "<quit>");
    desk.until("closed", |desk| closes(desk));
}

#[test]
fn who_insists_is_let_go() {
    let fake = Fake::new();
    let mut desk = Desk::new();
    desk.goes_to(fake.port, "anna");
    desk.shows("Asking for the nickname");
    let _client = fake.welcome();
    desk.shows("you are in as anna");
    desk.ask_to_close();
    desk.ask_to_close();
    assert!(closes(&desk));
}
