//! Snapshots of complete reports about representative failures.
//!
//! Each runs one scenario in which nothing else is under way when it fails, so that only the durations differ between runs;
//! they are filtered out.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use assert_cmd::Command;
use rstest::rstest;

/// The terminal report of a scenario against the faulty server with a fault; `more` are options of `check`.
fn run(fault: &str, scenario: &str, more: &[&str]) -> String {
    let server = format!(
        "salotto-faulty --fault {fault} --port {{port}} [--naming-timeout {{naming-timeout}}]"
    );
    let folder = crate::faulty::server_program().parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command
        .env("PATH", format!("{}:{path}", folder.display()))
        .env_remove("SERVER")
        .env_remove("CARGO");
    command
        .args(["check", "--patience", "2", "--server", &server, scenario])
        .args(more);
    let output = command.assert().code(1).get_output().stdout.clone();
    without_times(&String::from_utf8(output).unwrap())
}

/// Replaces the duration at the end of a line.
fn without_times(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        match line.rsplit_once(" in ") {
            Some((head, time)) if time.ends_with(" s") => out.push_str(&format!("{head} in … s")),
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

#[rstest]
#[case("second-of-two-lost", "two-lines-in-one-write")]
#[case("lines-end-with-crlf", "lines-end-with-lf")]
#[case("split-character-mangled", "a-character-cut-in-two")]
#[case("prompt-without-lf", "the-first-line-is-the-nickname")]
#[case("crashes-at-nul", "refused-lines-disturb-nobody")]
#[case("naming-hears-messages", "naming-hears-nothing")]
#[case("echo", "no-echo")]
#[case("trims-the-end", "blanks-are-text")]
#[case("lists-the-gone", "somebody-who-left-is-not-here")]
#[case("no-left-after-a-reset", "a-member-resets")]
#[case("no-linger-for-the-nameless", "the-nameless-get-their-goodbye-too")]
#[case("quit-overtakes", "the-last-words-arrive")]
#[case("half-close-ignored", "a-half-closed-member-is-gone")]
#[case("gap-in-the-middle", "a-sleeper-is-dropped")]
#[case("exit-status-one", "interrupted-while-empty")]
#[case("errors-in-colour", "a-nickname-with-a-control-character")]
fn the_text_of_a_failure(#[case] fault: &str, #[case] scenario: &str) {
    // The amount that the system buffers for a slow reader before it is dropped varies.
    let filters = vec![(r"`anna: \d+\.\d+ x+[^`]*`", "`anna: N.N x…`")];
    insta::with_settings!({filters => filters}, {
        insta::assert_snapshot!(fault, run(fault, scenario, &[]));
    });
}

#[rstest]
#[case("json")]
#[case("junit")]
#[case("markdown")]
#[case("grade")]
fn the_file_of_a_failure(#[case] format: &str) {
    let file = tempfile::NamedTempFile::new().unwrap();
    let report = format!("{format}={}", file.path().display());
    run("echo", "no-echo", &["--report", &report]);
    let text = std::fs::read_to_string(file.path()).unwrap();
    let filters = vec![
        (r#""(at_us)": \d+"#, r#""$1": 0"#),
        (r#""took_s": [0-9.e-]+"#, r#""took_s": 0"#),
        (r#"time="[0-9.]+""#, r#"time="0""#),
    ];
    insta::with_settings!({filters => filters}, { insta::assert_snapshot!(format!("file-{format}"), text) });
}
