//! Sending and receiving messages.

use crate::support::server::{Peer, ReferenceServer};
use crate::support::test_window::TestWindow;
use eframe::egui::{Event, Key, Modifiers};

/// A window of `anna`, and `bruno` in the same room.
fn two_members() -> (ReferenceServer, TestWindow, Peer) {
    let server = ReferenceServer::start();
    let mut bruno = server.member("bruno");
    let window = TestWindow::joined(server.port, "anna");
    bruno.receives("* joined anna");
    (server, window, bruno)
}

#[test]
fn messages_travel_both_ways() {
    let (_server, mut window, mut bruno) = two_members();
    window.send_message("ciao bruno");
    bruno.receives("anna: ciao bruno");
    assert!(window.rows().contains(&"anna: ciao bruno".into()));
    assert_eq!(window.draft(), "");
    bruno.sends_line("ciao anna");
    window.wait_for("bruno: ciao anna");
    window.type_text("col bottone");
    window.click("Send");
    bruno.receives("anna: col bottone");
    window.send_message("e poi ancora");
    bruno.receives("anna: e poi ancora");
}

#[test]
fn members_who_join_and_leave_are_shown() {
    let (server, mut window, _bruno) = two_members();
    window.wait_for("In the room: 2");
    let carlo = server.member("carlo");
    window.wait_for("carlo has joined");
    window.wait_for("In the room: 3");
    drop(carlo);
    window.wait_for("carlo has left");
    window.wait_for("In the room: 2");
    window.click("Members");
    window.wait_until_gone("In the room: 2");
}

#[test]
fn several_lines_need_confirmation() {
    let (_server, mut window, mut bruno) = two_members();
    window.harness.event(Event::Paste("uno\ndue\n\ntre".into()));
    window.harness.step();
    window.press(Key::Enter);
    window.wait_for("these are 3 messages");
    window.click("Back to the text");
    assert_eq!(window.draft(), "uno\ndue\n\ntre");
    window.press(Key::Enter);
    window.wait_for("these are 3 messages");
    window.assert_focused("Send");
    window.press(Key::Enter);
    for line in ["uno", "due", "tre"] {
        bruno.receives(&format!("anna: {line}"));
    }
    window.send_message("quattro");
    bruno.receives("anna: quattro");
}

#[test]
fn server_commands_need_confirmation() {
    let (_server, mut window, mut bruno) = two_members();
    window.send_message("<who>");
    window.wait_for("the server would take <who> for a command");
    window.press(Key::Escape);
    window.wait_until_gone("the server would take");
    assert_eq!(window.draft(), "<who>");
    window.fill("Message", "ciao");
    window.press(Key::Enter);
    bruno.receives("anna: ciao");
}

#[test]
fn local_commands_are_not_sent() {
    let (_server, mut window, mut bruno) = two_members();
    window.send_message("/help");
    window.wait_for("sends a message that starts with a slash");
    window.send_message("/nick x");
    window.wait_for("there is no command /nick");
    assert_eq!(window.draft(), "/nick x");
    window.fill("Message", "//quit");
    window.press(Key::Enter);
    bruno.receives("anna: /quit");
    window.send_message("/quit");
    bruno.receives("* left anna");
    window.wait_for("You have left");
    window.click("Connect again");
    window.wait_until("joined", |window| {
        window.harness.state().session().nick().is_some()
    });
    bruno.receives("* joined anna");
}

#[test]
fn shift_enter_starts_a_new_line() {
    let (_server, mut window, _bruno) = two_members();
    window.type_text("uno");
    window
        .harness
        .key_press_modifiers(Modifiers::SHIFT, Key::Enter);
    window.harness.step();
    window.type_text("due");
    assert_eq!(window.draft(), "uno\ndue");
}

#[test]
fn the_length_is_shown_near_the_limit() {
    let (_server, mut window, mut bruno) = two_members();
    window.type_text(&"è".repeat(1700));
    assert!(!window.has(" of 4096 bytes"));
    window.type_text(&"è".repeat(348));
    window.wait_for("4096 of 4096 bytes");
    window.type_text("x");
    window.wait_for("4097 of 4096 bytes");
    window.press(Key::Enter);
    window.wait_for("a line has at most 4096 bytes, and this one has 4097");
    window.press(Key::Backspace);
    window.press(Key::Enter);
    bruno.receives(&format!("anna: {}", "è".repeat(2048)));
}

#[test]
fn the_arrows_move_through_the_history() {
    let (_server, mut window, _bruno) = two_members();
    window.send_message("uno");
    window.send_message("due");
    window.type_text("bozza");
    window.press(Key::ArrowUp);
    assert_eq!(window.draft(), "due");
    window.press(Key::ArrowUp);
    assert_eq!(window.draft(), "uno");
    for _ in 0..3 {
        window.press(Key::ArrowDown);
    }
    assert_eq!(window.draft(), "bozza");
    window.type_text("!");
    assert_eq!(window.draft(), "bozza!", "the cursor is at the end");
}

#[test]
fn the_arrows_move_the_cursor_within_several_lines() {
    let (_server, mut window, _bruno) = two_members();
    window.send_message("uno");
    window.harness.event(Event::Paste("prima\nseconda".into()));
    window.harness.step();
    window.press(Key::ArrowUp);
    assert_eq!(window.draft(), "prima\nseconda");
    window.press(Key::ArrowUp);
    assert_eq!(window.draft(), "uno");
}

#[test]
fn tab_completes_a_nickname_or_moves_the_focus() {
    let (server, mut window, mut bruno) = two_members();
    let _bea = server.member("Bea");
    bruno.receives("* joined Bea");
    window.wait_for("In the room: 3");
    window.type_text("b");
    window.press(Key::Tab);
    assert_eq!(window.draft(), "Bea: ");
    window.press(Key::Tab);
    assert_eq!(window.draft(), "bruno: ");
    window.type_text("ciao");
    window.press(Key::Enter);
    bruno.receives("anna: bruno: ciao");
    window.type_text("zz");
    window.press(Key::Tab);
    window.assert_focused("Send");
}

#[test]
fn text_typed_anywhere_goes_to_the_composer() {
    let (_server, mut window, _bruno) = two_members();
    window.press(Key::Escape);
    window.type_text("ci");
    window.harness.step();
    window.type_text("ao");
    assert_eq!(window.draft(), "ciao");
}

#[test]
fn messages_are_sanitized() {
    let (_server, mut window, mut bruno) = two_members();
    bruno.sends_line("a\u{202E}b\u{200B}c");
    window.wait_for("bruno: a‹U+202E›b‹U+200B›c");
}

#[test]
fn emoji_need_no_system_font() {
    // The test window has no system fonts, and a missing glyph would be an error.
    let (_server, mut window, mut bruno) = two_members();
    bruno.sends_line("😀 👍🏽 🇮🇹 👩\u{200D}💻 ☕");
    window.wait_for("bruno: 😀 👍🏽 🇮🇹");
}
