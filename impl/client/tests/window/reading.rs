//! The transcript, and what stands around it.

use crate::desk::Desk;
use crate::server::Fake;
use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{
    Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, OutputCommand, Pos2, TouchPhase, Vec2,
};
use egui_kittest::kittest::{NodeT, Queryable};
use std::fmt::Write;

/// Somebody in a room in which `count` messages have been said.
fn after(count: usize) -> (Fake, Desk, crate::server::Guest) {
    let fake = Fake::new();
    let mut desk = Desk::new();
    desk.goes_to(fake.port, "anna");
    desk.shows("Asking for the nickname");
    let mut client = fake.welcome();
    client.says("* joined bruno");
    let mut lines = String::new();
    for n in 0..count {
        let more = "parola ".repeat(n * 7 % 40);
        writeln!(lines, "bruno: numero {n}. {more}").expect("memory");
    }
    client.sends(lines.as_bytes());
    desk.shows(&match count {
        0 => "bruno has come in".into(),
        _ => format!("bruno: numero {}.", count - 1),
    });
    (fake, desk, client)
}

/// Turns the wheel over the transcript: up when `points` is above 0.
fn wheel(desk: &mut Desk, points: f32) {
    desk.window.hover_at(Pos2::new(300.0, 300.0));
    desk.window.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: Vec2::new(0.0, points),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    for _ in 0..20 {
        desk.window.step();
    }
}

/// Where a row is, from the top of the window.
fn top(desk: &Desk, row: &str) -> Option<f32> {
    let rows = desk.window.query_all_by_role(Role::ListItem);
    let mut rows = rows.filter(|node| {
        let label = node.accesskit_node().label();
        label.is_some_and(|label| label.contains(row))
    });
    rows.next().map(|node| node.rect().top())
}

#[test]
fn the_newest_is_shown_and_few_rows_are_drawn() {
    let (_fake, mut desk, mut client) = after(5_000);
    assert!(desk.rows().len() < 40, "{} rows", desk.rows().len());
    client.says("bruno: ultima");
    desk.shows("bruno: ultima");
}

/// What a screen reader says by itself of the messages.
fn aloud(desk: &Desk) -> Vec<String> {
    let list = desk.window.get_by_label("Messages");
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
fn what_others_say_is_read_aloud_once() {
    let (_fake, mut desk, mut client) = after(200);
    client.says("bruno: ecco https://example.org/pagina e basta");
    desk.shows("bruno: ecco");
    let row = "bruno: ecco https://example.org/pagina e basta";
    assert_eq!(aloud(&desk), [row], "the whole row, and none of its parts");
    desk.window.step();
    assert!(aloud(&desk).is_empty(), "it has been said");

    desk.says("mia");
    desk.shows("anna: mia");
    assert!(aloud(&desk).is_empty(), "anna knows what she types");

    wheel(&mut desk, 900.0);
    client.says("bruno: nuova");
    desk.shows("One new message");
    assert!(aloud(&desk).is_empty(), "anna reads something else");
    desk.click("One new message");
    desk.shows("bruno: nuova");
    assert!(aloud(&desk).is_empty(), "it is not new any more");
}

#[test]
fn who_reads_further_up_is_not_moved() {
    let (_fake, mut desk, mut client) = after(2_000);
    wheel(&mut desk, 900.0);
    desk.shows("To the newest");
    let rows = desk.rows();
    let row = rows[rows.len() / 2].clone();
    let before = top(&desk, &row).expect("a row");
    for n in 0..50 {
        client.says(&format!("bruno: nuova {n}"));
    }
    desk.shows("50 new messages");
    let after = top(&desk, &row).expect("the same row");
    assert!((after - before).abs() < 0.6, "from {before} to {after}");
    desk.click("50 new messages");
    desk.shows("bruno: nuova 49");
    desk.loses("new messages");
}

#[test]
fn the_wheel_moves_rows_by_what_it_turns() {
    let (_fake, mut desk, _client) = after(2_000);
    wheel(&mut desk, 300.0);
    for _ in 0..20 {
        let rows = desk.rows();
        let row = rows[rows.len() / 3].clone();
        let before = top(&desk, &row).expect("a row");
        wheel(&mut desk, 60.0);
        let after = top(&desk, &row).expect("the same row");
        assert!(
            (after - before - 60.0).abs() < 1.0,
            "{row}: from {before} to {after}"
        );
    }
}

#[test]
fn pages_are_turned_from_the_keyboard() {
    let (_fake, mut desk, _client) = after(300);
    for _ in 0..80 {
        desk.press(Key::PageUp);
    }
    assert!(desk.has("connecting to 127.0.0.1"), "the first row");
    desk.press(Key::PageDown);
    desk.loses("connecting to 127.0.0.1");
    desk.window
        .key_press_modifiers(Modifiers::COMMAND, Key::End);
    desk.shows("numero 299");
}

#[test]
fn a_narrow_window_shows_the_newest_as_well() {
    let (_fake, mut desk, _client) = after(500);
    desk.window.set_size(Vec2::new(380.0, 400.0));
    desk.loses("In the room");
    desk.shows("numero 499");
    desk.window.set_size(Vec2::new(1200.0, 800.0));
    desk.shows("numero 499");
}

#[test]
fn the_unread_are_counted_and_a_line_stands_before_them() {
    let (_fake, mut desk, mut client) = after(3);
    assert!(!desk.has("unread from here"));
    desk.window.input_mut().focused = false;
    desk.window.step();
    client.says("bruno: uno");
    client.says("bruno: ANNA, ci sei?");
    desk.until("(2, @1) 127.0.0.1 – Salotto", |desk| {
        desk.title() == "(2, @1) 127.0.0.1 – Salotto"
    });
    assert!(desk.has("unread from here"));
    desk.window.input_mut().focused = true;
    desk.until("no count", |desk| desk.title() == "127.0.0.1 – Salotto");
    assert!(desk.has("unread from here"), "the line stays");
}

#[test]
fn links_are_links_with_names() {
    let (_fake, mut desk, mut client) = after(0);
    client.says("bruno: guarda https://example.org/a. Poi file:///etc/passwd");
    desk.shows("guarda");
    let link = desk.window.get_by_role(Role::Link);
    assert_eq!(
        link.accesskit_node().label().as_deref(),
        Some("https://example.org/a")
    );
    link.click();
    desk.until("opened", |desk| {
        let commands = &desk.window.output().platform_output.commands;
        commands.iter().any(|command| {
            matches!(command, OutputCommand::OpenUrl(open) if open.url == "https://example.org/a")
        })
    });
}

#[test]
fn text_is_selected_across_messages_and_copied() {
    let (_fake, mut desk, mut client) = after(0);
    client.says("bruno: prima riga");
    client.says("bruno: seconda riga");
    client.says("bruno: terza riga");
    desk.shows("bruno: terza riga");
    let label = |text: &str| desk.window.get_by_role_and_label(Role::Label, text).rect();
    let (from, to) = (label("prima riga"), label("terza riga"));
    desk.window.drag_at(from.left_center());
    desk.window.step();
    desk.window.hover_at(to.right_center());
    desk.window.step();
    desk.window.drop_at(to.right_center());
    desk.window.step();
    desk.window.event(Event::Copy);
    desk.window.step();
    let commands = &desk.window.output().platform_output.commands;
    let copied = commands.iter().find_map(|command| match command {
        OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    });
    let copied = copied.expect("something copied");
    let lines: Vec<_> = copied.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, ["prima riga", "seconda riga", "terza riga"]);
}

#[test]
fn what_was_said_is_found() {
    let (_fake, mut desk, mut client) = after(3_000);
    desk.window.key_press_modifiers(Modifiers::COMMAND, Key::F);
    desk.window.step();
    desk.window.step();
    desk.types("NUMERO 12.");
    desk.shows("1 found");
    desk.press(Key::Enter);
    desk.shows("1 of 1");
    desk.shows("bruno: numero 12.");
    client.says("bruno: anche numero 12.");
    desk.shows("2 of 2");
    desk.press(Key::Enter);
    desk.shows("1 of 2");
    desk.shows("bruno: anche numero 12.");
    desk.press(Key::Escape);
    desk.loses("1 of 2");
    desk.types("di nuovo qui");
    assert_eq!(desk.draft(), "di nuovo qui");
}

#[test]
fn the_protocol_is_shown_in_both_directions() {
    let (_fake, mut desk, mut client) = after(1);
    desk.click("Protocol");
    desk.shows("sent: anna (CLIENT-1)");
    desk.shows("received: * welcome anna 0 (JOIN-1)");
    desk.says("ciao");
    assert_eq!(client.hears(), "ciao");
    desk.shows("sent: ciao (MSG-1)");
    client.says("che cosa?");
    desk.shows("received: che cosa? (fault of the server (MSG-1)");
}

#[test]
fn the_transcript_is_saved_and_nothing_is_overwritten() {
    let (_fake, mut desk, _client) = after(2);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.txt");
    desk.click("Menu");
    desk.click("Save the transcript…");
    desk.fill("Save as", path.to_str().expect("a path"));
    desk.press(Key::Enter);
    desk.shows("Saved in");
    let saved = std::fs::read_to_string(&path).expect("a file");
    assert!(saved.contains(" bruno: numero 1."), "{saved}");
    assert!(saved.contains(" * you are in as anna, alone\n"), "{saved}");
    desk.click("Save");
    desk.shows("There is a file of that name already");
    assert_eq!(std::fs::read_to_string(&path).expect("a file"), saved);
    desk.click("Close");
    desk.loses("Save as");
}
