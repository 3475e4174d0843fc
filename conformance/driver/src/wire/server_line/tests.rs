//! Every line has one typed form and one written form.

use super::*;
use rstest::rstest;

#[rstest]
#[case("", ServerLine::Empty)]
#[case("* welcome anna 0", ServerLine::welcome("anna", 0))]
#[case("* here anna", ServerLine::here("anna"))]
#[case("* joined anna", ServerLine::joined("anna"))]
#[case("* left a:", ServerLine::left("a:"))]
#[case("anna: ciao", ServerLine::message("anna", "ciao"))]
#[case("anna: ", ServerLine::message("anna", ""))]
#[case(
    "anna: * left bruno: x",
    ServerLine::message("anna", "* left bruno: x")
)]
#[case("! room-full", ServerLine::refusal(ErrorCode::RoomFull))]
#[case("<quit>", ServerLine::Quit)]
fn has_two_forms(#[case] line: &str, #[case] parsed: ServerLine<'_>) {
    assert_eq!(ServerLine::parse(line), parsed);
    assert_eq!(parsed.to_string(), line);
}

#[rstest]
#[case("* welcome anna 12 e altri", Some(12), Some("e altri"))]
#[case("* welcome anna 0 ", Some(0), Some(""))]
#[case("* welcome anna", None, None)]
#[case("* welcome anna 007", None, Some("007"))]
#[case("* welcome anna +1", None, Some("+1"))]
#[case("* welcome anna  1", None, Some(" 1"))]
#[case(
    "* welcome anna 99999999999999999999",
    None,
    Some("99999999999999999999")
)]
fn a_welcome_counts_in_plain_decimals(
    #[case] line: &str,
    #[case] count: Option<usize>,
    #[case] further: Option<&str>,
) {
    let nickname = "anna";
    let parsed = ServerLine::Welcome {
        nickname,
        count,
        further,
    };
    assert_eq!(ServerLine::parse(line), parsed);
    assert_eq!(parsed.to_string(), line);
}

#[rstest]
#[case("* joined")]
#[case("* joined ")]
#[case("* joined  anna")]
#[case("*joined anna")]
#[case("* motd benvenuti")]
#[case("! ")]
#[case("!nickname-taken")]
#[case("! nickname-takes x")]
#[case("<quit> ")]
#[case("<ping>")]
fn is_undefined(#[case] line: &str) {
    assert!(ServerLine::parse(line).is_undefined());
}

#[rstest]
#[case("an na: x")]
#[case("a:b: x")]
#[case(": x")]
#[case("anna:x")]
#[case("{anna: x")]
fn is_no_message(#[case] line: &str) {
    assert_eq!(ServerLine::parse(line), ServerLine::Unknown(line));
}

#[test]
fn events_are_what_happens_in_the_room() {
    assert_eq!(
        Event::parse("* joined anna again"),
        Some(Event::Joined("anna"))
    );
    assert_eq!(Event::parse("* left anna"), Some(Event::Left("anna")));
    assert_eq!(Event::parse("anna: : "), Some(Event::Said("anna", ": ")));
    for line in ["* welcome anna 1", "* here anna", "! room-full", "<quit>"] {
        assert_eq!(Event::parse(line), None);
    }
}

/// Every line made of up to five of these pieces, most of them nonsense, survives parsing.
#[test]
fn parsing_loses_nothing() {
    const PIECES: [&str; 12] = [
        "* ",
        "! ",
        "welcome",
        "joined",
        "room-full",
        "<quit>",
        "anna",
        ": ",
        " ",
        "0",
        "17",
        "è",
    ];
    let mut lines = vec![String::new()];
    for _ in 0..5 {
        let longer = lines
            .iter()
            .flat_map(|line| PIECES.map(|piece| format!("{line}{piece}")));
        lines = longer.collect();
        for line in &lines {
            assert_eq!(ServerLine::parse(line).to_string(), *line);
        }
    }
}

#[test]
fn every_code_has_one_spelling() {
    for code in ErrorCode::ALL {
        assert_eq!(ErrorCode::parse(&code.to_string()), Some(code));
    }
    assert_eq!(ErrorCode::parse("Room-full"), None);
}
