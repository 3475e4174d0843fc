//! `conformance stress`: a server that survives, and servers that do not.

use assert_cmd::Command;
use assert_cmd::assert::Assert;
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

/// (Without a limit to what a member may send, the small server drops those who cannot follow a flood.)
#[rstest]
fn a_server_that_is_right_survives(
    #[values("resets", "vanished", "sleeper", "endless", "noise", "killed")] name: &str,
) {
    let told = format!("✓ {name}");
    stress(&[name, "--quick", "--server", &faulty("")])
        .success()
        .stdout(contains(told));
}

#[rstest]
#[case(
    "sleeper",
    "never-drops",
    "1 of 1 members that never read were not dropped (FLOW-3)"
)]
#[case("sleeper", "gap-in-the-middle", "a sleeper sees a gap (FLOW-4)")]
#[case("flood", "flood-ends", "the loud member was cut off (FLOW-5)")]
#[case("noise", "crashes-at-nul", "the server has ended")]
#[case("killed", "exit-status-one", "ended with exit status: 1")]
fn what_a_server_does_not_survive_is_told(
    #[case] name: &str,
    #[case] fault: &str,
    #[case] told: &str,
) {
    let server = faulty(&format!("--fault {fault}"));
    stress(&[name, "--quick", "--server", &server])
        .code(1)
        .stdout(contains(told));
}

#[rstest]
#[case(&["flod"], 2, "no fire has this name")]
#[case(&["flood", "--connect", "127.0.0.1:1"], 2, "cannot be set on fire")]
#[case(&["flood", "--server", "/no/such/program {port}"], 3, "cannot run")]
#[case(&["flood", "--server", "sh -c 'echo lost my keys >&2; exit 7' {port}"], 3, "lost my keys")]
fn what_cannot_be_done_is_told(#[case] arguments: &[&str], #[case] code: i32, #[case] told: &str) {
    stress(arguments).code(code).stderr(contains(told));
}

#[test]
fn the_list_shows_every_fire() {
    stress(&["--list"])
        .success()
        .stdout(contains("descriptors"));
}
