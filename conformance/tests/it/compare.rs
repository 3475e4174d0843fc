//! `conformance compare`: several servers in one table, on the terminal and in files.

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use scraper::{Html, Selector};

fn compare(arguments: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command
        .env_remove("SERVER")
        .arg("compare")
        .args(arguments)
        .assert()
}

/// The faulty server with these options, under a name.
fn server(name: &str, options: &str) -> String {
    let program = crate::faulty::server_program().display();
    format!("--server={name}={program} --port {{port}} {options}")
}

#[test]
fn shows_which_server_breaks_what() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).display().to_string();
    let reports = format!(
        "html={},markdown={},json={}",
        file("m.html"),
        file("m.md"),
        file("m.json")
    );
    let good = server("good", "");
    let bad = server("<b>ad|", "--fault echo");
    compare(&[&good, &bad, "--report", &reports, "JOIN-1", "MSG-2"])
        .code(1)
        .stdout(contains("  1  good: ").and(contains("  2  <b>ad|: ")))
        .stdout(contains("MSG-2     core          ✓  ✗"));

    let read = |name: &str| std::fs::read_to_string(file(name)).expect("the report");
    assert!(
        read("m.md").contains("| MSG-2 | core | ✓ | ✗ |"),
        "{}",
        read("m.md")
    );
    assert!(read("m.md").contains("| requirement | level | good | <b>ad\\| |"));

    let json: serde_json::Value = serde_json::from_str(&read("m.json")).expect("JSON");
    assert_eq!(json[0]["name"], "good");
    assert_eq!(json[1]["run"]["levels"]["core"]["broken"], 1);

    let html = Html::parse_document(&read("m.html"));
    assert!(html.errors.is_empty(), "{:?}", html.errors);
    let texts = |selector: &str| -> Vec<String> {
        let selector = Selector::parse(selector).expect("a selector");
        html.select(&selector)
            .map(|found| found.text().collect())
            .collect()
    };
    assert_eq!(texts("thead th"), ["Requirement", "good", "<b>ad|", "Text"]);
    assert_eq!(texts("td.c-broken a[href='#server-2-MSG-2']"), ["✗"]);
    let account = texts("#server-2-MSG-2 pre").join("\n");
    assert!(
        account.contains("MSG-2 (core)") && account.contains("--fault echo"),
        "{account}"
    );
}

#[test]
fn servers_that_all_pass_make_a_success() {
    compare(&[
        &server("one", ""),
        &server("two", "--habit starts-slowly"),
        "JOIN-1",
    ])
    .code(0)
    .stdout(contains("JOIN-1    core          ✓  ✓"));
}

#[test]
fn a_server_that_does_not_start_says_why() {
    compare(&[
        "--server=gone=/no/such/program {port}",
        &server("here", ""),
        "JOIN-1",
    ])
    .code(1)
    .stdout(contains("/no/such/program"))
    .stdout(contains("JOIN-1    core          –  ✓"));
}

#[test]
fn bad_usage_exits_with_2() {
    compare(&[]).code(2).stderr(contains("--server"));
    compare(&["--server=x {port}"])
        .code(2)
        .stderr(contains("expected NAME=COMMAND"));
    compare(&["--server=a=x {port}", "--server=a=y {port}"])
        .code(2)
        .stderr(contains("two servers are called a"));
    compare(&["--server=a=x {port}", "--report", "junit=f"])
        .code(2)
        .stderr(contains("`junit` is not a format"));
}
