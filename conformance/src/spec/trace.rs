//! Traceability: every requirement is proved, every id is known, and every name is unique.

use std::collections::HashMap;

use super::document::Spec;
use crate::requirement::Id;
use crate::scenario::{Diagnostic, Mistake, Scenario, Step};

pub(super) fn check(spec: &Spec) -> Vec<Mistake> {
    let requirements = check_requirements(spec).into_iter();
    requirements
        .chain(check_scenarios(spec))
        .filter_map(|(file, diagnostic)| {
            let (file, source) = spec.sources.iter().find(|(name, _)| name == file)?;
            Some(diagnostic.in_file(file, source))
        })
        .collect()
}

fn check_requirements(spec: &Spec) -> Vec<(&str, Diagnostic)> {
    let mut mistakes = Vec::new();
    let mut first = HashMap::new();
    for requirement in &spec.requirements {
        let (id, file) = (&requirement.id, requirement.file.as_str());
        let at_id = |message| Diagnostic::new(requirement.span.clone(), message);
        if let Some((file, line)) = first.insert(id, (file, requirement.line)) {
            let message = format!("the id {id} is already used at {file}:{line}");
            mistakes.push((requirement.file.as_str(), at_id(message)));
        }
        let proved = spec.proofs(id).next().is_some();
        if !proved && requirement.not_observable.is_none() {
            let diagnostic = at_id(format!("no scenario proves {id}")).help(format!(
                "add a scenario that `proves {id}`, or a paragraph `*Not observable:* reason`"
            ));
            mistakes.push((file, diagnostic));
        }
    }
    mistakes
}

fn check_scenarios(spec: &Spec) -> Vec<(&str, Diagnostic)> {
    let mut mistakes = Vec::new();
    let mut first = HashMap::new();
    for scenario in &spec.scenarios {
        let mut report = |diagnostic| mistakes.push((scenario.file.as_str(), diagnostic));
        if let Some(line) = first.insert(&scenario.name, scenario.line) {
            let message = format!(
                "the name {} is already used by another scenario, at line {line}",
                scenario.name
            );
            report(at_fence(spec, scenario, message));
        }
        for id in unknown_ids(spec, scenario) {
            let known = spec.requirements.iter();
            let known = known.map(|requirement| requirement.id.as_str());
            let message = format!("no requirement has the id {id}");
            report(at_fence(spec, scenario, message).suggest(id.as_str(), known));
        }
        for requirement in scenario.proves.iter().filter_map(|id| spec.requirement(id)) {
            if requirement.class != scenario.class {
                let message = format!(
                    "{} binds a {}, but this scenario checks a {}",
                    requirement.id, requirement.class, scenario.class
                );
                let help =
                    "a ```scenario checks a server, and a ```client-scenario checks a client";
                report(at_fence(spec, scenario, message).help(help));
            }
        }
    }
    mistakes
}

/// A mistake at the opening fence of a scenario.
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
