//! A conformant server behind a link that is late on each connection and in each direction: no scenario may fail.
//!
//! Markers that the suite sends are then on their way long after their step, and may reach members that joined meanwhile.

use std::time::Duration;

use assert_cmd::Command;
use predicates::str::contains;
use rstest::rstest;

/// Scenarios in which members join, leave and name themselves while earlier lines are still on their way.
const SCENARIOS: [&str; 12] = [
    "who-is-here",
    "the-third-member",
    "newcomers-are-announced",
    "no-history",
    "names-keep-their-spelling",
    "the-nameless-are-not-here",
    "naming-hears-nothing",
    "everybody-else-hears-a-message",
    "a-member-resets",
    "a-member-closes",
    "both-spellings",
    "several-leave-at-once",
];

#[rstest]
fn a_conformant_server_behind_a_late_link_passes(#[values(1, 2, 3)] seed: u32) {
    let relay = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/late_links/relay.py");
    let program = crate::faulty::server_program().display();
    let server = format!("python3 {relay} {{port}} {seed} '{program} --port INNER_PORT'");
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command
        .env_remove("SERVER")
        .args(["check", "--patience", "20", "--server", &server])
        .args(SCENARIOS)
        .timeout(Duration::from_secs(300))
        .assert()
        .success()
        .stdout(contains("12 passed"));
}
