//! Lines of the server, valid or not.

use super::fixture::{Fixture, message};
use crate::session::{EntryKind, Event, Fault, Options, State};
use rstest::rstest;

#[test]
fn lines_after_quit_are_ignored() {
    let mut fixture = Fixture::joined(&[]);
    fixture.receives("<quit>\nbruno: tardi\n");
    assert!(!fixture.entries().contains(&&message("bruno", "tardi")));
    assert_eq!(fixture.id, None);
}

#[test]
fn unknown_lines_are_ignored_and_unknown_errors_are_shown() {
    let mut fixture = Fixture::joined(&[]);
    let before = fixture.session.transcript().end();
    fixture.receives("* topic tè\n<pong 1>\n*\n<\n\r\n");
    assert_eq!(fixture.session.transcript().end(), before);
    assert_eq!(fixture.faults(), [] as [&Fault; 0]);
    fixture.receives("! later-code why not\n");
    let (code, explanation) = ("later-code".into(), "why not".into());
    assert_eq!(
        fixture.last_entry(),
        &EntryKind::Error { code, explanation }
    );
}

#[test]
fn a_line_that_is_too_long_is_reported_and_dropped() {
    let mut fixture = Fixture::joined(&["bruno"]);
    let piece = "x".repeat(1024 * 1024);
    for _ in 0..100 {
        fixture.receives(&piece);
    }
    let before = fixture.session.transcript().end();
    fixture.receives("\nbruno: ancora qui\n");
    let error = salotto_protocol::LineError::TooLong { limit: 4130 };
    assert!(
        fixture
            .entries()
            .contains(&&EntryKind::Fault(Fault::Line(error)))
    );
    assert_eq!(fixture.session.transcript().end(), before + 1);
    assert_eq!(fixture.last_entry(), &message("bruno", "ancora qui"));
}

#[rstest]
#[case::early("* joined bruno\n", "", Fault::BeforeWelcome)]
#[case::early_message("bruno: ciao\n", "", Fault::BeforeWelcome)]
#[case::another_name("* welcome bruno 0\n", "", Fault::WelcomeForOther("bruno".into()))]
#[case::twice("* welcome anna 0\n* welcome anna 0\n", "", Fault::SecondWelcome)]
#[case::missing(
    "* welcome anna 2\n* here bruno\nbruno: ciao\n",
    "bruno",
    Fault::MissingHere
)]
#[case::too_many(
    "* welcome anna 1\n* here bruno\n* here carla\n",
    "bruno carla",
    Fault::ExtraHere
)]
#[case::joined_twice(
    "* welcome anna 0\n* joined bruno\n* joined bruno\n",
    "bruno",
    Fault::Contradiction
)]
#[case::left_twice("* welcome anna 0\n* left bruno\n", "", Fault::Contradiction)]
#[case::a_stranger("* welcome anna 0\nbruno: ciao\n", "", Fault::Contradiction)]
#[case::oneself("* welcome anna 0\n* joined anna\n", "", Fault::Contradiction)]
#[case::a_long_name(
    "* welcome anna 0\n* joined aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
    "",
    Fault::LongNick
)]
#[case::no_line("* welcome anna 0\nboh\n", "", Fault::UnknownLine("boh".into()))]
fn a_fault_is_reported(#[case] bytes: &str, #[case] members: &str, #[case] fault: Fault) {
    let mut fixture = Fixture::new(Options::default());
    fixture.connect("anna");
    fixture.event(Event::Connected);
    fixture.receives(bytes);
    assert_eq!(fixture.faults(), [&fault]);
    assert_eq!(fixture.members().join(" "), members);
    assert!(!matches!(fixture.session.state(), State::Over(_)));
}
