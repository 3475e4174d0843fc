//! Files and a standard output that cannot be written: the verdict stands.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use std::fs::{File, OpenOptions};
use std::process::Command;

fn check(arguments: &[&str]) -> Command {
    let program = crate::faulty::server_program().display();
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command
        .env_remove("SERVER")
        .args(["check", "no-echo", "--server"])
        .arg(format!("{program} --port {{port}}"))
        .args(arguments);
    command
}

fn full() -> File {
    OpenOptions::new().write(true).open("/dev/full").unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_does_not_change_the_exit_status() {
    let run = check(&[]).stdout(full()).output().unwrap();
    assert_eq!(run.status.code(), Some(0));
    let told = String::from_utf8(run.stderr).unwrap();
    assert_eq!(told.matches("No space left on device").count(), 1, "{told}");
}

#[test]
fn nobody_needs_to_read_the_output() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let run = check(&[]).stdout(writer).output().unwrap();
    assert_eq!((run.status.code(), run.stderr), (Some(0), Vec::new()));
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_hides_neither_the_others_nor_the_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let html = folder.path().join("report.html");
    let reports = format!("json=/dev/full,html={}", html.display());
    let run = check(&["--report", &reports]).output().unwrap();
    assert_eq!(run.status.code(), Some(0));
    assert!(String::from_utf8(run.stdout).unwrap().contains("1 passed"));
    let told = String::from_utf8(run.stderr).unwrap();
    assert!(told.contains("cannot write the report /dev/full"), "{told}");
    assert!(std::fs::metadata(&html).unwrap().len() > 0);
}

#[test]
fn a_path_that_cannot_be_used_is_told_before_the_run() {
    let run = check(&["--report", "json=/no/such/folder/report.json"]);
    let run = { run }.output().unwrap();
    assert_eq!((run.status.code(), run.stdout), (Some(2), Vec::new()));
    let told = String::from_utf8(run.stderr).unwrap();
    assert_eq!(told.matches("No such file").count(), 1, "{told}");
}
