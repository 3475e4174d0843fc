//! What course autograders read: a JSON object with `tests`, one for each requirement, each with a score.

use serde::Serialize;

use super::account::account;
use super::error::ReportError;
use super::words;
use crate::report::Standing;
use crate::report::document::{Document, RequirementEntry};
use crate::requirement::Level;

#[derive(Debug, Serialize)]
struct Grade {
    score: f64,
    output: String,
    tests: Vec<Test>,
}

#[derive(Debug, Serialize)]
struct Test {
    name: String,
    score: f64,
    max_score: f64,
    output: String,
    visibility: &'static str,
}

pub(super) fn report(document: &Document) -> Result<String, ReportError> {
    // Only what was selected can give points.
    let selected = document.requirements.iter().filter(|requirement| {
        !matches!(
            requirement.standing,
            Standing::NotObservable | Standing::NotApplicable
        ) && !requirement.scenarios.is_empty()
    });
    let tests: Vec<_> = selected
        .map(|requirement| test(document, requirement))
        .collect();
    let crash = document.crash.as_ref().map(words::crash);
    let likely = match &document.diagnosis {
        Some(diagnosis) => words::diagnosis(diagnosis),
        None => words::verdict(document.verdict, document.class),
    };
    let output = crash.into_iter().chain([likely]).collect::<Vec<_>>();
    let grade = Grade {
        score: tests.iter().map(|test| test.score).sum(),
        output: output.join("\n"),
        tests,
    };
    Ok(serde_json::to_string_pretty(&grade)?)
}

/// A core requirement counts twice. A recommended one is a bonus: it adds to the score, but not to the maximum.
fn test(document: &Document, requirement: &RequirementEntry) -> Test {
    let (worth, max_score) = match requirement.level {
        Level::Core => (2.0, 2.0),
        Level::Full => (1.0, 1.0),
        Level::Recommended => (0.5, 0.0),
    };
    let proved = requirement.standing == Standing::Proved;
    let failed = document.scenarios.iter().find_map(|scenario| {
        let failure = scenario.failure()?;
        (scenario.broken() == Some(&requirement.id)).then(|| account(document, scenario, failure))
    });
    let explanation = || match requirement.standing {
        Standing::NotTested => why_not_tested(document, requirement),
        Standing::Unclear => words::unclear(&requirement.unclear_because_of),
        standing => words::explanation(standing).to_owned(),
    };
    Test {
        name: format!("{} ({})", requirement.id, requirement.level),
        score: if proved { worth } else { 0.0 },
        max_score,
        output: failed.unwrap_or_else(explanation),
        visibility: "visible",
    }
}

/// Why the first of its scenarios that was not run was not run, with what the program printed.
fn why_not_tested(document: &Document, requirement: &RequirementEntry) -> String {
    let mut proofs = document
        .scenarios
        .iter()
        .filter(|scenario| requirement.scenarios.contains(&scenario.name));
    words::not_tested(proofs.find_map(|scenario| words::not_performed(&scenario.outcome)))
}
