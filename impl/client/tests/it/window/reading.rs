//! The transcript, the search, the protocol pane and saving.

use crate::support::server::{FakeServer, Peer};
use crate::support::test_window::TestWindow;
use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{
    Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, OutputCommand, Pos2, TouchPhase, Vec2,
};
use egui_kittest::kittest::{NodeT, Queryable};
use std::fmt::Write;

/// A window in a room in which `count` messages have been received.
fn after(count: usize) -> (FakeServer, TestWindow, Peer) {
    let fake = FakeServer::new();
    let (mut window, mut client) = TestWindow::joined_fake(&fake);
    client.sends_line("* joined bruno");
    let mut lines = String::new();
    for n in 0..count {
        let more = "parola ".repeat(n * 7 % 40);
        writeln!(lines, "bruno: numero {n}. {more}").expect("memory");
    }
    client.sends(lines.as_bytes());
    window.wait_for(&match count {
        0 => "bruno has joined".into(),
        _ => format!("bruno: numero {}.", count - 1),
    });
    (fake, window, client)
}

/// Turns the wheel over the transcript, upwards if `points` is positive.
fn wheel(window: &mut TestWindow, points: f32) {
    window.harness.hover_at(Pos2::new(300.0, 300.0));
    window.harness.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: Vec2::new(0.0, points),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    for _ in 0..20 {
        window.harness.step();
    }
}

/// The distance of a row from the top of the window.
fn top(window: &TestWindow, row: &str) -> Option<f32> {
    let rows = window.harness.query_all_by_role(Role::ListItem);
    let mut rows = rows.filter(|node| {
        let label = node.accesskit_node().label();
        label.is_some_and(|label| label.contains(row))
    });
    rows.next().map(|node| node.rect().top())
}

#[test]
fn the_newest_is_shown_and_few_rows_are_drawn() {
    let (_fake, mut window, mut client) = after(5_000);
    assert!(window.rows().len() < 40, "{} rows", window.rows().len());
    client.sends_line("bruno: ultima");
    window.wait_for("bruno: ultima");
}

/// The messages that a screen reader announces in this frame.
fn announced(window: &TestWindow) -> Vec<String> {
    let list = window.harness.get_by_label("Messages");
    let live = list
        .children_recursive()
        .filter(|node| node.accesskit_node().live() == Live::Polite);
    live.filter_map(|node| {
        let node = node.accesskit_node();
        node.label().or_else(|| node.value())
    })
    .collect()
}

#[test]
fn messages_of_others_are_announced_once() {
    let (_fake, mut window, mut client) = after(200);
    client.sends_line("bruno: ecco https://example.org/pagina e basta");
    window.wait_for("bruno: ecco");
    let row = "bruno: ecco https://example.org/pagina e basta";
    assert_eq!(
        announced(&window),
        [row],
        "the whole row, and none of its parts"
    );
    window.harness.step();
    assert!(announced(&window).is_empty(), "it has been announced");

    window.send_message("mia");
    window.wait_for("anna: mia");
    assert!(
        announced(&window).is_empty(),
        "anna's own message is not announced"
    );

    wheel(&mut window, 900.0);
    client.sends_line("bruno: nuova");
    window.wait_for("One new message");
    assert!(
        announced(&window).is_empty(),
        "the newest messages are not visible"
    );
    window.click("One new message");
    window.wait_for("bruno: nuova");
    assert!(announced(&window).is_empty(), "it is not new any more");
}

#[test]
fn new_messages_do_not_scroll_the_view_away() {
    let (_fake, mut window, mut client) = after(2_000);
    wheel(&mut window, 900.0);
    window.wait_for("Jump to the newest");
    let rows = window.rows();
    let row = rows[rows.len() / 2].clone();
    let before = top(&window, &row).expect("a row");
    for n in 0..50 {
        client.sends_line(&format!("bruno: nuova {n}"));
    }
    window.wait_for("50 new messages");
    let after = top(&window, &row).expect("the same row");
    assert!((after - before).abs() < 0.6, "from {before} to {after}");
    window.click("50 new messages");
    window.wait_for("bruno: nuova 49");
    window.wait_until_gone("new messages");
}

#[test]
fn the_wheel_scrolls_by_its_distance() {
    let (_fake, mut window, _client) = after(2_000);
    wheel(&mut window, 300.0);
    for _ in 0..20 {
        let rows = window.rows();
        let row = rows[rows.len() / 3].clone();
        let before = top(&window, &row).expect("a row");
        wheel(&mut window, 60.0);
        let after = top(&window, &row).expect("the same row");
        assert!(
            (after - before - 60.0).abs() < 1.0,
            "{row}: from {before} to {after}"
        );
    }
}

#[test]
fn the_keyboard_scrolls_by_pages() {
    let (_fake, mut window, _client) = after(300);
    for _ in 0..80 {
        window.press(Key::PageUp);
    }
    assert!(window.has("connecting to 127.0.0.1"), "the first row");
    window.press(Key::PageDown);
    window.wait_until_gone("connecting to 127.0.0.1");
    window
        .harness
        .key_press_modifiers(Modifiers::COMMAND, Key::End);
    window.wait_for("numero 299");
}

#[test]
fn resizing_keeps_the_newest_visible() {
    let (_fake, mut window, _client) = after(500);
    window.harness.set_size(Vec2::new(380.0, 400.0));
    window.wait_until_gone("In the room");
    window.wait_for("numero 499");
    window.harness.set_size(Vec2::new(1200.0, 800.0));
    window.wait_for("numero 499");
}

#[test]
fn unread_messages_are_counted_and_marked() {
    let (_fake, mut window, mut client) = after(3);
    assert!(!window.has("unread from here"));
    window.harness.input_mut().focused = false;
    window.harness.step();
    client.sends_line("bruno: uno");
    client.sends_line("bruno: ANNA, ci sei?");
    window.wait_until("(2, @1) 127.0.0.1 – Salotto", |window| {
        window.title() == "(2, @1) 127.0.0.1 – Salotto"
    });
    assert!(window.has("unread from here"));
    window.harness.input_mut().focused = true;
    window.wait_until("no count", |window| window.title() == "127.0.0.1 – Salotto");
    assert!(window.has("unread from here"), "the line stays");
}

#[test]
fn hyperlinks_have_names_and_open() {
    let (_fake, mut window, mut client) = after(0);
    client.sends_line("bruno: guarda https://example.org/a. Poi file:///etc/passwd");
    window.wait_for("guarda");
    let link = window.harness.get_by_role(Role::Link);
    assert_eq!(
        link.accesskit_node().label().as_deref(),
        Some("https://example.org/a")
    );
    link.click();
    window.wait_until("opened", |window| {
        let commands = &window.harness.output().platform_output.commands;
        commands.iter().any(|command| {
            matches!(command, OutputCommand::OpenUrl(open) if open.url == "https://example.org/a")
        })
    });
}

#[test]
fn text_can_be_selected_across_messages() {
    let (_fake, mut window, mut client) = after(0);
    client.sends_line("bruno: prima riga");
    client.sends_line("bruno: seconda riga");
    client.sends_line("bruno: terza riga");
    window.wait_for("bruno: terza riga");
    let label = |text: &str| {
        window
            .harness
            .get_by_role_and_label(Role::Label, text)
            .rect()
    };
    let (from, to) = (label("prima riga"), label("terza riga"));
    window.harness.drag_at(from.left_center());
    window.harness.step();
    window.harness.hover_at(to.right_center());
    window.harness.step();
    window.harness.drop_at(to.right_center());
    window.harness.step();
    window.harness.event(Event::Copy);
    window.harness.step();
    let commands = &window.harness.output().platform_output.commands;
    let copied = commands.iter().find_map(|command| match command {
        OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    });
    let copied = copied.expect("something copied");
    let lines: Vec<_> = copied.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, ["prima riga", "seconda riga", "terza riga"]);
}

#[test]
fn the_transcript_can_be_searched() {
    let (_fake, mut window, mut client) = after(3_000);
    window
        .harness
        .key_press_modifiers(Modifiers::COMMAND, Key::F);
    window.harness.step();
    window.harness.step();
    window.type_text("NUMERO 12.");
    window.wait_for("1 found");
    window.press(Key::Enter);
    window.wait_for("1 of 1");
    window.wait_for("bruno: numero 12.");
    client.sends_line("bruno: anche numero 12.");
    window.wait_for("2 of 2");
    window.press(Key::Enter);
    window.wait_for("1 of 2");
    window.wait_for("bruno: anche numero 12.");
    window.press(Key::Escape);
    window.wait_until_gone("1 of 2");
    window.type_text("di nuovo qui");
    assert_eq!(window.draft(), "di nuovo qui");
}

#[test]
fn the_protocol_is_shown_in_both_directions() {
    let (_fake, mut window, mut client) = after(1);
    window.click("Protocol");
    window.wait_for("sent: anna (CLIENT-1)");
    window.wait_for("received: * welcome anna 0 (JOIN-1)");
    window.send_message("ciao");
    client.receives("ciao");
    window.wait_for("sent: ciao (MSG-1)");
    client.sends_line("che cosa?");
    window.wait_for("received: che cosa? (server fault (MSG-1)");
}

#[test]
fn the_transcript_is_saved_without_overwriting() {
    let (_fake, mut window, _client) = after(2);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.txt");
    window.click("Menu");
    window.click("Save the transcript…");
    window.fill("Save as", path.to_str().expect("a path"));
    window.press(Key::Enter);
    window.wait_for("Saved in");
    let saved = std::fs::read_to_string(&path).expect("a file");
    assert!(saved.contains(" bruno: numero 1."), "{saved}");
    assert!(
        saved.contains(" * you are in the room as anna, alone\n"),
        "{saved}"
    );
    window.click("Save");
    window.wait_for("A file of that name already exists");
    assert_eq!(std::fs::read_to_string(&path).expect("a file"), saved);
    window.click("Close");
    window.wait_until_gone("Save as");
}
