//! One cause is told once, at its requirement, by servers that have one fault each.

use assert_cmd::Command;
use rstest::rstest;

/// The terminal report of a check of `bad_servers/room.py` with a fault, which must end with this exit status.
fn check(fault: &str, selection: &[&str], code: i32) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/bad_servers/room.py");
    let server = format!("python3 {script} {{port}} {fault}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command
        .env_remove("SERVER")
        .args(["check", "--patience", "2", "--server", &server])
        .args(selection);
    let assert = command.assert().code(code);
    String::from_utf8_lossy(&assert.get_output().stdout).into_owned()
}

/// The names of the scenarios that have a page.
fn pages(report: &str) -> Vec<&str> {
    let heads = report.lines().filter_map(|line| line.strip_prefix("✗ "));
    heads
        .filter_map(|head| Some(head.split_once(" fails: ")?.0))
        .collect()
}

/// A scenario that everything relies on keeps all others from being performed.
#[rstest]
#[case("no-here", "who-is-here", "JOIN-2")]
fn what_shuts_a_gate_has_one_page(#[case] fault: &str, #[case] gate: &str, #[case] broken: &str) {
    let report = check(fault, &["--level", "core"], 1);
    assert_eq!(pages(&report), [gate], "{report}");
    assert!(
        report.contains(&format!("broken: {broken}; unclear because of {broken}:")),
        "{report}"
    );
    assert!(report.lines().count() < 45, "{report}");
}

/// Leaving is for later scenarios: the doorway needs entering and speaking only.
#[test]
fn a_notice_that_comes_late_does_not_shut_the_doorway() {
    let report = check("late-left", &["joining"], 0);
    assert!(report.contains(" passed in "), "{report}");
}

/// What relies on a half-close is blocked, and the scenario that proves a half-close is named.
#[test]
fn what_relies_on_another_scenario_is_blocked() {
    let report = check("half-close-ignored", &["leaving", "--level", "core"], 1);
    assert!(
        report.contains("blocked until `a-half-closed-member-is-gone` passes"),
        "{report}"
    );
    assert!(!pages(&report).contains(&"many-last-words"), "{report}");
    assert!(report.contains("LEAVE-5"), "{report}");
}

/// The last words and the signal are in the summary however few scenarios crash the server.
#[test]
fn a_crash_is_always_in_the_summary() {
    let report = check("segfault", &["LINE-11", "MSG-1", "MSG-3", "MSG-4"], 1);
    let summary = report.rsplit_once("Again:").map_or("", |(_, rest)| rest);
    assert!(
        summary.contains("The server was killed by SIGSEGV"),
        "{report}"
    );
    assert!(summary.contains("about to fall over"), "{report}");
}

/// What shows by itself which requirement is broken is blamed on that one, whatever the scenario is about.
#[rstest]
#[case::a_notice_after_joining("not-announced", "no-echo", "JOIN-3")]
#[case::a_goodbye_without_lf("no-lf-at-the-end", "interrupted", "LINE-3")]
#[case::a_status_after_sigint("exit-status", "interrupted-while-empty", "STOP-1")]
#[case::a_status_after_sigterm("exit-status", "terminated", "STOP-3")]
#[case::a_leave_after_a_signal("left-at-the-end", "interrupted", "STOP-2")]
#[case::too_few_seats("three-seats", "several-leave-at-once", "ROOM-1")]
#[case::a_name_that_is_never_free("name-never-free", "neither-the-nameless-nor-the-gone-count", "")]
#[case::a_name_that_nobody_has("name-never-free", "a-name-is-free-after-a-close", "LEAVE-6")]
#[case::another_case("folds-left", "a-member-closes", "LEAVE-1")]
#[case::somebody_announced_before("left-again", "somebody-who-left-is-not-here", "LEAVE-1")]
#[case::braces("braces-are-commands", "first-characters", "MSG-4")]
#[case::the_tail_of_a_long_line("tail-is-a-line", "a-refusal-concerns-one-client", "LINE-8")]
#[case::no_list("no-here", "no-echo", "JOIN-2")]
#[case::another_kind_of_line("talks", "the-nameless-come-and-go", "NAME-1")]
fn what_shows_by_itself_is_blamed(
    #[case] fault: &str,
    #[case] scenario: &str,
    #[case] broken: &str,
) {
    let code = i32::from(!broken.is_empty());
    let report = check(fault, &[scenario], code);
    let blamed = report.lines().find_map(|line| {
        let (id, rest) = line.strip_prefix("  ")?.split_once(" (")?;
        rest.starts_with(['c', 'f', 'r']).then_some(id)
    });
    assert_eq!(blamed.unwrap_or_default(), broken, "{report}");
}

/// An empty message after the end of somebody's side is told as what it is.
#[test]
fn a_ghost_is_told_as_the_end_that_nobody_noticed() {
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/it/bad_servers/empty_flood.py"
    );
    let server = format!("python3 {script} {{port}}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command
        .env_remove("SERVER")
        .args(["check", "a-member-closes"]);
    let assert = command.args(["--server", &server]).assert().code(1);
    let report = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
    assert!(
        report.contains("anna received a message from bruno, who had ended his side"),
        "{report}"
    );
    assert!(report.contains("broken: LEAVE-5"), "{report}");
}
