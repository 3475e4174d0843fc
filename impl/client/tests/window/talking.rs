//! What is said, and what is heard.

use crate::desk::Desk;
use crate::server::{Guest, Server};
use eframe::egui::{Event, Key, Modifiers};

/// Somebody at the window, and somebody else in the same room.
fn two() -> (Server, Desk, Guest) {
    let server = Server::start();
    let mut bruno = server.guest("bruno");
    let desk = Desk::at(server.port, "anna");
    assert_eq!(bruno.hears(), "* joined anna");
    (server, desk, bruno)
}

#[test]
fn what_is_said_is_heard_on_both_sides() {
    let (_server, mut desk, mut bruno) = two();
    desk.says("ciao bruno");
    assert_eq!(bruno.hears(), "anna: ciao bruno");
    assert!(desk.rows().contains(&"anna: ciao bruno".into()));
    assert_eq!(desk.draft(), "");
    bruno.says("ciao anna");
    desk.shows("bruno: ciao anna");
    desk.types("col bottone");
    desk.click("Send");
    assert_eq!(bruno.hears(), "anna: col bottone");
    desk.says("e poi ancora");
    assert_eq!(bruno.hears(), "anna: e poi ancora");
}

#[test]
fn who_comes_and_goes_is_told_and_listed() {
    let (server, mut desk, _bruno) = two();
    desk.shows("In the room: 2");
    let carlo = server.guest("carlo");
    desk.shows("carlo has come in");
    desk.shows("In the room: 3");
    drop(carlo);
    desk.shows("carlo is gone");
    desk.shows("In the room: 2");
    desk.click("Members");
    desk.loses("In the room: 2");
}

#[test]
fn several_lines_are_asked_for() {
    let (_server, mut desk, mut bruno) = two();
    desk.window.event(Event::Paste("uno\ndue\n\ntre".into()));
    desk.window.step();
    desk.press(Key::Enter);
    desk.shows("these are 3 messages");
    desk.click("Back to the text");
    assert_eq!(desk.draft(), "uno\ndue\n\ntre");
    desk.press(Key::Enter);
    desk.shows("these are 3 messages");
    desk.has_the_keyboard("Send");
    desk.press(Key::Enter);
    for line in ["uno", "due", "tre"] {
        assert_eq!(bruno.hears(), format!("anna: {line}"));
    }
    desk.says("quattro");
    assert_eq!(bruno.hears(), "anna: quattro");
}

#[test]
fn what_looks_like_a_command_is_asked_for() {
    let (_server, mut desk, mut bruno) = two();
    desk.says("<who>");
    desk.shows("the server would take <who> for a command");
    desk.press(Key::Escape);
    desk.loses("the server would take");
    assert_eq!(desk.draft(), "<who>");
    desk.fill("Message", "ciao");
    desk.press(Key::Enter);
    assert_eq!(bruno.hears(), "anna: ciao");
}

#[test]
fn commands_with_a_slash_stay_here() {
    let (_server, mut desk, mut bruno) = two();
    desk.says("/help");
    desk.shows("says what begins with a slash");
    desk.says("/nick x");
    desk.shows("there is no command /nick");
    assert_eq!(desk.draft(), "/nick x");
    desk.fill("Message", "//quit");
    desk.press(Key::Enter);
    assert_eq!(bruno.hears(), "anna: /quit");
    desk.says("/quit");
    assert_eq!(bruno.hears(), "* left anna");
    desk.shows("You have left");
    desk.click("Connect again");
    desk.until("joined", |desk| {
        desk.window.state().session().nick().is_some()
    });
    assert_eq!(bruno.hears(), "* joined anna");
}

#[test]
fn shift_return_begins_a_new_line() {
    let (_server, mut desk, _bruno) = two();
    desk.types("uno");
    desk.window
        .key_press_modifiers(Modifiers::SHIFT, Key::Enter);
    desk.window.step();
    desk.types("due");
    assert_eq!(desk.draft(), "uno\ndue");
}

#[test]
fn bytes_are_counted_near_the_limit() {
    let (_server, mut desk, mut bruno) = two();
    desk.types(&"è".repeat(1700));
    assert!(!desk.has(" of 4096 bytes"));
    desk.types(&"è".repeat(348));
    desk.shows("4096 of 4096 bytes");
    desk.types("x");
    desk.shows("4097 of 4096 bytes");
    desk.press(Key::Enter);
    desk.shows("a line has at most 4096 bytes, and this one has 4097");
    desk.press(Key::Backspace);
    desk.press(Key::Enter);
    assert_eq!(bruno.hears(), format!("anna: {}", "è".repeat(2048)));
}

#[test]
fn the_arrows_walk_through_what_was_said() {
    let (_server, mut desk, _bruno) = two();
    desk.says("uno");
    desk.says("due");
    desk.types("bozza");
    desk.press(Key::ArrowUp);
    assert_eq!(desk.draft(), "due");
    desk.press(Key::ArrowUp);
    assert_eq!(desk.draft(), "uno");
    for _ in 0..3 {
        desk.press(Key::ArrowDown);
    }
    assert_eq!(desk.draft(), "bozza");
    desk.types("!");
    assert_eq!(desk.draft(), "bozza!", "the cursor is at the end");
}

#[test]
fn inside_several_lines_the_arrows_move_the_cursor() {
    let (_server, mut desk, _bruno) = two();
    desk.says("uno");
    desk.window.event(Event::Paste("prima\nseconda".into()));
    desk.window.step();
    desk.press(Key::ArrowUp);
    assert_eq!(desk.draft(), "prima\nseconda");
    desk.press(Key::ArrowUp);
    assert_eq!(desk.draft(), "uno");
}

#[test]
fn tab_completes_a_nickname_and_else_goes_on() {
    let (server, mut desk, mut bruno) = two();
    let _bea = server.guest("Bea");
    assert_eq!(bruno.hears(), "* joined Bea");
    desk.shows("In the room: 3");
    desk.types("b");
    desk.press(Key::Tab);
    assert_eq!(desk.draft(), "Bea: ");
    desk.press(Key::Tab);
    assert_eq!(desk.draft(), "bruno: ");
    desk.types("ciao");
    desk.press(Key::Enter);
    assert_eq!(bruno.hears(), "anna: bruno: ciao");
    desk.types("zz");
    desk.press(Key::Tab);
    desk.has_the_keyboard("Send");
}

#[test]
fn typing_anywhere_is_talking() {
    let (_server, mut desk, _bruno) = two();
    desk.press(Key::Escape);
    desk.types("ci");
    desk.window.step();
    desk.types("ao");
    assert_eq!(desk.draft(), "ciao");
}

#[test]
fn what_others_write_is_harmless() {
    let (_server, mut desk, mut bruno) = two();
    bruno.says("a\u{202E}b\u{200B}c");
    desk.shows("bruno: a‹U+202E›b‹U+200B›c");
}

#[test]
fn emoji_need_no_font_of_the_system() {
    // This window has none, and a character without a glyph would be an error.
    let (_server, mut desk, mut bruno) = two();
    bruno.says("😀 👍🏽 🇮🇹 👩\u{200D}💻 ☕");
    desk.shows("bruno: 😀 👍🏽 🇮🇹");
}
