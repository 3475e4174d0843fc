//! From connecting to the welcome.

use super::fixture::Fixture;
use crate::session::{End, EntryKind, Event, Failure, Fault, InputError, Options, State};
use rstest::rstest;

#[test]
fn joins_the_room() {
    let mut fixture = Fixture::new(Options::default());
    fixture.connect("anna");
    assert_eq!(fixture.session.state(), &State::Connecting);
    assert_eq!(fixture.sent, "");
    fixture.event(Event::Connected);
    assert_eq!(fixture.sent, "anna\n");
    assert_eq!(fixture.session.state(), &State::Naming);
    fixture.receives("* welcome anna 2 and more\r\n* here car");
    assert_eq!(fixture.session.state(), &State::Joined);
    fixture.receives("la\n\n* here Bruno\n* joined dario\n* left carla\n");
    assert_eq!(fixture.members(), ["Bruno", "dario"]);
    assert_eq!(fixture.session.nick(), Some("anna"));
    let nicks = ["carla".into(), "Bruno".into()].into();
    assert_eq!(
        fixture.entries()[1..],
        [
            &EntryKind::Welcome {
                nick: "anna".into(),
                others: 2
            },
            &EntryKind::Present { nicks, more: 0 },
            &EntryKind::Joined("dario".into()),
            &EntryKind::Left("carla".into()),
        ]
    );
    assert_eq!(fixture.faults(), [] as [&Fault; 0]);
}

#[test]
fn a_refused_nickname_can_be_replaced() {
    let mut fixture = Fixture::new(Options::default());
    fixture.connect("anna");
    fixture.event(Event::Connected);
    fixture.receives("! nickname-taken sorry\n");
    let State::Refused(refusal) = fixture.session.state() else {
        panic!("{:?}", fixture.session.state());
    };
    assert_eq!(
        (&*refusal.nick, &*refusal.code, &*refusal.explanation),
        ("anna", "nickname-taken", "sorry")
    );
    assert_eq!(fixture.submits("ciao"), Err(InputError::NotJoined));
    for bad in ["", "<quit>", "{quit}", "<who>"] {
        assert_eq!(
            fixture.session.choose_nick(fixture.now, bad),
            Err(InputError::NotANickname)
        );
    }
    assert_eq!(
        fixture.session.choose_nick(fixture.now, "a\rb"),
        Err(InputError::Control('\r'))
    );
    fixture.session.choose_nick(fixture.now, "anna2").unwrap();
    fixture.perform_actions();
    assert_eq!(fixture.sent, "anna\nanna2\n");
    fixture.receives("* welcome anna2 0\n");
    assert_eq!(fixture.session.nick(), Some("anna2"));
    assert_eq!(fixture.session.draft().text(), "ciao");
    assert_eq!(fixture.session.target().unwrap().nick, "anna2");
}

#[rstest]
#[case::full("! room-full come back\n<quit>\n", End::RoomFull)]
#[case::sent_away("<quit>\n", End::Dropped)]
fn is_turned_away(#[case] bytes: &str, #[case] end: End) {
    let mut fixture = Fixture::new(Options::default());
    fixture.connect("anna");
    fixture.event(Event::Connected);
    fixture.receives(bytes);
    assert_eq!(fixture.session.state(), &State::Over(end));
    assert_eq!(fixture.id, None);
}

#[test]
fn does_not_reconnect_before_it_has_been_in_the_room() {
    let mut fixture = Fixture::new(Options::default());
    fixture.connect("anna");
    fixture.event(Event::Failed(Failure::Refused));
    assert_eq!(
        fixture.session.state(),
        &State::Over(End::Unreachable(Failure::Refused))
    );
    assert_eq!(fixture.session.poll_timeout(), None);
}
