//! The same server gets the same verdict and the same points in every run.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use assert_cmd::Command;
use rstest::rstest;
use serde_json::Value;

/// The exit status, and the points of each requirement.
fn points(kind: &str) -> (Option<i32>, Vec<(String, String)>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("grade.json");
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/fair/server.py");
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command
        .env_remove("SERVER")
        .args(["check", "joining", "leaving", "--patience", "5"]);
    command.args(["--server", &format!("python3 {program} {{port}} {kind}")]);
    command.args(["--report", &format!("grade={}", file.display())]);
    let run = command
        .timeout(std::time::Duration::from_secs(300))
        .assert();
    let code = run.get_output().status.code();
    let grade: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let tests = grade["tests"].as_array().unwrap().iter();
    let points = tests.map(|test| (test["name"].to_string(), test["score"].to_string()));
    (code, points.collect())
}

/// One dies when a connection is reset, the other one falls silent after a few messages.
#[rstest]
fn three_runs_give_the_same_points(#[values("crashing", "hanging")] kind: &str) {
    let first = points(kind);
    assert_eq!(first.0, Some(1));
    for _ in 1..3 {
        assert_eq!(points(kind), first);
    }
}
