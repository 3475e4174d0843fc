//! Losing the server, and coming back.

use super::fixture::{Fixture, message};
use crate::session::reconnect::STABLE_AFTER;
use crate::session::{End, Event, Failure, State};

#[test]
fn keeps_everything_and_reconnects() {
    let mut fixture = Fixture::joined(&["bruno"]);
    fixture.receives("bruno: ciao\n");
    fixture.session.draft_mut().set("bozza");
    fixture.event(Event::Failed(Failure::Reset));
    let State::Waiting {
        end,
        until,
        attempt,
    } = *fixture.session.state()
    else {
        panic!("{:?}", fixture.session.state());
    };
    assert_eq!((end, attempt), (End::Broken(Failure::Reset), 1));
    assert_eq!(fixture.session.poll_timeout(), Some(until));
    assert_eq!(fixture.members(), [] as [&str; 0]);
    assert!(fixture.entries().contains(&&message("bruno", "ciao")));
    assert_eq!(fixture.session.draft().text(), "bozza");

    fixture.until_timeout();
    assert_eq!(fixture.session.state(), &State::Connecting);
    fixture.event(Event::Failed(Failure::Refused));
    assert!(matches!(
        fixture.session.state(),
        State::Waiting { attempt: 2, .. }
    ));
    fixture.session.reconnect_now(fixture.now);
    fixture.perform_actions();
    fixture.event(Event::Connected);
    assert_eq!(fixture.sent, "anna\n");
    fixture.receives("* welcome anna 0\n");
    assert_eq!(fixture.session.state(), &State::Joined);

    fixture.receives("<quit>\n");
    assert!(matches!(
        fixture.session.state(),
        State::Waiting {
            end: End::Goodbye,
            attempt: 3,
            ..
        }
    ));
    fixture.session.cancel_reconnect();
    assert_eq!(fixture.session.state(), &State::Over(End::Goodbye));
    assert_eq!(fixture.session.poll_timeout(), None);
}

#[test]
fn the_back_off_starts_over_after_a_stable_connection() {
    let mut fixture = Fixture::joined(&[]);
    fixture.event(Event::Ended);
    fixture.session.reconnect_now(fixture.now);
    fixture.perform_actions();
    fixture.event(Event::Connected);
    fixture.receives("* welcome anna 0\n");
    fixture.now.instant += STABLE_AFTER;
    fixture.event(Event::Ended);
    assert!(matches!(
        fixture.session.state(),
        State::Waiting { attempt: 1, .. }
    ));
}

#[test]
fn events_of_an_old_connection_are_ignored() {
    let mut fixture = Fixture::joined(&[]);
    let old = fixture.id.unwrap();
    fixture.event(Event::Ended);
    fixture.session.reconnect_now(fixture.now);
    fixture.perform_actions();
    fixture
        .session
        .handle_event(fixture.now, old, Event::Received(b"bruno: tardi\n".into()));
    fixture.session.handle_event(fixture.now, old, Event::Ended);
    assert_eq!(fixture.session.state(), &State::Connecting);
    assert!(!fixture.entries().contains(&&message("bruno", "tardi")));
}
