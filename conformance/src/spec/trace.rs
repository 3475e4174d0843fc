//! Traceability: every requirement is proved, every id is known, and every name is unique.

use std::collections::HashMap;

use super::document::Spec;
use crate::requirement::Id;
use crate::scenario::{Diagnostic, Mistake, Scenario, Step, closest};

pub(super) fn check(spec: &Spec) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let mut report = |file: &str, diagnostic: Diagnostic| {
        if let Some((file, source)) = spec.sources.iter().find(|(name, _)| name == file) {
            mistakes.push(diagnostic.in_file(file, source));
        }
    };

    let mut first = HashMap::new();
    for requirement in &spec.requirements {
        if let Some(place) = first.insert(&requirement.id, (&requirement.file, requirement.line)) {
            let message = format!(
                "the id {} is already used at {}:{}",
                requirement.id, place.0, place.1
            );
            report(
                &requirement.file,
                Diagnostic::new(requirement.span.clone(), message),
            );
        }
        let proved = spec.proofs(&requirement.id).next().is_some();
        if !proved && requirement.not_observable.is_none() {
            let message = format!("no scenario proves {}", requirement.id);
            let help = format!(
                "add a scenario that `proves {}`, or a paragraph `*Not observable:* reason`",
                requirement.id
            );
            report(
                &requirement.file,
                Diagnostic::new(requirement.span.clone(), message).help(help),
            );
        }
    }

    let mut first = HashMap::new();
    for scenario in &spec.scenarios {
        if let Some(line) = first.insert(&scenario.name, scenario.line) {
            let message = format!(
                "the name {} is already used by another scenario, at line {line}",
                scenario.name
            );
            report(&scenario.file, at_fence(spec, scenario, message));
        }
        for id in unknown_ids(spec, scenario) {
            let known = spec
                .requirements
                .iter()
                .map(|requirement| requirement.id.as_str());
            let mut diagnostic =
                at_fence(spec, scenario, format!("no requirement has the id {id}"));
            if let Some(word) = closest(id.as_str(), known) {
                diagnostic = diagnostic.help(format!("did you mean {word}?"));
            }
            report(&scenario.file, diagnostic);
        }
        for requirement in scenario.proves.iter().filter_map(|id| spec.requirement(id)) {
            if requirement.class != scenario.class {
                let message = format!(
                    "{} binds a {}, but this scenario checks a {}",
                    requirement.id, requirement.class, scenario.class
                );
                let help =
                    "a ```scenario checks a server, and a ```client-scenario checks a client";
                report(&scenario.file, at_fence(spec, scenario, message).help(help));
            }
        }
    }
    mistakes
}

fn at_fence(spec: &Spec, scenario: &Scenario, message: String) -> Diagnostic {
    let source = spec
        .sources
        .iter()
        .find(|(file, _)| *file == scenario.file)
        .map_or("", |(_, text)| text);
    let start = source
        .split_inclusive('\n')
        .take(scenario.line - 1)
        .map(str::len)
        .sum();
    let length = source[start..].lines().next().map_or(0, str::len);
    Diagnostic::new(start..start + length, message)
}

fn unknown_ids<'a>(spec: &Spec, scenario: &'a Scenario) -> Vec<&'a Id> {
    fn blamed<'a>(steps: &'a [Step], ids: &mut Vec<&'a Id>) {
        for step in steps {
            ids.extend(step.kind.blame());
            blamed(step.kind.body(), ids);
        }
    }
    let mut ids: Vec<_> = scenario.proves.iter().collect();
    blamed(&scenario.steps, &mut ids);
    ids.retain(|id| spec.requirement(id).is_none());
    ids
}
