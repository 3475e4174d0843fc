//! What course autograders read: a JSON object with `tests`, one a requirement, each with a score.

use serde::Serialize;

use super::ReportError;
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
    let observable = document
        .requirements
        .iter()
        .filter(|requirement| requirement.standing != Standing::NotObservable);
    let tests: Vec<_> = observable
        .map(|requirement| test(document, requirement))
        .collect();
    let output = document
        .diagnosis
        .clone()
        .unwrap_or_else(|| crate::report::text::verdict_line(document.verdict, document.class));
    let grade = Grade {
        score: tests.iter().map(|test| test.score).sum(),
        output,
        tests,
    };
    serde_json::to_string_pretty(&grade).map_err(|error| ReportError::Format(error.to_string()))
}

/// A core requirement counts twice; what is recommended is a bonus that nobody can lose by.
fn test(document: &Document, requirement: &RequirementEntry) -> Test {
    let worth = match requirement.level {
        Level::Core => 2.0,
        Level::Full => 1.0,
        Level::Recommended => 0.5,
    };
    let proved = requirement.standing == Standing::Proved;
    let failures = document
        .scenarios
        .iter()
        .filter_map(|scenario| scenario.failure.as_ref());
    let page = failures
        .filter(|failure| failure.blame == requirement.id)
        .map(|failure| failure.page.as_str())
        .next();
    let output = match (page, requirement.standing) {
        (Some(page), _) => page.to_owned(),
        (None, Standing::Proved) => String::new(),
        (None, Standing::Unclear) => {
            "Its scenarios fail because of other requirements; mend those first.".to_owned()
        }
        (None, _) => "Not tested.".to_owned(),
    };
    Test {
        name: format!("{} ({})", requirement.id, requirement.level),
        score: if proved { worth } else { 0.0 },
        max_score: if requirement.level == Level::Recommended {
            0.0
        } else {
            worth
        },
        output,
        visibility: "visible",
    }
}
