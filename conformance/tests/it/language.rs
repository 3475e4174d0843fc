//! Mistakes in scenarios are reported like those of a compiler.

use std::sync::Arc;

use conformance::spec::Spec;
use rstest::rstest;

/// The report about a server scenario with these steps.
fn report(steps: &str) -> String {
    report_about("server", "scenario", steps)
}

fn report_about(class: &str, word: &str, steps: &str) -> String {
    let text = format!(
        "# T\n\n> **TEST-1** ({class}, core) A {class} MUST.\n\n```scenario\n{word} one proves TEST-1\n{steps}\n```\n"
    );
    match Spec::read(vec![("test.md".to_owned(), Arc::from(text))]) {
        Ok(_) => "fine".to_owned(),
        Err(error) => error
            .to_string()
            .split_once("\n\n")
            .map(|(_, report)| report.trim_end().to_owned())
            .unwrap_or_default(),
    }
}

#[test]
fn a_mistake_is_reported_at_its_place() {
    insta::assert_snapshot!(report("anna joins\nanna half-close"));
    insta::assert_snapshot!(report(
        "anna joins\nbruno joins\nanna  <- * joined bruno\nanna -> ciao\nbruno -> ciao"
    ));
    insta::assert_snapshot!(report("repeat 3 as round\n  anna -> ${n}"));
}

#[rstest]
#[case("anna jions", "did you mean `joins`?")]
#[case("anna sends \"a", "missing closing quote")]
#[case("anna sends a", "expected bytes in quotes")]
#[case("anna sends \"a\" b", "unexpected text after the step")]
#[case("anna -> a\\qb", "unknown escape")]
#[case("anna -> \\xZZ", "two hexadecimal digits")]
#[case("Anna joins", "expected an actor")]
#[case("togehter\n  anna joins", "did you mean `together`?")]
#[case("repeat many\n  anna joins", "expected the number of repetitions")]
#[case("repeat 0\n  anna joins", "from 1 to 1000000")]
#[case("repeat 3", "the block is empty")]
#[case("anna joins\n  anna closes", "no block begins before this step")]
#[case("with capcity 5\nanna joins", "did you mean `capacity`?")]
#[case(
    "repeat 2\n  with capacity 5\n  anna joins",
    "must be outside every block"
)]
#[case(
    "with open-files many\nanna joins",
    "expected a number, from 1 to 1000000"
)]
#[case("server sleeps", "expected `is interrupted`")]
#[case("anna -> ${m}", "unknown counter `m`")]
#[case("anna joins\nanna and bruno disagree", "expected `agree`")]
#[case("anna joins\nanna or bruno leaves", "expected `joins`")]
#[case(
    "together\n  server exits",
    "a step inside `together` must belong to one actor"
)]
#[case("anna joins\nanna <- x [TEST-9]", "no requirement has the id TEST-9")]
#[case(
    "for each\n  | a\n  anna joins",
    "a name of lower-case letters for a column"
)]
#[case("for all text\n  | a\n  anna joins", "expected `each`")]
#[case(
    "for each a, a\n  | b | c\n  anna joins",
    "there is a column `a` already"
)]
#[case("for each text\n  anna joins as ${text}", "the table is empty")]
#[case("for each text\n  | a", "the block is empty")]
#[case("for each text\n  | a | b\n  anna -> ${text}", "expected 1 texts")]
#[case("for each a, b\n  | c\n  anna -> ${a}${b}", "expected 2 texts")]
#[case("for each text\n  |\n  anna -> ${text}", "expected a text")]
#[case(
    "for each text\n  | \"a\" b\n  anna -> ${text}",
    "unexpected text after the quotes"
)]
#[case("for each text\n  | \"a\n  anna -> ${text}", "missing closing quote")]
#[case("for each text\n  | ${n}\n  anna -> ${text}", "unknown counter `n`")]
#[case("for each text\n  | a\n  anna -> ${txt}", "unknown counter `txt`")]
#[case(
    "for each text\n  | a\n  anna -> ${text + 1}",
    "nothing can be added to it"
)]
#[case("for each text\n  | a\n  anna -> a", "no step uses the column `text`")]
#[case(
    "for each text\n  | a\n  | a\n  anna -> ${text}",
    "stands in the table already"
)]
#[case("anna joins\n| a", "directly below `for each`")]
#[case(
    "for each text\n  | a\n  anna -> ${text}\n  | b",
    "directly below `for each`"
)]
fn is_a_mistake(#[case] steps: &str, #[case] message: &str) {
    let report = report(steps);
    assert!(report.contains(message), "{report}");
}

#[rstest]
#[case("anna joins\nanna tpyes ciao", "did you mean `types`?")]
#[case("anna types ciao", "a client connects exactly once, in the first step")]
#[case(
    "anna joins\nanna connects",
    "a client connects exactly once, in the first step"
)]
#[case(
    "anna joins\nanna leaves\nanna types ciao",
    "the user has left already"
)]
#[case("anna joins\nbruno types ciao", "this is another actor")]
#[case("anna joins\nanna receives ciao", "expected bytes in quotes")]
#[case("anna joins\nanna stops reading", "unknown step for a client")]
#[case("together\n  anna joins", "unknown step for a client")]
fn is_a_mistake_in_a_scenario_for_clients(#[case] steps: &str, #[case] message: &str) {
    let report = report_about("client", "client-scenario", steps);
    assert!(report.contains(message), "{report}");
}

/// A scenario that a correct server could perform in more than one way is refused.
#[rstest]
#[case(
    "anna joins\nbruno joins\nanna <- * joined bruno\nanna -> a\nbruno -> b",
    "before or after the last act of anna"
)]
#[case(
    "anna joins\nbruno joins\nanna <- * joined bruno\nbruno -> a\nbruno resets\nanna <- * left bruno",
    "before everything that it sent has been observed"
)]
#[case(
    "anna joins\nbruno joins\nanna <- * joined bruno\nanna -> a",
    "nobody receives what anna did"
)]
#[case(
    "anna joins\nbruno joins\nanna <- * joined bruno\nanna -> <quit>\nbruno <- * left anna",
    "its connection does not end"
)]
#[case("anna joins\nanna sends \"a\"", "the last line of anna has no end")]
#[case("anna connects\nanna -> *", "nobody receives what anna did")]
#[case(
    "anna joins\nbruno joins\nanna <- * joined bruno\ntogether\n  anna -> a\n  bruno -> b",
    "no step compares"
)]
#[case(
    "anna joins\nbruno joins\nanna <- * joined bruno\nfor each text, by\n  | a | \"\"\n  | b | c\n  anna -> ${text}\n  bruno <- anna: a${by}",
    "nobody receives what anna did"
)]
#[case(
    "anna joins\nanna or bruno joins",
    "anna and bruno have not asked for a nickname together"
)]
#[case(
    "anna connects\nbruno connects\ntogether\n  anna -> a\n  bruno -> a\nanna or bruno joins\nanna closes\ncarla joins",
    "before or after the last act of bruno"
)]
#[case("anna -> a", "anna is not connected")]
#[case("anna joins\nanna joins", "anna is already connected")]
#[case("bruno <- a", "bruno has not connected")]
#[case(
    "anna joins\nserver is interrupted\nserver exits",
    "anna is still connected"
)]
#[case(
    "anna connects\nserver is interrupted",
    "may not have accepted the connection of anna"
)]
fn depends_on_chance(#[case] steps: &str, #[case] message: &str) {
    let report = report(steps);
    assert!(report.contains(message), "{report}");
}

#[rstest]
#[case("# a comment\n\nanna joins")]
#[case("anna joins as \"#x\"")]
#[case("anna joins\nbruno joins\nothers <- * joined bruno\nanna -> [x]\nbruno <- \"anna: [x]\"")]
#[case("anna joins\nbruno joins\nanna <- * joined bruno   [TEST-1]")]
#[case("repeat 2 as k\n  a${k} joins\n  others <- * joined a${k}")]
#[case("together\n  anna joins\n  bruno joins\nanna and bruno agree")]
#[case("anna joins\nanna -> nobody hears this")]
#[case(
    "anna connects\nbruno connects\ntogether\n  anna -> a\n  bruno -> a\nanna or bruno joins [TEST-1]\nbruno <- ! nickname-taken\nbruno hangs up\nanna stays"
)]
#[case(
    "anna joins\nbruno joins\nanna <- * joined bruno\ntogether\n  bruno -> a\n  bruno hangs up\n  anna -> b\n  anna <- * left bruno\neveryone agrees"
)]
#[case(
    "anna joins\nbruno joins\nanna <- * joined bruno\nfor each text\n  | a b\n  # a comment\n  | \"| \"\n  | \"\"\n  anna sends \"x${text}\\n\"\n  bruno <- \"anna: x${text}\""
)]
#[case(
    "anna joins\nrepeat 2\n  for each nick, code\n    | \"${n}\\xFF\" | not-utf8\n    | ${n}\\x07 | control-character\n    anna sends \"${nick}\\n\"\n    anna <- ! ${code}"
)]
fn is_fine(#[case] steps: &str) {
    assert_eq!(report(steps), "fine");
}
