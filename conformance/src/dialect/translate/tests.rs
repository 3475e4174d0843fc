//! Streams of servers of several dialects, and the lines that they are.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use rstest::rstest;

use super::super::known::Known;
use super::*;

/// `anna` is a member before `bruno` joins; the speaker is bruno's.
struct Room {
    known: Rc<RefCell<Known>>,
    bruno: Speaker,
}

impl Room {
    /// Bruno has joined, and anna is going to say these texts.
    fn of(dialect: &str, texts: &[&str]) -> Self {
        let dialect = super::super::built_in(dialect).unwrap().unwrap();
        let dialect = Arc::new(dialect);
        let known = Rc::<RefCell<Known>>::default();
        known.borrow_mut().ask("anna");
        known.borrow_mut().join("anna");
        let mut bruno = Speaker::new(dialect, Rc::clone(&known));
        bruno.encode(b"bruno\n");
        for text in texts {
            known.borrow_mut().say("anna", text);
        }
        Self { known, bruno }
    }

    /// The lines of a stream that arrives in these pieces.
    fn lines(&mut self, pieces: &[&[u8]]) -> Vec<String> {
        let mut lines = Vec::new();
        let mut out = |line: Option<Received>| lines.extend(line.map(|line| line.to_string()));
        for piece in pieces {
            self.bruno.feed(piece, &mut out);
        }
        self.bruno.settle(&mut out);
        lines
    }
}

#[rstest]
#[case(&["ciao"], "anna: ciao", &["anna: ciao"])]
#[case(&["uno", "due"], "anna: unoanna: due", &["anna: uno", "anna: due"])]
#[case(&["u", "uno"], "anna: uanna: uno", &["anna: u", "anna: uno"])]
#[case(&["bruno: ciao", "ciao"], "anna: bruno: ciaoanna: ciao", &["anna: bruno: ciao", "anna: ciao"])]
#[case(&["* left bruno", "{quit} {quit}"], "anna: * left brunoanna: {quit} {quit}", &["anna: * left bruno", "anna: {quit} {quit}"])]
#[case(&["uno", "due"], "anna: duo", &["anna: duo"])]
#[case(&["uno", "due"], "anna: unodue", &["anna: unodue"])]
#[case(&["lungo"], "anna: lun", &["anna: lun"])]
#[case(&[], "anna ha lasciato la chat", &["* left anna"])]
#[case(&[], "anna: ", &["anna: "])]
fn a_stream_without_ends_of_messages(
    #[case] texts: &[&str],
    #[case] stream: &str,
    #[case] expected: &[&str],
) {
    let mut room = Room::of("classic", texts);
    let welcome = b"Ciao bruno! Scrivi {quit} per uscire.";
    assert_eq!(room.lines(&[welcome]), ["* welcome bruno"]);
    let expected: Vec<_> = expected
        .iter()
        .map(|line| line.trim_end().to_owned())
        .collect();
    let lines = room.lines(&[stream.as_bytes()]);
    let lines: Vec<_> = lines.iter().map(|line| line.replace("\\x20", "")).collect();
    assert_eq!(lines, expected);
}

#[test]
fn a_stream_gives_the_same_lines_wherever_it_is_cut() {
    let texts = ["perché no", "uno", "uno due", "bruno: x"];
    let stream = texts.map(|text| format!("anna: {text}")).concat();
    let expected = texts.map(|text| format!("anna: {text}"));
    for cut in 1..stream.len() {
        let mut room = Room::of("classic", &texts);
        room.lines(&[b"Ciao bruno"]);
        let (one, two) = stream.as_bytes().split_at(cut);
        let mut lines = Vec::new();
        let mut out = |line: Option<Received>| lines.extend(line.map(|line| line.to_string()));
        room.bruno.feed(one, &mut out);
        room.bruno.feed(two, &mut out);
        room.bruno.settle(&mut out);
        // A text that is the start of another one looks whole when the stream is cut behind it.
        if !one.ends_with(b"anna: uno") {
            assert_eq!(lines, expected, "cut at {cut}");
        }
    }
}

#[test]
fn notices_that_come_at_once_are_told_apart() {
    let mut room = Room::of("classic", &[]);
    room.lines(&[b"Ciao bruno"]);
    for name in ["carla", "dario"] {
        room.known.borrow_mut().ask(name);
    }
    room.known.borrow_mut().say("anna", "uno");
    let lines = room.lines(&[b"anna: unocarla e' entratadario e' entrato"]);
    assert_eq!(lines, ["anna: uno", "* joined carla", "* joined dario"]);
}

#[test]
fn somebody_who_leaves_twice_is_told_twice() {
    let mut room = Room::of("classic", &[]);
    room.lines(&[b"Ciao bruno"]);
    room.known.borrow_mut().leave("anna");
    let lines = room.lines(&[b"anna ha lasciato la chat!", b"anna ha lasciato la chat!"]);
    assert_eq!(lines, ["* left anna", "* left anna"]);
}

#[test]
fn budget_chat_lists_who_is_there() {
    let mut room = Room::of("budget-chat", &["ciao"]);
    let lines = room.lines(&[
        b"What shall I call you?\n* The room contains: anna\n[anna] ciao\n* carla has entered\n",
    ]);
    let foreign = "* carla has entered (the dialect has no such words)";
    assert_eq!(
        lines,
        ["* welcome bruno", "* here anna", "anna: ciao", foreign]
    );
}

#[test]
fn a_refusal_counts_once_the_connection_has_ended() {
    let mut room = Room::of("budget-chat", &[]);
    room.bruno.nick = Some("b-r".to_owned());
    assert_eq!(
        room.lines(&[b"This name is not allowed\n"]),
        Vec::<String>::new()
    );
    let mut lines = Vec::new();
    room.bruno
        .end(&mut |line| lines.extend(line.map(|line| line.to_string())));
    assert_eq!(lines, ["! nickname-invalid"]);
}

#[test]
fn what_a_client_sends() {
    let mut room = Room::of("classic", &[]);
    room.lines(&[b"Ciao bruno"]);
    let bytes = |text: &str| Write::Bytes(text.into());
    assert_eq!(room.bruno.encode(b"ciao\n"), [bytes("ciao")]);
    assert_eq!(room.bruno.encode(b"uno\ndue\n"), [bytes("unodue")]);
    assert_eq!(room.bruno.encode(b"<quit>\n"), [bytes("{quit}")]);
    let mut room = Room::of("budget-chat", &[]);
    assert_eq!(room.bruno.encode(b"uno\ndue\n"), [bytes("uno\ndue\n")]);
    assert_eq!(room.bruno.encode(b"<quit>\n"), [Write::Fin]);
}
