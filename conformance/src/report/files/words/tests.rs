use super::*;
use crate::report::samples::{self, is_for_people};
use crate::runner::Problem;

#[test]
fn every_problem_has_a_sentence() {
    for problem in samples::problems() {
        is_for_people(&super::problem(&problem));
        if let Some(Comparison { expected, received }) = comparison(&problem) {
            is_for_people(&expected.to_string());
            is_for_people(&received.to_string());
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
fn every_line_and_every_moment_has_words() {
    for line in samples::lines() {
        is_for_people(&received(&line).to_string());
    }
    for what in samples::happenings() {
        let label = label(&what);
        assert!(!label.words.is_empty() || label.text.is_some(), "{what:?}");
        is_for_people(&happening(Some("anna"), &what));
        is_for_people(&happening(None, &what));
    }
}

#[test]
fn every_cause_and_every_reason_has_a_sentence() {
    for likely in samples::CAUSES {
        is_for_people(cause(likely));
    }
    let reasons = samples::not_performed();
    for outcome in reasons.iter().map(OutcomeEntry::from) {
        is_for_people(&not_performed(&outcome).expect("a reason"));
    }
}
