//! `conformance stress` on servers that survive and on servers that do not.

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use predicates::prelude::*;
use predicates::str::contains;
use rstest::rstest;

fn stress(arguments: &[&str]) -> Assert {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command.env_remove("SERVER").arg("stress").args(arguments);
    command
        .timeout(std::time::Duration::from_secs(120))
        .assert()
}

fn faulty(options: &str) -> String {
    let program = crate::faulty::server_program().display();
    format!("{program} --port {{port}} [--capacity {{capacity}}] {options}")
}

/// Without `flood`: `salotto-faulty` does not limit what a member may send, so it drops members that cannot keep up.
#[rstest]
fn a_correct_server_survives(
    #[values("resets", "vanished", "slow-reader", "endless", "noise", "killed")] name: &str,
) {
    let row = format!("✓ {name}");
    stress(&[name, "--quick", "--server", &faulty("")])
        .success()
        .stdout(contains(row));
}

#[rstest]
#[case(
    "slow-reader",
    "never-drops",
    "slow readers that were not dropped (FLOW-3): 1 of 1"
)]
#[case(
    "slow-reader",
    "gap-in-the-middle",
    "a slow reader received messages with a gap (FLOW-4)"
)]
#[case("flood", "flood-ends", "the flooding member was cut off (FLOW-5)")]
#[case(
    "resets",
    "sockets-kept-after-a-reset",
    "more files open than before the test (CONN-1)"
)]
#[case("noise", "crashes-at-nul", "the server has ended")]
#[case("killed", "exit-status-one", "ended with exit status: 1")]
fn a_fault_is_reported(#[case] name: &str, #[case] fault: &str, #[case] text: &str) {
    let server = faulty(&format!("--fault {fault}"));
    stress(&[name, "--quick", "--server", &server])
        .code(1)
        .stdout(contains(text));
}

/// A quick run stops at the first test that the server does not survive.
#[test]
fn a_quick_run_stops_early() {
    let server = faulty("--fault crashes-at-nul");
    stress(&["noise", "resets", "--quick", "--server", &server])
        .code(1)
        .stdout(contains("noise").and(contains("resets").not()))
        .stderr(contains("the last test was not run"));
}

#[rstest]
#[case("prompt", "it answered a nickname with `your name:")]
#[case("closes", "it closed the connection")]
fn another_kind_of_server_is_refused(#[case] name: &str, #[case] text: &str) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/bad_servers");
    let server = format!("python3 {folder}/{name}.py {{port}}");
    stress(&["--quick", "--server", &server])
        .code(3)
        .stderr(contains("this is not a Salotto server").and(contains(text)));
}

#[rstest]
#[case(&["flod"], 2, "invalid value 'flod'")]
#[case(&["flood", "--connect", "127.0.0.1:1"], 2, "each stress test starts the server itself")]
#[case(&["flood", "--server", "/no/such/program {port}"], 3, "cannot run")]
#[case(&["flood", "--server", "sh -c 'echo lost my keys >&2; exit 7' {port}"], 3, "lost my keys")]
fn bad_usage_is_reported(#[case] arguments: &[&str], #[case] code: i32, #[case] text: &str) {
    stress(arguments).code(code).stderr(contains(text));
}

#[test]
fn the_list_shows_every_test() {
    stress(&["--list"])
        .success()
        .stdout(contains("descriptors"));
}
