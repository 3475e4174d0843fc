//! Servers that are far from conformant: each gets a clear verdict in bounded time, and no process is left behind.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use std::path::Path;
use std::time::{Duration, Instant};

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use rstest::rstest;

/// Runs `conformance check` against the server.
fn check(server: &str) -> assert_cmd::assert::Assert {
    check_only(server, &[])
}

/// The same with a selection of scenarios.
fn check_only(server: &str, selection: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command.env_remove("SERVER").args([
        "check",
        "--patience",
        "1",
        "--start-limit",
        "5",
        "--server",
        server,
    ]);
    command.args(selection);
    command.timeout(Duration::from_secs(120)).assert()
}

fn script(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/bad_servers");
    format!("python3 {folder}/{name}.py {{port}}")
}

#[test]
fn exits_at_once() {
    check("false {port}")
        .code(3)
        .stdout(
            contains("the server ended before it listened on its port")
                .and(contains("exit status: 1")),
        )
        .stdout(contains(
            "blocked until `alone-in-the-room` passes, because they rely on what it proves",
        ));
}

#[test]
fn cannot_be_run() {
    check("no-such-program {port}")
        .code(3)
        .stdout(contains("cannot run `no-such-program`"));
}

#[test]
fn prints_its_last_words() {
    check("sh -c 'echo lost my keys >&2; exit 7' {port}")
        .code(3)
        .stdout(contains("exit status: 7").and(contains("lost my keys")));
}

#[test]
fn never_listens() {
    check("sleep 600 {port}")
        .code(3)
        .stdout(contains("the server does not listen on its port"));
}

#[rstest]
#[case("closes", "anna's connection")]
#[case("garbage", "received a")]
#[case("endless", "no LF after it")]
#[case("silent", "received nothing for 1 s")]
fn lets_nobody_in(#[case] name: &str, #[case] message: &str) {
    let begin = Instant::now();
    check(&script(name))
        .code(1)
        .stdout(contains(message))
        .stdout(contains("blocked"))
        .stdout(contains("core          0 of"));
    // The bound is generous: it only excludes a suite that waits for each of 147 scenarios.
    assert!(begin.elapsed() < Duration::from_secs(60));
}

#[test]
fn answers_everything_twice() {
    check(&script("twice"))
        .code(1)
        .stdout(contains("MSG-2"))
        .stdout(contains("JOIN-1"))
        .stdout(contains("The server is not conformant."));
}

/// Every line counts as activity, so silence never comes: a wait must end all the same.
#[test]
fn floods_after_the_end_of_a_stream() {
    check_only(&script("empty_flood"), &["a-member-closes"])
        .code(1)
        .stdout(contains("bruno:\\x20"));
}

#[test]
fn leaves_no_process_behind() {
    let marker = format!("salotto-test-{}", std::process::id());
    check(&format!("{} {marker}", script("silent"))).code(1);
    assert_eq!(running(&marker), Vec::<String>::new());
}

/// The command lines of all running processes that contain the marker.
fn running(marker: &str) -> Vec<String> {
    let processes = Path::new("/proc").read_dir().unwrap().flatten();
    let lines = processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
    lines
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .filter(|line| line.contains(marker))
        .collect()
}
