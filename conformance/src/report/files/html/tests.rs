use std::time::Duration;

use scraper::{Html, Selector};

use super::*;
use crate::requirement::Class;
use crate::runner::{Failure, Moment, MomentKind, Outcome, Performance, Problem};
use crate::runner::{Run, ScenarioResult};
use crate::spec::Spec;
use driver::wire::Received;

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

/// A run of the whole specification: every third scenario fails, every third passes.
fn document() -> Document {
    let spec = Spec::built_in().expect("the specification has no mistakes");
    let results = spec
        .scenarios_of(Class::Server)
        .enumerate()
        .map(|(at, scenario)| {
            let outcome = match at % 3 {
                0 => Outcome::Passed,
                1 => Outcome::Skipped("there is no place for `capacity`".to_owned()),
                _ => Outcome::Failed(Box::new(Failure {
                    problem: Problem::Unlisted {
                        actor: "anna".to_owned(),
                        received: Received::Line("bruno: ciao".to_owned()),
                    },
                    blame: scenario.proves[0].clone(),
                    line: Some(scenario.line + 1),
                    counters: "n = 3".to_owned(),
                    unread: vec![("anna".to_owned(), vec!["bruno: due".to_owned()])],
                    output: vec!["listening".to_owned()],
                })),
            };
            ScenarioResult {
                scenario,
                performance: Performance::without(outcome),
            }
        });
    let run = Run {
        results: results.collect(),
        took: Duration::from_secs(2),
    };
    let mut document = Document::new(&spec, &run, "my-server {port}", "conformance check");
    for scenario in &mut document.scenarios {
        let moment = |kind, text: &str| Moment {
            at_us: 0,
            actor: "anna".to_owned(),
            kind,
            text: text.to_owned(),
        };
        scenario.moments = vec![
            moment(MomentKind::Connected, ""),
            moment(MomentKind::Received, "bruno: ciao"),
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
    document.diagnosis = Some(hostile());
    for requirement in &mut document.requirements {
        requirement.text = format!("{HOSTILE} **MUST** `{HOSTILE}`");
    }
    for scenario in &mut document.scenarios {
        scenario.reason = scenario.reason.take().map(|_| hostile());
        if let Some(failure) = &mut scenario.failure {
            failure.problem = hostile();
            failure.counters = hostile();
            failure.expected = Some(hostile());
            failure.received = Some(format!("x{HOSTILE}"));
            failure.unread = vec![(hostile(), vec![hostile()])];
            failure.output = vec![hostile()];
            failure.page = format!("\n    Again: {HOSTILE}");
        }
        for moment in &mut scenario.moments {
            moment.actor = hostile();
            moment.text = hostile();
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
    let sentence = words::sentence("a server **MUST** send `* joined <NICK>`, <b>once</b>");
    assert_eq!(
        sentence.into_string(),
        "a server <strong>MUST</strong> send <code>* joined &lt;NICK&gt;</code>, &lt;b&gt;once&lt;/b&gt;"
    );
}

#[test]
fn a_page_that_grows_too_large_shows_failures_only() {
    let mut document = document();
    for scenario in &mut document.scenarios {
        let text = "x".repeat(LARGEST / 50);
        scenario
            .moments
            .iter_mut()
            .for_each(|moment| moment.text.clone_from(&text));
    }
    let failed = document
        .scenarios
        .iter()
        .filter(|scenario| scenario.failure.is_some())
        .count();
    let page = report(&document);
    assert_eq!(found(&parsed(&page), "svg.diagram").len(), failed);
}
