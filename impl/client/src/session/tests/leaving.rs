//! Leaving the room.

use super::fixture::{Fixture, message};
use crate::session::lifecycle::MAX_LEAVING_TIME;
use crate::session::{End, Event, InputError, State, Submitted};
use std::time::Duration;

#[test]
fn reads_to_the_end_while_leaving() {
    let mut fixture = Fixture::joined(&["bruno"]);
    assert_eq!(fixture.submits("/quit"), Ok(Submitted::Leaving));
    assert_eq!(fixture.sent, "<quit>\n");
    assert_eq!(fixture.submits("ciao"), Err(InputError::NotJoined));
    fixture.receives("bruno: a domani\n<quit>\n");
    assert_eq!(fixture.last_entry(), &message("bruno", "a domani"));
    assert!(matches!(fixture.session.state(), State::Leaving { .. }));
    fixture.event(Event::Ended);
    assert_eq!(fixture.session.state(), &State::Over(End::Left));
    assert_eq!(fixture.sent, "<quit>\n");
    assert_eq!(fixture.id, None);
}

#[test]
fn waiting_for_the_end_is_limited() {
    let mut fixture = Fixture::joined(&[]);
    let before = fixture.now.instant;
    fixture.leaves();
    fixture.until_timeout();
    assert_eq!(fixture.session.state(), &State::Over(End::Left));
    assert_eq!(fixture.now.instant - before, Duration::from_secs(2));
    assert_eq!(fixture.id, None);
}

#[test]
fn the_limit_is_longer_while_the_server_reads() {
    let mut fixture = Fixture::joined(&[]);
    let before = fixture.now.instant;
    fixture.submits("ciao").unwrap();
    fixture.leaves();
    for _ in 0..100 {
        fixture.now.instant += Duration::from_millis(400);
        fixture.event(Event::Sent(1));
    }
    let State::Leaving { until } = *fixture.session.state() else {
        panic!("{:?}", fixture.session.state());
    };
    assert_eq!(until - before, MAX_LEAVING_TIME);
}
