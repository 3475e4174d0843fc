//! Examples: what each connection receives.

use crate::test_room::{NAMING_TIMEOUT, TestRoom};
use rstest::rstest;
use salotto_room::{Departure, Status};
use std::time::Duration;

#[test]
fn a_newcomer_is_welcomed_and_announced() {
    let mut room = TestRoom::with(&["anna", "Bruno"]);
    room.arrive(2);
    room.say(2, "CARLA");
    assert_eq!(
        room.heard(2),
        ["* welcome CARLA 2", "* here anna", "* here Bruno"]
    );
    assert_eq!(room.heard(0), ["* joined CARLA"]);
    assert_eq!(room.heard(1), ["* joined CARLA"]);
}

#[test]
fn a_message_goes_to_everybody_else() {
    let mut room = TestRoom::with(&["anna", "bruno", "carla"]);
    room.say(1, "ciao: a tutti ");
    assert_eq!(room.heard(0), ["bruno: ciao: a tutti "]);
    assert_eq!(room.heard(1), [""; 0]);
    assert_eq!(room.heard(2), ["bruno: ciao: a tutti "]);
}

#[rstest]
#[case::empty("", None)]
#[case::control("a\x07", Some("! control-character"))]
#[case::control_before_command("<quit>\x07", Some("! control-character"))]
#[case::command("<who>", Some("! unknown-command"))]
#[case::longest_command(&format!("<{}>", "x".repeat(4094)), Some("! unknown-command"))]
fn has_no_effect_on_others(
    #[values("", "anna")] name: &str,
    #[case] line: &str,
    #[case] reply: Option<&str>,
) {
    let mut room = TestRoom::with(&[name, "bruno"]);
    room.say(0, line);
    let heard = room.heard(0);
    assert_eq!(heard.len(), usize::from(reply.is_some()));
    assert!(
        heard
            .iter()
            .zip(reply)
            .all(|(line, code)| line.starts_with(code)),
        "{heard:?}"
    );
    assert_eq!(room.heard(1), [""; 0]);
    assert!(!room.has_goodbye(0));
}

#[rstest]
#[case("an na", "! nickname-invalid")]
#[case("*", "! nickname-invalid")]
#[case("anna", "! nickname-taken")]
#[case("ANNA", "! nickname-taken")]
#[case("ａnna", "! nickname-taken")]
fn another_nickname_may_follow_a_refused_one(#[case] name: &str, #[case] code: &str) {
    let mut room = TestRoom::with(&["anna", ""]);
    room.say(1, name);
    assert!(room.heard(1).concat().starts_with(code));
    assert_eq!(room.heard(0), [""; 0]);
    room.say(1, "bruno");
    assert_eq!(room.heard(1), ["* welcome bruno 1", "* here anna"]);
}

#[rstest]
fn leaving_is_announced_once(#[values("<quit>", "{quit}", "the end", "a reset")] cause: &str) {
    let mut room = TestRoom::with(&["anna", "bruno"]);
    match cause {
        "the end" => room.leave(0, Departure::Ended),
        "a reset" => room.leave(0, Departure::Lost),
        quit => room.say(0, quit),
    }
    room.say(0, "nobody hears this");
    room.leave(0, Departure::Ended);
    assert_eq!(room.heard(1), ["* left anna"]);
    assert_eq!(room.heard(0), [""; 0]);
    assert_eq!(room.has_goodbye(0), cause != "a reset");
    // The nickname and the number are free.
    room.arrive(0);
    room.say(0, "Anna");
    assert_eq!(room.heard(0), ["* welcome Anna 1", "* here bruno"]);
}

#[test]
fn naming_connections_neither_hear_nor_are_heard_of() {
    let mut room = TestRoom::with(&["anna", "", ""]);
    room.say(0, "c'è qualcuno?");
    room.say(1, "<quit>");
    room.leave(2, Departure::Lost);
    for id in 0..3 {
        assert_eq!(room.heard(id), [""; 0]);
    }
    assert!(room.has_goodbye(1));
}

#[test]
fn a_full_room_refuses_the_nickname_and_says_goodbye() {
    let mut room = TestRoom::with(&["a", "b", "c", "d", "e", ""]);
    room.say(5, "f f");
    assert!(room.heard(5).concat().starts_with("! nickname-invalid"));
    room.say(5, "f");
    assert!(room.heard(5).concat().starts_with("! room-full"));
    assert!(room.has_goodbye(5));
    room.leave(2, Departure::Lost);
    room.arrive(6);
    room.say(6, "f");
    assert_eq!(room.heard(6)[0], "* welcome f 4");
}

#[test]
fn one_naming_connection_too_many_is_closed() {
    let mut room = TestRoom::new(5, 2);
    for id in 0..3 {
        room.arrive(id);
    }
    assert!(!room.has_goodbye(1));
    assert!(room.has_goodbye(2));
    room.say(0, "anna");
    room.arrive(3);
    assert!(!room.has_goodbye(3), "a member does not count as naming");
}

#[test]
fn the_naming_timeout_closes_naming_connections_only() {
    let mut room = TestRoom::with(&["anna", ""]);
    let second = Duration::from_secs(1);
    assert_eq!(room.wait(second), Some(NAMING_TIMEOUT - second));
    room.arrive(2);
    assert_eq!(room.wait(NAMING_TIMEOUT - 2 * second), Some(second));
    assert_eq!(room.closed(1), None);
    assert_eq!(room.wait(second), Some(second));
    assert_eq!(room.closed(1), Some(Departure::NamingTimeout));
    assert_eq!(room.wait(second), None);
    assert_eq!(room.closed(2), Some(Departure::NamingTimeout));
    assert_eq!(room.wait(NAMING_TIMEOUT), None);
    assert_eq!(room.status(0), Status::Member);
    assert_eq!(room.heard(0), [""; 0]);
}

#[test]
fn at_shutdown_everybody_gets_a_goodbye_and_nothing_else() {
    let mut room = TestRoom::with(&["anna", "bruno", ""]);
    room.shut_down();
    room.say(0, "troppo tardi");
    for id in 0..3 {
        assert!(room.has_goodbye(id));
        assert_eq!(room.heard(id), [""; 0]);
    }
}
