//! Histories that one order explains, and histories that none does.

use super::*;

/// Three members: anna and bruno speak at the same time, carla and dario listen.
fn four() -> (Chronicle, [VisitId; 4]) {
    let mut chronicle = Chronicle::default();
    let names = ["anna", "bruno", "carla", "dario"];
    let visits = std::array::from_fn(|n| {
        chronicle.next_phase();
        let visit = chronicle.joined(
            names[n],
            names[n],
            names[..n].iter().map(|name| (*name).to_owned()).collect(),
        );
        (0..n).for_each(|other| chronicle.received(other, Event::Joined(names[n])));
        visit
    });
    chronicle.next_phase();
    (chronicle, visits)
}

fn talk(carla: &[(&str, &str)], dario: &[(&str, &str)]) -> Result<(), Contradiction> {
    let (mut chronicle, [anna, bruno, carla_id, dario_id]) = four();
    chronicle.said(anna, "a1");
    chronicle.said(bruno, "b1");
    chronicle.said(anna, "a2");
    chronicle.received(bruno, Event::Said("anna", "a1"));
    chronicle.received(bruno, Event::Said("anna", "a2"));
    chronicle.received(anna, Event::Said("bruno", "b1"));
    carla
        .iter()
        .for_each(|(nick, text)| chronicle.received(carla_id, Event::Said(nick, text)));
    dario
        .iter()
        .for_each(|(nick, text)| chronicle.received(dario_id, Event::Said(nick, text)));
    chronicle.judge(&[])
}

const A1: (&str, &str) = ("anna", "a1");
const A2: (&str, &str) = ("anna", "a2");
const B1: (&str, &str) = ("bruno", "b1");

#[test]
fn one_order_is_fine() {
    assert_eq!(talk(&[A1, B1, A2], &[A1, B1, A2]), Ok(()));
    assert_eq!(talk(&[B1, A1, A2], &[B1, A1, A2]), Ok(()));
}

#[test]
fn two_orders_are_told_apart() {
    let Err(Contradiction::NoOrder { observations }) = talk(&[A1, B1, A2], &[B1, A1, A2]) else {
        panic!("one order explains it");
    };
    let observed = |actor: &str, before: &str, after: &str| Observation {
        actor: actor.to_owned(),
        before: before.into(),
        after: after.into(),
    };
    assert!(observations.contains(&observed("carla", "anna: a1", "bruno: b1")));
    assert!(observations.contains(&observed("dario", "bruno: b1", "anna: a1")));
}

#[test]
fn loss_duplicate_invention_and_shuffling_are_found() {
    assert_eq!(
        talk(&[A1, B1], &[A1, B1, A2]),
        Err(Contradiction::NeverReceived {
            actor: "carla".to_owned(),
            event: "anna: a2".into(),
        })
    );
    assert!(matches!(
        talk(&[A1, A1, B1, A2], &[A1, B1, A2]),
        Err(Contradiction::TooOften { received: 2, .. })
    ));
    assert!(matches!(
        talk(&[A1, B1, ("anna", "a3")], &[A1, B1, A2]),
        Err(Contradiction::Uncaused { .. })
    ));
    assert!(matches!(
        talk(&[A2, A1, B1], &[A2, A1, B1]),
        Err(Contradiction::NoOrder { .. })
    ));
}

#[test]
fn who_joins_meanwhile_may_or_may_not_hear_it() {
    for heard in [false, true] {
        let (mut chronicle, [anna, ..]) = four();
        let here = ["anna", "bruno", "carla", "dario"]
            .map(str::to_owned)
            .into();
        chronicle.said(anna, "a1");
        let elsa = chronicle.joined("elsa", "elsa", here);
        for other in 1..4 {
            let events = [Event::Joined("elsa"), Event::Said("anna", "a1")];
            let order: [usize; 2] = if heard { [0, 1] } else { [1, 0] };
            order
                .iter()
                .for_each(|at| chronicle.received(other, events[*at]));
        }
        chronicle.received(anna, Event::Joined("elsa"));
        assert!(
            chronicle.judge(&[]).is_ok() != heard,
            "who comes before a message receives it"
        );
        if heard {
            chronicle.received(elsa, Event::Said("anna", "a1"));
            assert_eq!(chronicle.judge(&[]), Ok(()));
        }
    }
}

#[test]
fn a_cut_log_has_no_gap() {
    for (log, fine) in [
        (vec!["a1", "a2"], true),
        (vec!["a1"], true),
        (vec!["a1", "a3"], false),
        (vec![], true),
    ] {
        let (mut chronicle, [anna, bruno, carla, dario]) = four();
        for text in ["a1", "a2", "a3"] {
            chronicle.next_phase();
            chronicle.said(anna, text);
            chronicle.received(bruno, Event::Said("anna", text));
            chronicle.received(carla, Event::Said("anna", text));
        }
        log.iter()
            .for_each(|text| chronicle.received(dario, Event::Said("anna", text)));
        chronicle.left(dario, true);
        for visit in [anna, bruno, carla] {
            chronicle.received(visit, Event::Left("dario"));
        }
        assert_eq!(chronicle.judge(&[]).is_ok(), fine, "{log:?}");
    }
}

#[test]
fn a_false_list_is_found() {
    let (mut chronicle, _) = four();
    chronicle.joined(
        "elsa",
        "elsa",
        ["anna", "bruno", "carla"].map(str::to_owned).into(),
    );
    for other in 0..4 {
        chronicle.received(other, Event::Joined("elsa"));
    }
    assert_eq!(
        chronicle.judge(&[]),
        Err(Contradiction::NotListed {
            actor: "elsa".to_owned(),
            nickname: "dario".to_owned(),
        })
    );
}
