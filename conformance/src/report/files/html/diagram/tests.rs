use driver::process::Exit;
use driver::wire::{End, Received};

use super::*;
use crate::report::document::OutcomeEntry;
use crate::requirement::{Class, Id, Level};
use crate::runner::{Expectation, Failure, Moment, Problem, Proof, StepPlace, StopSignal};

fn moment(at_us: u64, actor: &str, what: Happening) -> Moment {
    Moment {
        at_us,
        actor: (!actor.is_empty()).then(|| actor.to_owned()),
        what,
    }
}

fn received(text: &str) -> Happening {
    let text = text.into();
    Happening::Received { text }
}

fn different() -> Problem {
    Problem::Different {
        actor: "bruno".to_owned(),
        expected: Expectation::line("anna: due"),
        received: Received::Line("due".to_owned()),
    }
}

fn scenario(problem: Option<Problem>, moments: Vec<Moment>) -> ScenarioEntry {
    let failure = |problem| Failure {
        blame: Id::parse("LINE-1").expect("it is one"),
        problem,
        step: Some(StepPlace {
            line: 12,
            counters: Vec::new(),
        }),
        in_dialect: None,
        unread: Vec::new(),
        beyond_signals: None,
        output: Vec::new(),
    };
    let failed = |problem| OutcomeEntry::Failed {
        failure: failure(problem),
    };
    ScenarioEntry {
        class: Class::Server,
        name: "two-lines".to_owned(),
        chapter: "lines".to_owned(),
        file: "02-lines.md".to_owned(),
        line: 10,
        proves: Id::parse("LINE-1").into_iter().collect(),
        level: Level::Core,
        outcome: problem.map_or(OutcomeEntry::Passed, failed),
        took_s: 0.1,
        again: "conformance check two-lines".to_owned(),
        source: "anna joins\nbruno <- anna: due".to_owned(),
        moments,
        moments_left_out: 0,
        last_moments: Vec::new(),
    }
}

#[test]
fn shows_what_failed() {
    let sent = Happening::Sent {
        text: "uno\ndue\n".into(),
    };
    let moments = vec![
        moment(400_000, "anna", Happening::Connected),
        moment(400_100, "anna", sent),
        moment(402_000, "bruno", received("anna: uno")),
        moment(402_100, "bruno", received("due")),
        moment(402_200, "carla", Happening::Reset),
    ];
    let mut scenario = scenario(Some(different()), moments);
    scenario.moments_left_out = 7;
    scenario.last_moments = vec![
        moment(9_402_200, "anna", Happening::HalfClosed),
        moment(9_402_200, "anna", Happening::Ended { end: End::Fin }),
        moment(
            9_402_200,
            "",
            Happening::Signalled {
                signal: StopSignal::Sigint,
            },
        ),
        moment(
            9_402_300,
            "",
            Happening::Exited {
                exit: Exit::Status(0),
            },
        ),
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
            moment(n, "bruno", received(&line)),
            moment(n, "bruno", received(&line)),
        ]
    });
    let svg = diagram(&scenario(None, moments.collect())).into_string();
    assert!(svg.contains("anna: 199 × 2"));
    assert!(svg.contains("312 moments left out"));
    assert!(svg.len() < 20_000, "{} bytes", svg.len());
}

#[test]
fn marks_what_did_not_come() {
    let missing = Problem::Missing {
        actor: "bruno".to_owned(),
        expected: Expectation::line("anna: due"),
        proof: Proof::Overtaken,
        partial: Vec::new(),
    };
    let moments = vec![moment(0, "bruno", Happening::Connected)];
    let svg = diagram(&scenario(Some(missing), moments)).into_string();
    assert!(svg.contains("Failed: bruno should have received: anna: due"));
}

#[test]
fn a_crowd_shares_a_column() {
    let moments = (0..20).map(|n| moment(n, &format!("n{n}"), Happening::Connected));
    let svg = diagram(&scenario(None, moments.collect())).into_string();
    assert!(svg.contains("15 more") && svg.contains("n19: connects"));
}

#[test]
fn what_is_rare_is_not_left_out() {
    let lines = |from: u64| (from..from + 50).map(|n| moment(n, "bruno", received(&n.to_string())));
    let stop = moment(50, "bruno", Happening::StoppedReading);
    let moments = lines(0).chain([stop]).chain(lines(51)).collect();
    let svg = diagram(&scenario(None, moments)).into_string();
    assert!(svg.contains("bruno stops reading") && svg.matches("left out</title>").count() == 2);
}

/// What came is marked; an arrow for what should have come would have nothing to show.
#[test]
fn a_line_that_nobody_expected_is_only_marked() {
    let unlisted = |text: &str| Problem::Unlisted {
        actor: "bruno".to_owned(),
        received: Received::Line(text.to_owned()),
    };
    let moments = vec![moment(0, "bruno", received("ciao"))];
    let svg = diagram(&scenario(Some(unlisted("ciao")), moments.clone())).into_string();
    assert!(svg.contains("Failed: bruno receives: ciao"), "{svg}");
    assert!(!svg.contains("should have received"), "{svg}");
    // No step had asked for it, so that it became no moment.
    let mut unread = scenario(Some(unlisted("later")), moments);
    let svg = diagram(&unread).into_string();
    assert!(svg.contains("Failed: bruno receives: later"), "{svg}");
    // It may be among the moments that are left out.
    unread.moments_left_out = 7;
    let svg = diagram(&unread).into_string();
    assert!(svg.contains("Failed: bruno received a line"), "{svg}");
    assert!(!svg.contains("should have received"), "{svg}");
}

#[test]
fn a_long_text_keeps_its_length() {
    let long = received(&"x".repeat(4096));
    let svg = diagram(&scenario(None, vec![moment(0, "bruno", long)])).into_string();
    assert!(svg.contains("xxx… (4096 bytes)</text>"), "{svg}");
}
