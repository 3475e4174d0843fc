//! The built-in specification is complete, consistent, and the one in the repository.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use std::path::Path;
use std::sync::Arc;

use conformance::requirement::Level;
use conformance::runner::fixed_ids;
use conformance::spec::Spec;
use rstest::rstest;

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"))
}

#[test]
fn the_built_in_specification_is_the_one_in_the_repository() {
    let (built_in, read) = (
        Spec::built_in().unwrap(),
        Spec::in_folder(folder()).unwrap(),
    );
    assert_eq!(built_in.sources, read.sources);
    assert!(read.requirements.len() > 60 && read.scenarios.len() > 100);
}

#[test]
fn every_requirement_is_proved_or_gives_a_reason() {
    let spec = Spec::built_in().unwrap();
    for requirement in &spec.requirements {
        let proved = spec.proofs(&requirement.id).next().is_some();
        assert_ne!(
            proved,
            requirement.not_observable.is_some(),
            "{}",
            requirement.id
        );
    }
}

#[test]
fn levels_follow_the_words() {
    for requirement in Spec::built_in().unwrap().requirements {
        let must = requirement.text.contains("MUST");
        assert_eq!(
            requirement.level != Level::Recommended,
            must && !requirement.text.starts_with("A server SHOULD"),
            "{}",
            requirement.id
        );
    }
}

#[test]
fn the_ids_that_the_runner_blames_are_known() {
    let spec = Spec::built_in().unwrap();
    assert!(!fixed_ids().is_empty());
    for id in fixed_ids() {
        assert!(spec.requirement(&id).is_some(), "{id}");
    }
}

#[test]
fn the_index_names_every_chapter() {
    let spec = Spec::built_in().unwrap();
    let (_, index) = spec
        .sources
        .iter()
        .find(|(file, _)| file == "README.md")
        .unwrap();
    for (file, text) in spec.sources.iter().filter(|(file, _)| file != "README.md") {
        let title = text.lines().next().unwrap().trim_start_matches("# ");
        let (number, name) = title.split_once(". ").unwrap();
        assert!(
            index.contains(&format!("{number}. [{name}]({file})")),
            "{file}: {title}"
        );
    }
}

/// A chapter with one requirement, followed by `rest`.
fn chapter(rest: &str) -> String {
    format!("# T\n\n> **TEST-1** (server, core) A server MUST.\n\n{rest}")
}

fn mistakes(text: &str) -> String {
    Spec::read(vec![("test.md".to_owned(), Arc::from(text))])
        .unwrap_err()
        .to_string()
}

const PROOF: &str = "```scenario one proves TEST-1\nanna joins\n```\n";

#[rstest]
#[case("", "no scenario proves TEST-1")]
#[case(
    "```scenario one proves TEST-2\nanna joins\n```",
    "no requirement has the id TEST-2"
)]
#[case(
    "```scenario one\nanna joins\n```",
    "expected `scenario NAME proves ID"
)]
#[case(
    "```scenario One proves TEST-1\nanna joins\n```",
    "lower-case letters, digits and hyphens"
)]
#[case(
    "```scenario one proves test\nanna joins\n```",
    "expected an id such as JOIN-3"
)]
#[case("```scenario one proves TEST-1\n```", "the scenario has no steps")]
#[case(
    "```scenario one proves TEST-1\nanna joins\n```\n\n```scenario one proves TEST-1\nanna joins\n```",
    "the name one is already used"
)]
#[case(
    "> **TEST-1** (server, core) Again.\n\n```scenario one proves TEST-1\nanna joins\n```",
    "the id TEST-1 is already used"
)]
#[case(
    "```client-scenario one proves TEST-1\nanna joins\n```",
    "TEST-1 binds a server, but this scenario checks a client"
)]
#[case(
    "> **TEST-2** (core) Without a class.\n\n```scenario one proves TEST-1\nanna joins\n```",
    "expected the id, the class and the level"
)]
fn a_mistake_in_a_chapter_is_reported(#[case] rest: &str, #[case] message: &str) {
    let report = mistakes(&chapter(rest));
    assert!(report.contains(message), "{report}");
    assert!(report.contains("--> test.md:"), "{report}");
}

#[test]
fn a_reason_replaces_a_proof() {
    let text = chapter("*Not observable:* memory does not show\non the wire.\n");
    let spec = Spec::read(vec![("test.md".to_owned(), Arc::from(text))]).unwrap();
    assert_eq!(
        spec.requirements[0].not_observable.as_deref(),
        Some("memory does not show on the wire.")
    );
}

#[test]
fn a_chapter_with_a_proof_is_fine() {
    assert!(Spec::read(vec![("test.md".to_owned(), Arc::from(chapter(PROOF)))]).is_ok());
}
