//! Closing the window.

use crate::support::server::{FakeServer, ReferenceServer};
use crate::support::test_window::TestWindow;
use eframe::egui::ViewportCommand;

fn closes(window: &TestWindow) -> bool {
    let commands = window.commands();
    commands.contains(&ViewportCommand::Close) && !commands.contains(&ViewportCommand::CancelClose)
}

#[test]
fn the_form_closes_at_once() {
    let mut window = TestWindow::new();
    window.request_close();
    assert!(closes(&window));
}

#[test]
fn the_room_is_left_before_the_window_closes() {
    let server = ReferenceServer::start();
    let mut bruno = server.member("bruno");
    let mut window = TestWindow::joined(server.port, "anna");
    bruno.receives("* joined anna");
    window.request_close();
    assert!(window.commands().contains(&ViewportCommand::CancelClose));
    window.wait_until("closed", |window| closes(window));
    bruno.receives("* left anna");
}

#[test]
fn the_wait_for_the_server_is_limited() {
    let fake = FakeServer::new();
    let (mut window, mut client) = TestWindow::joined_fake(&fake);
    window.request_close();
    client.receives("<quit>");
    window.wait_until("closed", |window| closes(window));
}

#[test]
fn a_second_request_closes_at_once() {
    let fake = FakeServer::new();
    let (mut window, _client) = TestWindow::joined_fake(&fake);
    window.request_close();
    window.request_close();
    assert!(closes(&window));
}
