use std::time::Duration;

use driver::process::StartError;
use driver::wire::{Broken, Excerpt, Received};
use scraper::{Html, Selector};

use super::*;
use crate::report::document::OutcomeEntry;
use crate::requirement::{Class, Id};
use crate::runner::{
    Expectation, Failure, Happening, Moment, NotStarted, Outcome, Performance, Problem, Run,
    ScenarioResult, SkipReason, StepPlace, Unread,
};
use crate::spec::Spec;

/// Ends elements and attributes, hides, moves the cursor, turns the text around.
const HOSTILE: &str = "</script></style></title></pre></svg><img src=x onerror=alert(1)>\"'&lt;\u{1B}[2J\u{9B}\u{202E}\u{2066}\u{0}\r";

fn parsed(page: &str) -> Html {
    let parsed = Html::parse_document(page);
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    parsed
}

fn found<'a>(page: &'a Html, selector: &str) -> Vec<scraper::ElementRef<'a>> {
    page.select(&Selector::parse(selector).expect("a selector"))
        .collect()
}

fn line(text: &str) -> Received {
    Received::Line(text.to_owned())
}

/// A failure in which every text is this one.
fn failure(problem: Problem, blame: Id, line: usize, text: &str) -> Failure {
    Failure {
        problem,
        blame,
        step: Some(StepPlace {
            line,
            counters: vec![(text.to_owned(), text.to_owned())],
        }),
        beyond_signals: None,
        in_dialect: None,
        unread: vec![Unread {
            actor: text.to_owned(),
            lines: vec![self::line(text)],
            more: 2,
        }],
        output: vec![text.to_owned()],
    }
}

/// A run of every scenario for servers: one in three fails, one passes, one is skipped.
fn document() -> Document {
    let spec = Spec::built_in().expect("the specification has no mistakes");
    let results = spec
        .scenarios_of(Class::Server)
        .enumerate()
        .map(|(at, scenario)| {
            let problem = Problem::Unlisted {
                actor: "anna".to_owned(),
                received: line("bruno: ciao"),
            };
            let blame = scenario.proves[0].clone();
            let outcome = match at % 3 {
                0 => Outcome::Passed,
                1 => Outcome::Skipped(SkipReason::NeedsProcess),
                _ => Outcome::Failed(Box::new(failure(problem, blame, scenario.line + 1, "n"))),
            };
            ScenarioResult {
                scenario,
                performance: Performance::without(outcome),
            }
        });
    let run = Run {
        dialect: None,
        results: results.collect(),
        took: Duration::from_secs(2),
    };
    let mut document = Document::new(&spec, &run, "my-server {port}", "conformance check");
    for scenario in &mut document.scenarios {
        let moment = |what| Moment {
            at_us: 0,
            actor: Some("anna".to_owned()),
            what,
        };
        let text = "bruno: ciao".into();
        scenario.moments = vec![
            moment(Happening::Connected),
            moment(Happening::Received { text }),
        ];
    }
    document
}

#[test]
fn shows_everything_once() {
    let document = document();
    let page = report(&document);
    let page = parsed(&page);
    assert_eq!(
        found(&page, ".requirement").len(),
        document.requirements.len()
    );
    assert_eq!(found(&page, ".scenario").len(), document.scenarios.len());
    assert_eq!(found(&page, "svg.diagram").len(), document.scenarios.len());
    let mut ids: Vec<_> = found(&page, "[id]")
        .iter()
        .filter_map(|element| element.value().id())
        .collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id is used twice");
}

#[test]
fn what_comes_from_a_server_is_text() {
    let mut document = document();
    let hostile = || HOSTILE.to_owned();
    document.server = hostile();
    let hostile_text = Excerpt::from(HOSTILE);
    for requirement in &mut document.requirements {
        requirement.text = format!("{HOSTILE} **MUST** `{HOSTILE}`");
    }
    for (at, scenario) in document.scenarios.iter_mut().enumerate() {
        scenario.outcome = match &scenario.outcome {
            OutcomeEntry::Failed { failure: old } => {
                let (actor, bytes) = (hostile(), format!("x{HOSTILE}").into_bytes());
                let problem = Problem::Different {
                    actor,
                    expected: Expectation::line(HOSTILE),
                    received: Received::Broken(bytes, Broken::NotUtf8),
                };
                let blame = old.blame.clone();
                OutcomeEntry::Failed {
                    failure: failure(problem, blame, scenario.line + 1, HOSTILE),
                }
            }
            _ if at % 2 == 0 => OutcomeEntry::Blocked { by: hostile() },
            _ => OutcomeEntry::NotStarted(NotStarted {
                error: StartError::NoPort { reason: hostile() },
                output: vec![hostile()],
            }),
        };
        scenario.again = hostile();
        for moment in &mut scenario.moments {
            moment.actor = Some(hostile());
            if let Happening::Received { text } = &mut moment.what {
                text.clone_from(&hostile_text);
            }
        }
    }
    let page = report(&document);
    let raw = |c: char| (c.is_control() && c != '\n') || "\u{202E}\u{2066}".contains(c);
    let marks = page.chars().filter(|c| raw(*c)).collect::<String>();
    assert!(marks.is_empty(), "{marks:?}");

    let page = parsed(&page);
    assert_eq!(found(&page, "script").len(), 1);
    assert_eq!(found(&page, "style").len(), 1);
    assert!(found(&page, "img, iframe, object, base, [style]").is_empty());
    let handlers = found(&page, "*").into_iter().filter(|element| {
        element
            .value()
            .attrs()
            .any(|(name, _)| name.starts_with("on"))
    });
    assert_eq!(handlers.count(), 0);
}

#[test]
fn renders_the_marks_of_requirements() {
    let sentence = inline::sentence("a server **MUST** send `* joined <NICK>`, <b>once</b>");
    assert_eq!(
        sentence.into_string(),
        "a server <strong>MUST</strong> send <code>* joined &lt;NICK&gt;</code>, &lt;b&gt;once&lt;/b&gt;"
    );
}

#[test]
fn a_page_that_grows_too_large_shows_failures_only() {
    let mut document = document();
    for scenario in &mut document.scenarios {
        scenario.source = "x".repeat(LARGEST / 50);
    }
    let failed = document
        .scenarios
        .iter()
        .filter(|scenario| scenario.broken().is_some())
        .count();
    let page = report(&document);
    assert_eq!(found(&parsed(&page), "svg.diagram").len(), failed);
}
