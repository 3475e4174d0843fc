use super::*;
use crate::report::document::FailureEntry;
use crate::requirement::{Id, Level};
use crate::runner::Moment;

fn moment(at_us: u64, actor: &str, kind: MomentKind, text: &str) -> Moment {
    Moment {
        at_us,
        actor: actor.to_owned(),
        kind,
        text: text.to_owned(),
    }
}

fn scenario(moments: Vec<Moment>) -> ScenarioEntry {
    ScenarioEntry {
        class: crate::requirement::Class::Server,
        name: "two-lines".to_owned(),
        chapter: "lines".to_owned(),
        file: "02-lines.md".to_owned(),
        line: 10,
        proves: Id::parse("LINE-1").into_iter().collect(),
        level: Level::Core,
        outcome: "failed",
        reason: None,
        took_s: 0.1,
        again: "conformance check two-lines".to_owned(),
        source: "anna joins\nbruno <- anna: due".to_owned(),
        failure: Some(FailureEntry {
            blame: Id::parse("LINE-1").expect("it is one"),
            problem: "bruno received another line".to_owned(),
            line: Some(12),
            counters: String::new(),
            expected: Some("anna: due".to_owned()),
            received: Some("due".to_owned()),
            unread: Vec::new(),
            output: Vec::new(),
            page: String::new(),
        }),
        moments,
        moments_left_out: 0,
        last_moments: Vec::new(),
    }
}

#[test]
fn shows_what_failed() {
    use MomentKind::{Connected, Ended, HalfClosed, Process, Received, Reset, Sent};
    let mut scenario = scenario(vec![
        moment(400_000, "anna", Connected, ""),
        moment(400_100, "anna", Sent, "uno\\ndue\\n"),
        moment(402_000, "bruno", Received, "anna: uno"),
        moment(402_100, "bruno", Received, "due"),
        moment(402_200, "carla", Reset, ""),
    ]);
    scenario.moments_left_out = 7;
    scenario.last_moments = vec![
        moment(9_402_200, "anna", HalfClosed, ""),
        moment(9_402_200, "anna", Ended, "FIN"),
        moment(9_402_200, "", Process, "SIGINT"),
    ];
    // One element a line, so that a change can be read.
    let svg = diagram(&scenario).into_string().replace("><", ">\n<");
    insta::assert_snapshot!(svg);
}

#[test]
fn counts_what_repeats_itself_and_leaves_out_the_middle() {
    let moments = (0..200).flat_map(|n| {
        let line = format!("anna: {n}");
        [
            moment(n, "bruno", MomentKind::Received, &line),
            moment(n, "bruno", MomentKind::Received, &line),
        ]
    });
    let mut scenario = scenario(moments.collect());
    scenario.failure = None;
    let svg = diagram(&scenario).into_string();
    assert!(svg.contains("anna: 199 × 2"));
    assert!(svg.contains("312 moments left out"));
    assert!(svg.len() < 20_000, "{} bytes", svg.len());
}

#[test]
fn marks_what_did_not_come() {
    let mut scenario = scenario(vec![moment(0, "bruno", MomentKind::Connected, "")]);
    let failure = scenario.failure.as_mut().expect("it fails");
    failure.received = Some("(nothing for 2.0 s)".to_owned());
    let svg = diagram(&scenario).into_string();
    assert!(svg.contains("Failed: bruno should have received: anna: due"));
}

#[test]
fn a_crowd_shares_a_column() {
    let moments = (0..20).map(|n| moment(n, &format!("n{n}"), MomentKind::Connected, ""));
    let svg = diagram(&scenario(moments.collect())).into_string();
    assert!(svg.contains("15 more") && svg.contains("n19: connects"));
}

#[test]
fn what_is_rare_is_not_left_out() {
    let lines = |from: u64| {
        (from..from + 50).map(|n| moment(n, "bruno", MomentKind::Received, &n.to_string()))
    };
    let nap = moment(50, "bruno", MomentKind::Reading, "stops");
    let mut scenario = scenario(lines(0).chain([nap]).chain(lines(51)).collect());
    scenario.failure = None;
    let svg = diagram(&scenario).into_string();
    assert!(svg.contains("bruno stops reading") && svg.matches("left out</title>").count() == 2);
}
