//! One example of everything that the words must cover.

use std::collections::BTreeSet;
use std::time::Duration;

use driver::process::{Exit, Setting, StartError};
use driver::wire::{Breach, Broken, End, ErrorCode, Excerpt, Received, Unlawful};
use schemars::{JsonSchema, schema_for};
use serde::Serialize;

use super::diagnosis::Cause;
use super::document::Document;
use crate::dialect::Lack;
use crate::requirement::Class;
use crate::runner::{
    Contradiction, Expectation, Failure, Happening, Instead, NotStarted, Observation, Outcome,
    Performance, Problem, Proof, Run, ScenarioResult, SkipReason, StopSignal,
};
use crate::spec::Spec;

const TIME: Duration = Duration::from_secs(3);
const PROOFS: [Proof; 3] = [
    Proof::Overtaken,
    Proof::Waited { time: TIME },
    Proof::Stuck { time: TIME },
];
const ENDS: [End; 2] = [End::Fin, End::Reset];
pub(crate) const EXITS: [Exit; 3] = [Exit::Status(101), Exit::Signal(11), Exit::Signal(99)];
pub(crate) const CAUSES: [Cause; 11] = [
    Cause::NoLf,
    Cause::CrLf,
    Cause::Prompt,
    Cause::ReadsAsLines,
    Cause::FalseWelcome,
    Cause::FalseList,
    Cause::NotAnnounced,
    Cause::TrimsTexts,
    Cause::Echo,
    Cause::NoGoodbye,
    Cause::RoomUnusable,
];

fn actor() -> String {
    "anna".to_owned()
}

fn reason() -> String {
    "broken pipe".to_owned()
}

/// Every kind of problem, with every kind of expectation, proof, end, line, contradiction and act of a client.
pub(crate) fn problems() -> Vec<Problem> {
    let mut problems = without_expectation();
    for exit in EXITS {
        problems.push(Problem::Crashed { exit });
        problems.push(Problem::ExitStatus { exit });
    }
    for received in lines() {
        problems.push(Problem::Different {
            actor: actor(),
            expected: Expectation::line("anna: uno"),
            received: received.clone(),
        });
        problems.push(Problem::Ghost {
            actor: actor(),
            member: "bruno".to_owned(),
            received: received.clone(),
        });
        problems.push(Problem::Unlisted {
            actor: actor(),
            received,
        });
    }
    for (expected, partial) in expectations()
        .into_iter()
        .zip([&b""[..], b"x"].into_iter().cycle())
    {
        problems.extend(PROOFS.map(|proof| Problem::Missing {
            actor: actor(),
            expected: expected.clone(),
            proof,
            partial: partial.to_vec(),
        }));
        problems.extend(ENDS.map(|end| Problem::Ended {
            actor: actor(),
            expected: expected.clone(),
            end,
            partial: partial.to_vec(),
        }));
        problems.extend(acts().into_iter().map(|instead| Problem::Client {
            actor: actor(),
            expected: expected.clone(),
            instead,
        }));
    }
    let contradictions = contradictions().into_iter();
    problems.extend(contradictions.map(|contradiction| Problem::Disagreement { contradiction }));
    covers(&problems);
    problems
}

fn without_expectation() -> Vec<Problem> {
    let (limit, waited) = (TIME, TIME);
    vec![
        Problem::StillOpen {
            actor: actor(),
            waited,
        },
        Problem::Reset { actor: actor() },
        Problem::NotTaken {
            actor: actor(),
            reason: reason(),
        },
        Problem::NotCutOff { actor: actor() },
        Problem::Flood { actor: actor() },
        Problem::Refused {
            actor: actor(),
            reason: reason(),
        },
        Problem::StillRunning { waited },
        Problem::NotStarted {
            error: start_error(),
        },
        Problem::TooSlow { limit },
    ]
}

fn start_error() -> StartError {
    StartError::NotListening { waited: TIME }
}

/// A line that may be sent, and one for each rule that a server's line can break.
pub(crate) fn lines() -> Vec<Received> {
    let rules = [
        Broken::CarriageReturn,
        Broken::NotUtf8,
        Broken::Control('\u{1B}'),
        Broken::TooLong,
        Broken::Foreign,
        Broken::NoEcho,
    ];
    let broken = rules.map(|rule| Received::Broken(b"ciao\r".to_vec(), rule));
    let line = Received::Line("ciao".to_owned());
    [line].into_iter().chain(broken).collect()
}

fn expectations() -> Vec<Expectation> {
    let all = vec![
        Expectation::line("anna: uno"),
        Expectation::Here,
        Expectation::Event,
        Expectation::Shown {
            text: "uno".to_owned(),
        },
        Expectation::AnythingShown,
        Expectation::End,
        Expectation::Nothing,
    ];
    covers(&all);
    all
}

fn acts() -> Vec<Instead> {
    let breaches = [
        Breach::CarriageReturn,
        Breach::Empty,
        Breach::TooLong,
        Breach::Control('\0'),
        Breach::Command,
        Breach::NotUtf8,
    ];
    let mut all = vec![
        Instead::Sent {
            line: "ciao".to_owned(),
        },
        Instead::Shown {
            text: "\u{1B}[2J".into(),
        },
        Instead::StillOpen { waited: TIME },
        Instead::NotTaken { reason: reason() },
        Instead::InputNotTaken { reason: reason() },
        Instead::Flood,
    ];
    all.extend(breaches.map(|breach| Instead::Unlawful {
        line: Unlawful {
            bytes: b"<users>".to_vec(),
            breach,
        },
    }));
    all.extend(["", "x"].map(|partial| Instead::Nothing {
        waited: TIME,
        partial: partial.into(),
    }));
    all.extend(ENDS.map(|end| Instead::Ended { end }));
    all.extend(PROOFS.map(|proof| Instead::NotShown {
        proof,
        shown: "due".into(),
    }));
    covers(&all);
    all
}

/// Every kind of contradiction.
pub(crate) fn contradictions() -> Vec<Contradiction> {
    let event = || Excerpt::from("bruno: ciao");
    let nickname = || "bruno".to_owned();
    let all = vec![
        Contradiction::Uncaused {
            actor: actor(),
            event: event(),
        },
        Contradiction::TooOften {
            actor: actor(),
            event: event(),
            received: 2,
            happened: 1,
        },
        Contradiction::NeverReceived {
            actor: actor(),
            event: event(),
        },
        Contradiction::AnnouncedTwice {
            actor: actor(),
            event: event(),
        },
        Contradiction::UnknownMember {
            actor: actor(),
            event: event(),
        },
        Contradiction::NotListed {
            actor: actor(),
            nickname: nickname(),
        },
        Contradiction::ListedWithoutJoining {
            actor: actor(),
            nickname: nickname(),
        },
        Contradiction::ListedAfterLeaving {
            actor: actor(),
            nickname: nickname(),
        },
        Contradiction::NoOrder {
            observations: [Some(actor()), None]
                .map(|actor| Observation {
                    actor,
                    before: event(),
                    after: "carla: ciao".into(),
                })
                .to_vec(),
        },
    ];
    covers(&all);
    all
}

/// Every kind of moment.
pub(crate) fn happenings() -> Vec<Happening> {
    let text = || Excerpt::from("ciao");
    let mut all = vec![
        Happening::Connected,
        Happening::Sent { text: text() },
        Happening::Received { text: text() },
        Happening::HalfClosed,
        Happening::Reset,
        Happening::HungUp,
        Happening::StoppedReading,
        Happening::ResumedReading,
        Happening::Typed { text: text() },
        Happening::InputEnded,
        Happening::Shown { text: text() },
        Happening::Restarted,
        Happening::Swept { processes: 2 },
    ];
    all.extend(ENDS.map(|end| Happening::Ended { end }));
    all.extend(EXITS.map(|exit| Happening::Exited { exit }));
    all.extend(
        [StopSignal::Sigint, StopSignal::Sigterm].map(|signal| Happening::Signalled { signal }),
    );
    covers(&all);
    all
}

/// Every reason for which a scenario is not performed.
pub(crate) fn not_performed() -> Vec<Outcome> {
    let setting = Setting::Capacity;
    let skipped = vec![
        SkipReason::OtherClass {
            class: Class::Client,
        },
        SkipReason::NoPlace { setting },
        SkipReason::NeedsProcess,
        SkipReason::NeedsSetting { setting },
    ];
    covers(&skipped);
    let not_started = ["", "cannot bind"].map(|line| NotStarted {
        error: start_error(),
        output: line.lines().map(str::to_owned).collect(),
    });
    let blocked = Outcome::Blocked("alone-in-the-room".to_owned());
    let disturbed = Outcome::Disturbed {
        by: "dario".to_owned(),
    };
    let skipped = skipped.into_iter().map(Outcome::Skipped);
    let not_started = not_started.map(Outcome::NotStarted);
    let lacks = lacks().into_iter().map(Outcome::NotApplicable);
    let others = not_started
        .into_iter()
        .chain(lacks)
        .chain([blocked, disturbed]);
    skipped.chain(others).collect()
}

/// Everything that a dialect can lack.
fn lacks() -> Vec<Lack> {
    let all = vec![
        Lack::Refusal {
            code: ErrorCode::RoomFull,
        },
        Lack::Nickname {
            nickname: "anna".to_owned(),
        },
        Lack::Text {
            text: "/list".to_owned(),
        },
        Lack::Framing,
        Lack::Cr,
        Lack::EmptyLines,
        Lack::List,
        Lack::Quit,
        Lack::Goodbye,
        Lack::GoodbyeAfterFin,
        Lack::Joined,
        Lack::Left,
        Lack::Echo,
        Lack::History,
        Lack::LongTexts,
        Lack::NonAscii,
    ];
    covers(&all);
    all
}

/// A run of the specification in which every problem occurs and every reason is given.
pub(crate) fn document() -> Document {
    let spec = Spec::built_in().expect("the specification has no mistakes");
    let scenarios: Vec<_> = spec.scenarios_of(Class::Server).collect();
    let failed = problems().into_iter().map(|problem| {
        Outcome::Failed(Box::new(Failure {
            problem,
            blame: scenarios[0].proves[0].clone(),
            step: None,
            in_dialect: None,
            unread: Vec::new(),
            beyond_signals: None,
            output: Vec::new(),
        }))
    });
    let unclear = failed.clone().map(|outcome| match outcome {
        Outcome::Failed(failure) => Outcome::Unclear(failure),
        other => other,
    });
    let results = not_performed().into_iter().chain(failed).chain(unclear);
    let results = results.zip(scenarios.iter().cycle());
    let results = results.map(|(outcome, scenario)| ScenarioResult {
        scenario,
        performance: Performance::without(outcome),
    });
    let run = Run {
        results: results.collect(),
        took: TIME,
        dialect: None,
    };
    Document::new(&spec, &run, "my-server {port}", "conformance check")
}

/// A run in which every scenario of a class fails because of the first requirement that it proves.
pub(crate) fn all_failed(spec: &Spec, class: Class) -> Run<'_> {
    let results = spec.scenarios_of(class).map(|scenario| ScenarioResult {
        scenario,
        performance: Performance::without(Outcome::Failed(Box::new(Failure {
            problem: Problem::Reset { actor: actor() },
            blame: scenario.first_id().clone(),
            step: None,
            in_dialect: None,
            unread: Vec::new(),
            output: Vec::new(),
            beyond_signals: None,
        }))),
    });
    Run {
        dialect: None,
        results: results.collect(),
        took: TIME,
    }
}

/// Asserts that every variant that the JSON Schema names is among the values.
#[track_caller]
fn covers<T: Serialize + JsonSchema>(values: &[T]) {
    let schema = schema_for!(T).to_value();
    let variants = schema["oneOf"].as_array().expect("an enum with data");
    let named = variants
        .iter()
        .map(|variant| &variant["properties"]["kind"]["const"]);
    let named: BTreeSet<_> = named.map(ToString::to_string).collect();
    let present = values.iter().map(|value| {
        let value = serde_json::to_value(value).expect("JSON");
        value["kind"].to_string()
    });
    let present: BTreeSet<_> = present.collect();
    assert_eq!(named, present, "every variant needs an example");
}

/// Asserts that a text is one for people: not empty, without the marks of `Debug` or of a text that is missing.
#[track_caller]
pub(crate) fn is_for_people(text: &str) {
    assert!(!text.trim().is_empty());
    for mark in ["{ ", "Some(", "None", "::", "()", "``", "  "] {
        assert!(!text.contains(mark), "{mark:?} in {text:?}");
    }
}
