//! `conformance explore`: no false alarm, planted faults found and made small, and the same history for the same seed.

use std::time::Duration;

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use rstest::rstest;

fn explore(fault: &str, arguments: &[&str]) -> Assert {
    let program = crate::faulty::server_program().display();
    let server = format!("{program} --port {{port}} [--capacity {{capacity}}] {fault}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command.args(["explore", "--server", &server]);
    command
        .args(arguments)
        .timeout(Duration::from_secs(300))
        .assert()
}

#[test]
fn a_conformant_server_raises_no_alarm() {
    explore("", &["--seed", "1", "--histories", "100"])
        .code(0)
        .stdout(contains(
            "100 histories with seed 1: no requirement was seen broken",
        ));
}

#[rstest]
#[case("echo", "pieces", "MSG-2")]
#[case("cr-kept", "line-ends", "")]
fn a_fault_is_found_and_printed_as_a_scenario(
    #[case] fault: &str,
    #[case] kinds: &str,
    #[case] id: &str,
) {
    let fault = format!("--fault {fault}");
    let arguments = [
        "--seed",
        "1",
        "--histories",
        "100",
        "--shrink",
        "5",
        "--only",
        kinds,
    ];
    explore(&fault, &arguments)
        .code(1)
        .stdout(contains(format!(" proves {id}")).and(contains("It failed 10 of 10 times")));
}

#[test]
fn a_name_gives_the_same_history_again() {
    let print = || {
        let run = explore("", &["explored-42-17", "--print"]).code(0);
        String::from_utf8(run.get_output().stdout.clone()).unwrap()
    };
    let text = print();
    assert!(
        text.starts_with("scenario explored-42-17 proves "),
        "{text}"
    );
    assert_eq!(text, print());
}

#[test]
fn a_name_of_another_kind_is_refused() {
    let message = "expected a name such as explored-42-17";
    explore("", &["two-lines-in-one-write"])
        .code(2)
        .stderr(contains(message));
}
