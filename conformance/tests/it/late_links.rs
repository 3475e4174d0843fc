//! A conformant server behind a link that is late on each connection and in each direction: no scenario may fail.
//!
//! Markers that the suite sends are then on their way long after their step, and may reach members that joined meanwhile.
//! The test `simulation` plays all scenarios in this way, without processes and in simulated time; here the link is real.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::process::{Child, Stdio};
use std::time::Duration;

use assert_cmd::Command;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use predicates::str::contains;
use rstest::rstest;

const RELAY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/late_links/relay.py");

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

fn check(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command
        .env_remove("SERVER")
        .args(["check", "--patience", "20"])
        .args(arguments)
        .timeout(Duration::from_secs(300));
    command
}

#[rstest]
fn a_conformant_server_behind_a_late_link_passes(#[values(1, 2, 3)] seed: u32) {
    let program = crate::faulty::server_program().display();
    let server = format!("python3 {RELAY} {{port}} {seed} 0-0.6 {program} --port INNER_PORT");
    check(&["--server", &server])
        .args(SCENARIOS)
        .assert()
        .success()
        .stdout(contains("12 passed"));
}

/// A server that runs already, behind a link, in a process group of its own.
struct Remote {
    link: Child,
    address: String,
}

impl Remote {
    fn start(delays: &str) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let mut link = std::process::Command::new("python3")
            .args([RELAY, &address.port().to_string(), "1", delays])
            .arg(crate::faulty::server_program())
            .args(["--port", "INNER_PORT"])
            .process_group(0)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        let output = link.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut ready).unwrap();
        assert_eq!(ready, "listening\n");
        let address = address.to_string();
        Self { link, address }
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        let group = Pid::from_raw(self.link.id().try_into().unwrap());
        let _ = killpg(group, Signal::SIGTERM);
        let _ = self.link.wait();
    }
}

#[rstest]
fn a_server_that_is_far_away_passes() {
    let remote = Remote::start("0.1-0.1");
    check(&["--connect", &remote.address])
        .args(&SCENARIOS[..6])
        .assert()
        .success()
        .stdout(contains("6 passed"));
}
