use super::*;
use crate::report::samples::{self, is_for_people};
use crate::runner::Problem;

#[test]
fn every_problem_has_a_sentence() {
    for problem in samples::problems() {
        is_for_people(&super::problem(&problem));
        for (_, text) in comparison(&problem) {
            is_for_people(&text.replace("\\x20", " "));
        }
    }
}

#[test]
fn every_contradiction_has_a_sentence_of_its_own() {
    let sentences = samples::contradictions().into_iter().map(|contradiction| {
        let problem = Problem::Disagreement { contradiction };
        super::problem(&problem)
    });
    let mut sentences: Vec<_> = sentences.collect();
    sentences
        .iter()
        .for_each(|sentence| is_for_people(sentence));
    let all = sentences.len();
    sentences.sort_unstable();
    sentences.dedup();
    assert_eq!(sentences.len(), all);
}

#[test]
fn every_cause_and_every_reason_has_a_sentence() {
    for cause in samples::CAUSES {
        let blame = crate::requirement::Id::parse("LINE-1").expect("an id");
        let scenario = "two-lines".to_owned();
        let text = diagnosis(&Diagnosis {
            cause,
            blame,
            scenario,
        });
        is_for_people(&text);
    }
    for outcome in samples::not_performed() {
        let text = not_performed(&outcome).expect("a reason");
        is_for_people(&text.replace("\n    ", "\n"));
    }
}

/// Other programs read the JSON: it holds data, so that a sentence can be improved without breaking them.
#[test]
fn the_json_report_holds_no_sentence_of_this_report() {
    let document = samples::document();
    let json = serde_json::to_string(&document).expect("JSON");
    let problems = samples::problems();
    let sentences = problems.iter().map(super::problem);
    let outcomes = samples::not_performed();
    let reasons = outcomes.iter().filter_map(not_performed);
    for sentence in sentences.chain(reasons) {
        assert!(!json.contains(&sentence), "{sentence}");
    }
}
