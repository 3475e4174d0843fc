//! JUnit XML: one suite a chapter, one case a scenario.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::ReportError;
use crate::report::document::{Document, ScenarioEntry};

pub(super) fn report(document: &Document) -> Result<String, ReportError> {
    let mut report = Report::new(format!("Salotto conformance of {}", document.server));
    report.set_time(Duration::from_secs_f64(document.took_s));
    let mut suites: Vec<TestSuite> = Vec::new();
    for scenario in &document.scenarios {
        let case = case(scenario);
        let suite = suites
            .iter_mut()
            .find(|suite| suite.name.as_str() == scenario.chapter);
        if let Some(suite) = suite {
            suite.add_test_case(case);
        } else {
            let mut suite = TestSuite::new(scenario.chapter.as_str());
            suite.add_test_case(case);
            suites.push(suite);
        }
    }
    report.add_test_suites(suites);
    report
        .to_string()
        .map_err(|error| ReportError::Format(error.to_string()))
}

fn case(scenario: &ScenarioEntry) -> TestCase {
    let status = match (&scenario.failure, &scenario.reason) {
        (Some(failure), _) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status
                .set_type(failure.blame.as_str())
                .set_message(failure.problem.as_str())
                .set_description(failure.page.as_str());
            status
        }
        (None, Some(reason)) if scenario.outcome == "not-started" => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(reason.as_str());
            status
        }
        (None, Some(reason)) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(reason.as_str());
            status
        }
        (None, None) => TestCaseStatus::success(),
    };
    let mut case = TestCase::new(scenario.name.as_str(), status);
    case.set_classname(format!("{}.{}", scenario.level, scenario.chapter))
        .set_time(Duration::from_secs_f64(scenario.took_s));
    case
}
