//! Histories that one order explains, and histories that none does.

use super::*;

type Judged = Result<(), Contradiction>;

/// Four members: anna and bruno speak at the same time, carla and dario listen.
fn four() -> (History, [MembershipId; 4]) {
    let mut history = History::default();
    let names = ["anna", "bruno", "carla", "dario"];
    let ids = std::array::from_fn(|n| {
        history.next_phase();
        let here = names[..n].iter().map(|name| (*name).to_owned()).collect();
        let id = history.joined(names[n], names[n], here);
        (0..n).for_each(|other| history.received(other, Event::Joined(names[n])));
        id
    });
    history.next_phase();
    (history, ids)
}

fn talk(carla: &[(&str, &str)], dario: &[(&str, &str)]) -> Judged {
    let (mut history, [anna, bruno, carla_id, dario_id]) = four();
    history.said(anna, "a1");
    history.said(bruno, "b1");
    history.said(anna, "a2");
    history.received(bruno, Event::Said("anna", "a1"));
    history.received(bruno, Event::Said("anna", "a2"));
    history.received(anna, Event::Said("bruno", "b1"));
    for (id, log) in [(carla_id, carla), (dario_id, dario)] {
        for (nickname, text) in log {
            history.received(id, Event::Said(nickname, text));
        }
    }
    history.judge(&[], true)
}

const A1: (&str, &str) = ("anna", "a1");
const A2: (&str, &str) = ("anna", "a2");
const B1: (&str, &str) = ("bruno", "b1");

fn observed(actor: &str, before: &str, after: &str) -> Observation {
    Observation {
        actor: Some(actor.to_owned()),
        before: before.into(),
        after: after.into(),
    }
}

#[test]
fn one_order_explains_two_equal_logs() {
    assert_eq!(talk(&[A1, B1, A2], &[A1, B1, A2]), Ok(()));
    assert_eq!(talk(&[B1, A1, A2], &[B1, A1, A2]), Ok(()));
}

#[test]
fn no_order_explains_two_logs_that_contradict_each_other() {
    let Err(Contradiction::NoOrder { observations }) = talk(&[A1, B1, A2], &[B1, A1, A2]) else {
        panic!("no contradiction");
    };
    assert!(observations.contains(&observed("carla", "anna: a1", "bruno: b1")));
    assert!(observations.contains(&observed("dario", "bruno: b1", "anna: a1")));
}

#[test]
fn a_loss_is_found() {
    let lost = Contradiction::NeverReceived {
        actor: "carla".to_owned(),
        event: "anna: a2".into(),
    };
    assert_eq!(talk(&[A1, B1], &[A1, B1, A2]), Err(lost));
}

#[test]
fn a_duplicate_is_found() {
    let twice = Contradiction::TooOften {
        actor: "carla".to_owned(),
        event: "anna: a1".into(),
        received: 2,
        happened: 1,
    };
    assert_eq!(talk(&[A1, A1, B1, A2], &[A1, B1, A2]), Err(twice));
}

#[test]
fn an_invention_is_found() {
    let invented = Contradiction::Uncaused {
        actor: "carla".to_owned(),
        event: "anna: a3".into(),
    };
    assert_eq!(
        talk(&[A1, B1, ("anna", "a3")], &[A1, B1, A2]),
        Err(invented)
    );
}

#[test]
fn lines_of_one_sender_in_another_order_are_found() {
    let Err(Contradiction::NoOrder { observations }) = talk(&[A2, A1, B1], &[A2, A1, B1]) else {
        panic!("no contradiction");
    };
    // The whole contradiction: one member saw an order, and what happened was another one.
    let happened = Observation {
        actor: None,
        ..observed("", "anna: a1", "anna: a2")
    };
    assert_eq!(observations.len(), 2);
    assert!(observations.contains(&happened), "{observations:?}");
}

#[test]
fn a_member_that_joins_meanwhile_receives_what_comes_after_its_joining() {
    for joins_first in [false, true] {
        let (mut history, [anna, ..]) = four();
        let here = ["anna", "bruno", "carla", "dario"];
        history.said(anna, "a1");
        let elsa = history.joined("elsa", "elsa", here.map(str::to_owned).into());
        let mut events = [Event::Said("anna", "a1"), Event::Joined("elsa")];
        if joins_first {
            events.reverse();
        }
        for other in 1..4 {
            for event in events {
                history.received(other, event);
            }
        }
        history.received(anna, Event::Joined("elsa"));
        assert_eq!(history.judge(&[], true).is_ok(), !joins_first);
        if joins_first {
            history.received(elsa, Event::Said("anna", "a1"));
            assert_eq!(history.judge(&[], true), Ok(()));
        }
    }
}

#[test]
fn the_log_of_a_dropped_member_has_no_gap() {
    for (log, is_gapless) in [
        (vec!["a1", "a2"], true),
        (vec!["a1"], true),
        (vec!["a1", "a3"], false),
        (vec![], true),
    ] {
        let (mut history, [anna, bruno, carla, dario]) = four();
        for text in ["a1", "a2", "a3"] {
            history.next_phase();
            history.said(anna, text);
            history.received(bruno, Event::Said("anna", text));
            history.received(carla, Event::Said("anna", text));
        }
        for text in &log {
            history.received(dario, Event::Said("anna", text));
        }
        history.left(dario, true);
        for id in [anna, bruno, carla] {
            history.received(id, Event::Left("dario"));
        }
        assert_eq!(history.judge(&[], true).is_ok(), is_gapless, "{log:?}");
    }
}

#[test]
fn a_member_that_is_missing_from_the_list_is_found() {
    let (mut history, _) = four();
    let here = ["anna", "bruno", "carla"].map(str::to_owned).into();
    history.joined("elsa", "elsa", here);
    for other in 0..4 {
        history.received(other, Event::Joined("elsa"));
    }
    let missing = Contradiction::NotListed {
        actor: "elsa".to_owned(),
        nickname: "dario".to_owned(),
    };
    assert_eq!(history.judge(&[], true), Err(missing));
}
