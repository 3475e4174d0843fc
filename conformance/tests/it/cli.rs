//! The command line: messages about bad usage, and the output of the commands that run nothing.

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use rstest::rstest;

fn conformance(arguments: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command.env_remove("SERVER").args(arguments).assert()
}

#[rstest]
#[case(&[], "Usage: conformance")]
#[case(&["chekc"], "check")]
#[case(&["check", "no-such-scenario", "--server", "x {port}"], "no scenario matches `no-such-scenario`")]
#[case(&["check", "tow-lines", "--server", "x {port}"], "did you mean `two-lines-in-one-write`?")]
#[case(&["check", "NICK-8", "--level", "core", "--server", "x {port}"], "leave out --level")]
#[case(&["check", "--server", "my_server"], "put {port} where the port belongs")]
#[case(&["check", "--server", ""], "the server's command is empty")]
#[case(&["check", "--server", "x '{port}"], "is not closed")]
#[case(&["check", "--server", "x {prot}"], "unknown placeholder `{prot}`")]
#[case(&["check", "--server", "x {port} --capacity {capacity}"], "[--capacity {capacity}]")]
#[case(&["check", "--server", "x {port}", "--connect", "localhost:1"], "cannot be used with")]
#[case(&["check", "--connect", "localhost"], "--connect takes HOST:PORT, for example")]
#[case(&["check", "--port", "53000"], "--server <COMMAND>")]
#[case(&["check", "--spec", "/no/such/folder"], "cannot read the specification")]
#[case(&["check", "--server", "x {port}", "--report", "json=/no/such/folder/x"], "cannot write the report")]
#[case(&["explain", "JOIN-99"], "did you mean")]
#[case(&["explain"], "Usage: conformance explain")]
fn bad_usage_says_what_to_do_and_exits_with_2(#[case] arguments: &[&str], #[case] message: &str) {
    conformance(arguments).code(2).stderr(contains(message));
}

/// Nothing is known about a server that cannot be reached. An option wins over the environment, and an empty variable is unset.
#[rstest]
#[case(None)]
#[case(Some(""))]
#[case(Some("x {port}"))]
fn an_unreachable_server_is_reported(#[case] variable: Option<&str>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    match variable {
        Some(value) => command.env("SERVER", value),
        None => command.env_remove("SERVER"),
    };
    command
        .args(["check", "--connect", "127.0.0.1:1"])
        .assert()
        .code(3)
        .stderr(contains("cannot connect to 127.0.0.1:1"));
}

#[test]
fn the_json_report_keeps_its_schema() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("report.json");
    let program = crate::faulty::server_program().display();
    let server = format!("{program} --fault echo --port {{port}}");
    let report = format!("json={}", file.display());
    conformance(&[
        "check",
        "MSG-2",
        "a-full-room",
        "--server",
        &server,
        "--report",
        &report,
    ])
    .code(1);
    let text = std::fs::read_to_string(&file).expect("the report");
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    crate::schema::describes(&["schema"], &report, "verdict");
}

/// What is shown can be run again as it stands.
#[test]
fn the_command_that_runs_a_scenario_again_repeats_the_options() {
    let program = crate::faulty::server_program().display();
    let server = format!("{program} --fault echo --port {{port}}");
    let spec = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec");
    conformance(&[
        "check",
        "no-echo",
        "--patience",
        "7",
        "--spec",
        spec,
        "--server",
        &server,
    ])
    .code(1)
    .stdout(contains(format!("  {spec}/06-messages.md:")))
    .stdout(contains(format!("--spec {spec} --patience 7 no-echo")));
}

/// A run in which everything was skipped proves nothing.
#[test]
fn a_run_without_results_fails() {
    conformance(&["check", "a-full-room", "--server", "x {port}"])
        .code(2)
        .stdout(contains("skipped: the command has no place for capacity"));
}

#[test]
fn help_explains() {
    conformance(&["--help"])
        .success()
        .stdout(contains("Exit status: 0 conformant, 1 not"));
    conformance(&["check", "--help"])
        .success()
        .stdout(contains("{port}").and(contains("--connect")));
}

#[test]
fn list_shows_requirements_with_their_scenarios() {
    conformance(&["list"])
        .success()
        .stdout(contains("JOIN-3").and(contains("newcomers-are-announced")));
    for filter in ["line-2", "LINE", "lines"] {
        conformance(&["list", filter])
            .success()
            .stdout(contains("crlf-cut-in-two"));
    }
    conformance(&["list", "Core"])
        .success()
        .stdout(contains("newcomers-are-announced").and(contains("a-full-room").not()));
    conformance(&["list", "LINE-2"])
        .success()
        .stdout(contains("crlf-cut-in-two"))
        .stdout(contains("MSG-2").not());
}

#[test]
fn faults_lists_the_planted_faults() {
    conformance(&["faults"])
        .success()
        .stdout(contains("MUSTs without a fault: 0"));
    conformance(&["faults", "msg-2"])
        .success()
        .stdout(contains("echo").and(contains("MSG-3").not()));
    conformance(&["faults", "MSG-99"]).code(2);
}

#[test]
fn explain_shows_the_text_of_a_requirement() {
    conformance(&["explain", "join-3"])
        .success()
        .stdout(contains("every other\n  member, once").and(contains("bruno joins")));
    conformance(&["explain", "no-echo"])
        .success()
        .stdout(contains("MSG-2").and(contains("mi sento?")));
}

/// Mistakes in a specification given by the user are reported, and nothing is run.
#[test]
fn a_specification_with_mistakes_is_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let text = "> **TEST-1** (server, core) A server MUST.\n\n```scenario\nscenario one proves TEST-1\nanna jions\n```\n";
    std::fs::write(folder.path().join("one.md"), text).unwrap();
    let spec = folder.path().to_str().unwrap();
    conformance(&["check", "--spec", spec, "--server", "x {port}"])
        .code(2)
        .stderr(contains("one.md:5:6").and(contains("did you mean `joins`?")));
}
