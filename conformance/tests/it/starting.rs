//! Commands that start a server in an unusual way: each works, or gets one verdict that says what to do.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use predicates::prelude::*;
use predicates::str::contains;
use rstest::rstest;
use tempfile::TempDir;

fn check(server: &str, arguments: &[&str]) -> Assert {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    let command = command.env_remove("SERVER").arg("check").args(arguments);
    let command = command.args(["--server", server]);
    command.timeout(Duration::from_secs(120)).assert()
}

/// A correct server, as a line of a script.
fn server() -> String {
    let program = crate::faulty::server_program().display();
    format!("{program} --port $1")
}

/// A shell script in a folder of its own.
fn script(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("start.sh");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

/// Whether a process is running whose command line holds the path.
fn is_running(path: &std::path::Path) -> bool {
    let processes = std::path::Path::new("/proc").read_dir().unwrap().flatten();
    let mut lines =
        processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
    lines.any(|line| String::from_utf8_lossy(&line).contains(path.to_str().unwrap()))
}

/// The shell does not handle the signal that ends the server.
#[rstest]
#[case("SERVER\n")]
#[case("SERVER &\nwait\n")]
#[case("exec SERVER\n")]
fn a_wrapper_may_be_ended_by_the_signal(#[case] text: &str) {
    let (_folder, path) = script(&text.replace("SERVER", &server()));
    check(
        &format!("sh {} {{port}}", path.display()),
        &["STOP-1", "STOP-3"],
    )
    .success();
}

#[test]
fn a_wrapper_does_not_hide_a_server_that_goes_on() {
    let text = server() + " --fault ignores-the-interrupt";
    let (_folder, path) = script(&(text + "\n"));
    let server = format!("sh {} {{port}}", path.display());
    check(&server, &["interrupted-while-empty"])
        .code(1)
        .stdout(contains("STOP-1"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_beyond_the_signals_is_told() {
    let (_folder, path) = script(&format!("setsid sh -c '{}' sh $1\n", server()));
    check(
        &format!("sh {} {{port}}", path.display()),
        &["interrupted-while-empty"],
    )
    .code(1)
    .stdout(contains("in a process group or"))
    .stdout(contains("the suite has ended them"));
}

#[cfg(target_os = "linux")]
#[rstest]
#[case("SERVER &\n")]
#[case("setsid SERVER &\nsleep 0.5\n")]
fn a_server_that_goes_to_the_background_gets_one_verdict(#[case] text: &str) {
    let (folder, path) = script("");
    let server = format!("sh {} $1", folder.path().join("server.sh").display());
    std::fs::write(&path, text.replace("SERVER", &server)).unwrap();
    std::fs::write(folder.path().join("server.sh"), self::server()).unwrap();
    check(&format!("sh {} {{port}}", path.display()), &[])
        .code(3)
        .stdout(contains("start it in the foreground"))
        .stdout(contains("The server could not be started."));
    assert!(!is_running(folder.path()));
}

#[test]
fn a_server_that_ends_with_its_input_runs() {
    let (_folder, path) = script(&format!("{} &\nserver=$!\ncat\nkill $server\n", server()));
    check(&format!("sh {} {{port}}", path.display()), &["JOIN-1"]).success();
}

#[rstest]
#[case("A=1 srv {port}", "write --server 'env A=1 srv {port}'")]
#[case("cd x && srv {port}", "write --server \"sh -c 'cd x && srv {port}'\"")]
#[case("~/srv {port}", "`~/srv` needs a shell")]
#[case("srv {port} 2>log", "`2>log` needs a shell")]
fn a_command_for_a_shell_is_refused(#[case] server: &str, #[case] message: &str) {
    check(server, &[]).code(2).stderr(contains(message));
}

#[test]
fn a_port_of_another_process_is_refused() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    check("sleep 100", &["--port", &port, "JOIN-1"])
        .code(3)
        .stdout(contains(format!(
            "port {port} is in use by another process"
        )));
}

/// With few open files fewer scenarios run at the same time; and what fails for want of them says nothing about the server.
#[rstest]
#[case("ulimit -Sn 64", 0, " passed in ")]
#[case("ulimit -n 128", 0, " passed in ")]
#[case("ulimit -n 18", 3, "raise the limit with `ulimit -n`")]
fn few_open_files_are_no_fault_of_the_server(
    #[case] limit: &str,
    #[case] code: i32,
    #[case] message: &str,
) {
    let program = crate::faulty::server_program().display();
    let server = format!(
        "{program} --port {{port}} [--capacity {{capacity}}] [--naming-timeout {{naming-timeout}}]"
    );
    let script = format!("{limit}; exec \"$0\" check NAME-5 ROOM-2 --jobs 24 --server \"$1\"");
    let mut command = Command::new("sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_conformance"), &server]);
    let run = command.timeout(Duration::from_secs(300)).assert();
    run.code(code)
        .stdout(contains(message).and(contains("broken").not()));
}
