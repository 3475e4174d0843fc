//! `conformance load` on correct and on faulty servers.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Stdio};
use std::sync::OnceLock;

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use predicates::prelude::*;
use predicates::str::{contains, is_match};
use rstest::rstest;
use serde_json::Value;

fn load(arguments: &[&str]) -> Assert {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command.env_remove("SERVER").arg("load").args(arguments);
    command.timeout(std::time::Duration::from_secs(60)).assert()
}

/// The reference server, built once.
fn reference() -> &'static str {
    static COMMAND: OnceLock<String> = OnceLock::new();
    COMMAND.get_or_init(|| {
        let command = driver::process::workspace::reference_server().unwrap();
        format!("{} [--capacity {{capacity}}]", command.written())
    })
}

fn faulty(options: &str) -> String {
    let program = crate::faulty::server_program().display();
    format!("{program} --port {{port}} {options}")
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A quarter of a second, with figures and a picture.
fn measured(arguments: &[&str], folder: &Path) -> (Assert, Value, PathBuf) {
    let (figures, picture) = (folder.join("load.json"), folder.join("load.svg"));
    let mut all = vec!["--seconds", "0.25", "--json", figures.to_str().unwrap()];
    all.extend(["--plot", picture.to_str().unwrap()]);
    all.extend(arguments);
    let assert = load(&all);
    let value = json(&figures);
    crate::schema::describes(&["schema", "load"], &value, "faults");
    (assert, value, picture)
}

#[rstest]
#[case::open(&["--members", "20", "--senders", "3", "--rate", "400"], 1900)]
#[case::windowed(&["--members", "20", "--senders", "19", "--windowed", "4", "--size", "300"], 19)]
#[case::one_sender(&["--members", "2", "--rate", "40"], 10)]
fn the_reference_server_delivers_everything(#[case] arguments: &[&str], #[case] least: u64) {
    let folder = tempfile::tempdir().unwrap();
    let mut all = vec!["--server", reference()];
    all.extend(arguments);
    let (assert, value, picture) = measured(&all, folder.path());
    assert
        .success()
        .stdout(contains("✓ everything arrived").and(contains("p99.9")));

    let number = |path: &str| value.pointer(path).unwrap().as_f64().unwrap();
    let (messages, members) = (number("/messages"), number("/members"));
    assert_eq!(number("/deliveries"), messages * (members - 1.0));
    assert!(number("/deliveries") >= least as f64, "{value}");
    assert!(number("/latency/p50_ms") <= number("/latency/max_ms"));
    let slices = value["slices"].as_array().unwrap();
    let counted = |entries: &Value| -> u64 {
        let entries = entries.as_array().unwrap().iter();
        entries.map(|it| it["deliveries"].as_u64().unwrap()).sum()
    };
    assert!(slices.len() > 1);
    assert_eq!(counted(&value["slices"]) as f64, number("/deliveries"));
    assert_eq!(
        counted(&value["distribution"]) as f64,
        number("/deliveries")
    );
    if cfg!(target_os = "linux") {
        assert!(number("/server/rss_peak_bytes") > 0.0, "{value}");
    }

    let picture = std::fs::read_to_string(picture).unwrap();
    assert_well_formed(&picture);
    assert!(!picture.contains("href") && !picture.contains("<script"));
}

/// Parses the whole document.
fn assert_well_formed(xml: &str) {
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut elements = 0;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Start(_) | quick_xml::events::Event::Empty(_) => {
                elements += 1;
            }
            _ => {}
        }
    }
    assert!(elements > 50, "{elements} elements");
}

#[rstest]
#[case("every-hundredth-lost", "/faults/lost", "lost (ORDER-1)")]
#[case("forty-listeners", "/faults/lost", "lost (ORDER-1)")]
#[case("every-tenth-twice", "/faults/twice", "duplicated")]
#[case(
    "every-twentieth-swapped",
    "/faults/late",
    "after a later message of the same sender"
)]
#[case(
    "orders-differ",
    "/faults/members_in_another_order",
    "received messages in another order than the first member"
)]
#[case("echo", "/faults/echoed", "to the sender itself (MSG-2)")]
#[case("squeezes-blanks", "/faults/altered", "altered (MSG-1, MSG-3)")]
#[case("drops-zero-width", "/faults/altered", "altered (MSG-1, MSG-3)")]
#[case("flood-ends", "/faults/members_ended", "disconnected (CONN-1)")]
fn a_fault_is_reported(#[case] fault: &str, #[case] field: &str, #[case] text: &str) {
    let folder = tempfile::tempdir().unwrap();
    let server = faulty(&format!("--fault {fault}"));
    let arguments = ["--members", "45", "--senders", "4", "--windowed", "8"];
    let mut all = vec!["--server", &server, "--patience", "1"];
    all.extend(arguments);
    let (assert, value, _) = measured(&all, folder.path());
    assert.code(1).stdout(contains("✗").and(contains(text)));
    assert!(
        value.pointer(field).unwrap().as_u64().unwrap() > 0,
        "{value}"
    );
}

/// The same server without a fault.
#[test]
fn a_correct_server_passes() {
    let server = faulty("");
    let arguments = ["--members", "45", "--senders", "4", "--windowed", "8"];
    let mut all = vec!["--server", &server, "--seconds", "0.25"];
    all.extend(arguments);
    load(&all).success();
}

#[rstest]
#[case(&["--members", "1"], "1 of 1 members cannot send")]
#[case(&["--members", "5", "--senders", "5"], "at least one must send and at least one only listen")]
#[case(&["--members", "1000000", "--senders", "1000"], "are too many: their product may be at most")]
#[case(&["--size", "11"], "12 to 4096 bytes")]
#[case(&["--rate", "0"], "a rate must be more than 0")]
#[case(&["--windowed", "0"], "a window must have 1 to")]
#[case(&["--seconds", "0"], "expected a number from 0.1 to 86400")]
#[case(&["--windowed", "--rate", "7"], "cannot be used with")]
#[case(&["--connect", "localhost"], "--connect takes HOST:PORT")]
fn bad_usage_is_reported(#[case] arguments: &[&str], #[case] text: &str) {
    load(arguments).code(2).stderr(contains(text));
}

#[rstest]
#[case("/no/such/program {port}", "cannot run")]
#[case("false {port}", "ended before it listened")]
#[case("sh -c 'echo lost my keys >&2; exit 7' {port}", "lost my keys")]
fn a_server_that_does_not_start_is_reported(#[case] server: &str, #[case] text: &str) {
    load(&["--server", server]).code(3).stderr(contains(text));
}

/// Members join concurrently, so any of them may be the one that the room has no place for.
#[test]
fn a_room_that_is_too_small_is_reported() {
    let server = faulty("--capacity 5");
    load(&["--server", &server, "--members", "8"])
        .code(3)
        .stderr(
            is_match("member [1-8] of 8 cannot join: the server answered `! room-full`").unwrap(),
        );
}

/// Ctrl-C ends a run that would last a minute. The report covers the time until then.
#[test]
fn an_interrupt_ends_the_run_and_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let figures = folder.path().join("load.json");
    let mut command = Process::new(env!("CARGO_BIN_EXE_conformance"));
    command.args(["load", "--seconds", "60", "--members", "3", "--rate", "500"]);
    command
        .args(["--server", reference(), "--json"])
        .arg(&figures);
    command
        .env_remove("SERVER")
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = KillOnDrop(command.spawn().unwrap());
    let mut stderr = BufReader::new(child.0.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    assert_eq!(line, "3 members have joined; sending\n");

    let pid = nix::unistd::Pid::from_raw(child.0.id() as i32);
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).unwrap();
    assert_eq!(child.0.wait().unwrap().code(), Some(0));
    let value = json(&figures);
    assert_eq!(value["ended_early"], "interrupted");
    assert!(value["seconds"].as_f64().unwrap() < 60.0);
}

/// Kills its process when dropped.
struct KillOnDrop(Child);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
