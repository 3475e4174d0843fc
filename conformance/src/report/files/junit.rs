//! JUnit XML: one suite for each chapter, one case for each scenario.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::account::account;
use super::error::ReportError;
use super::words;
use crate::report::document::{Document, OutcomeEntry, ScenarioEntry};
use crate::requirement::Level;

type Xml = Writer<Vec<u8>>;

pub(super) fn report(document: &Document) -> Result<String, ReportError> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 4);
    write(document, &mut xml).map_err(ReportError::Xml)?;
    let text = String::from_utf8_lossy(&xml.into_inner()).into_owned();
    Ok(text + "\n")
}

fn write(document: &Document, xml: &mut Xml) -> io::Result<()> {
    let mut chapters: Vec<(&str, Vec<&ScenarioEntry>)> = Vec::new();
    for scenario in &document.scenarios {
        match chapters
            .iter_mut()
            .find(|(name, _)| *name == scenario.chapter)
        {
            Some((_, scenarios)) => scenarios.push(scenario),
            None => chapters.push((&scenario.chapter, vec![scenario])),
        }
    }
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let name = legal(&format!("Salotto conformance of {}", document.server));
    let time = format!("{:.3}", document.took_s);
    xml.create_element("testsuites")
        .with_attributes([("name", name.as_str()), ("time", &time)])
        .with_attributes(counts(document, document.scenarios.iter()).iter().map(pair))
        .write_inner_content(|xml| {
            let mut chapters = chapters.iter();
            chapters.try_for_each(|(name, scenarios)| suite(document, name, scenarios, xml))
        })?;
    Ok(())
}

fn suite(
    document: &Document,
    name: &str,
    scenarios: &[&ScenarioEntry],
    xml: &mut Xml,
) -> io::Result<()> {
    xml.create_element("testsuite")
        .with_attribute(("name", name))
        .with_attributes(counts(document, scenarios.iter().copied()).iter().map(pair))
        .write_inner_content(|xml| {
            let mut scenarios = scenarios.iter();
            scenarios.try_for_each(|scenario| case(document, scenario, xml))
        })?;
    Ok(())
}

fn case(document: &Document, scenario: &ScenarioEntry, xml: &mut Xml) -> io::Result<()> {
    let class = format!("{}.{}", scenario.level, scenario.chapter);
    let time = format!("{:.3}", scenario.took_s);
    let element = xml.create_element("testcase").with_attributes([
        ("name", scenario.name.as_str()),
        ("classname", &class),
        ("time", &time),
    ]);
    let reason = legal(&words::not_performed(&scenario.outcome).unwrap_or_default());
    let kind = match &scenario.outcome {
        OutcomeEntry::Passed => return element.write_empty().map(drop),
        OutcomeEntry::Failed { failure } => {
            let message = legal(&words::problem(&failure.problem));
            let account = legal(&account(document, scenario, failure));
            let kind = if breaks_must(document, scenario) {
                "failure"
            } else {
                "skipped"
            };
            return element
                .write_inner_content(|xml| {
                    xml.create_element(kind)
                        .with_attributes([
                            ("message", message.as_str()),
                            ("type", failure.blame.as_str()),
                        ])
                        .write_text_content(BytesText::new(&account))?;
                    Ok(())
                })
                .map(drop);
        }
        OutcomeEntry::NotStarted(_) => "error",
        OutcomeEntry::Unclear { .. }
        | OutcomeEntry::Skipped { .. }
        | OutcomeEntry::Disturbed { .. }
        | OutcomeEntry::NotApplicable { .. }
        | OutcomeEntry::Blocked { .. } => "skipped",
    };
    let element = element.write_inner_content(|xml| {
        let message = ("message", reason.as_str());
        xml.create_element(kind)
            .with_attribute(message)
            .write_empty()?;
        Ok(())
    });
    element.map(drop)
}

/// The attributes of a suite that say how many of its cases ended in which way.
fn counts<'a>(
    document: &Document,
    scenarios: impl Iterator<Item = &'a ScenarioEntry>,
) -> [(&'static str, String); 4] {
    let [mut tests, mut failures, mut errors, mut skipped] = [0; 4];
    for scenario in scenarios {
        tests += 1;
        match scenario.outcome {
            OutcomeEntry::Passed => {}
            OutcomeEntry::Failed { .. } if breaks_must(document, scenario) => failures += 1,
            OutcomeEntry::Failed { .. } => skipped += 1,
            OutcomeEntry::NotStarted(_) => errors += 1,
            OutcomeEntry::Unclear { .. }
            | OutcomeEntry::Skipped { .. }
            | OutcomeEntry::Disturbed { .. }
            | OutcomeEntry::NotApplicable { .. }
            | OutcomeEntry::Blocked { .. } => skipped += 1,
        }
    }
    [
        ("tests", tests),
        ("failures", failures),
        ("errors", errors),
        ("skipped", skipped),
    ]
    .map(|(name, count)| (name, count.to_string()))
}

/// Whether a failure breaks a MUST. A SHOULD that is not met leaves a program conformant, so CI must not turn red for it.
fn breaks_must(document: &Document, scenario: &ScenarioEntry) -> bool {
    let requirement = scenario.broken().and_then(|id| document.requirement(id));
    requirement.is_none_or(|requirement| requirement.level != Level::Recommended)
}

fn pair<'a>((name, count): &'a (&'static str, String)) -> (&'a str, &'a str) {
    (name, count)
}

/// XML cannot hold every character, not even escaped.
fn legal(text: &str) -> String {
    let illegal = |c: char| {
        (c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{FFFE}' | '\u{FFFF}')
    };
    text.replace(illegal, "\u{FFFD}")
}
