//! Messages of the user.

use super::fixture::Fixture;
use crate::session::{Command, EntryKind, Event, InputError, State, Submitted};
use rstest::rstest;

#[test]
fn sends_messages_and_counts_unread_ones() {
    let mut fixture = Fixture::joined(&["bruno"]);
    assert_eq!(fixture.submits("ciao"), Ok(Submitted::Sent));
    assert_eq!(fixture.submits("//help"), Ok(Submitted::Sent));
    assert_eq!(fixture.submits("/help"), Ok(Submitted::Help));
    assert_eq!(
        fixture.submits("/nick x"),
        Err(InputError::UnknownCommand("/nick".into()))
    );
    assert_eq!(fixture.session.draft().text(), "/nick x");
    assert_eq!(fixture.submits(""), Ok(Submitted::Nothing));
    assert_eq!(fixture.sent, "ciao\n/help\n");
    fixture.receives("bruno: Anna?\nbruno: * left anna\n");
    let own = |text: &str| EntryKind::Own {
        nick: "anna".into(),
        text: text.into(),
    };
    let mention = EntryKind::Message {
        nick: "bruno".into(),
        text: "Anna?".into(),
        mention: true,
    };
    let kinds = fixture.entries();
    assert_eq!(
        kinds[kinds.len() - 5..],
        [
            &own("ciao"),
            &own("/help"),
            &EntryKind::Help,
            &mention,
            &EntryKind::Message {
                nick: "bruno".into(),
                text: "* left anna".into(),
                mention: true
            },
        ]
    );
    assert_eq!(
        (
            fixture.session.unread().messages,
            fixture.session.unread().mentions
        ),
        (2, 2)
    );
    fixture.session.set_attentive(true);
    assert_eq!(fixture.session.unread().messages, 0);
}

#[rstest]
#[case("<who>", "<who>\n")]
#[case("uno\ndue\n", "uno\ndue\n")]
#[case("/uno\n//due", "/uno\n//due\n")]
fn asks_before_sending(#[case] typed: &str, #[case] sent: &str) {
    let mut fixture = Fixture::joined(&[]);
    assert_eq!(fixture.submits(typed), Ok(Submitted::Asked));
    assert_eq!(fixture.sent, "");
    fixture.session.answer(fixture.now, false).unwrap();
    assert_eq!(fixture.session.draft().text(), typed);
    assert_eq!(fixture.submits(typed), Ok(Submitted::Asked));
    fixture.session.answer(fixture.now, true).unwrap();
    fixture.perform_actions();
    assert_eq!(fixture.sent, sent);
    assert_eq!(fixture.session.draft().text(), "");
    assert_eq!(fixture.session.question(), None);
}

#[test]
fn executing_a_command_leaves_the_draft_alone() {
    let mut fixture = Fixture::joined(&[]);
    fixture.session.draft_mut().set("bozza");
    let unknown = Err(InputError::UnknownCommand("/send".into()));
    for (text, expected) in [
        ("ciao", Ok(Submitted::Sent)),
        ("/send", unknown),
        ("<who>", Ok(Submitted::Asked)),
        ("/send", Ok(Submitted::Sent)),
    ] {
        let command = Command::parse(text).unwrap();
        let submitted = fixture.session.execute(fixture.now, command);
        assert_eq!(submitted, expected);
    }
    fixture.perform_actions();
    assert_eq!(fixture.sent, "ciao\n<who>\n");
    assert_eq!(fixture.session.draft().text(), "bozza");
}

#[test]
fn a_confirmed_quit_leaves() {
    let mut fixture = Fixture::joined(&[]);
    assert_eq!(fixture.submits("uno\n{quit}\ndue"), Ok(Submitted::Asked));
    assert_eq!(fixture.session.question().unwrap().commands, 1);
    fixture.session.answer(fixture.now, true).unwrap();
    fixture.perform_actions();
    assert_eq!(fixture.sent, "uno\n<quit>\n");
    assert!(matches!(fixture.session.state(), State::Leaving { .. }));
}

#[test]
fn a_question_becomes_a_draft_when_the_connection_ends() {
    let mut fixture = Fixture::joined(&[]);
    fixture.submits("uno\ndue").unwrap();
    fixture.event(Event::Ended);
    assert_eq!(fixture.session.question(), None);
    assert_eq!(fixture.session.draft().text(), "uno\ndue");
}
