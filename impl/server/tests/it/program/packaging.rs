//! What a packager needs: completions, the manual page, and systemd units.

use super::support::{PROGRAM, has_tool};
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs the program, and returns what it prints.
fn printed(args: &[&str]) -> String {
    let output = Command::new(PROGRAM).args(args).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The options listed by `--help`.
fn options() -> Vec<String> {
    let help = printed(&["--help"]);
    let words = help
        .lines()
        .filter_map(|line| line.trim().split([' ', ',']).find(|w| w.starts_with("--")));
    let options: Vec<_> = words.map(str::to_owned).collect();
    assert!(options.len() > 8, "{options:?}");
    options
}

#[test]
fn completions_know_every_option() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = printed(&["--completions", shell]);
        for option in options() {
            assert!(
                script.contains(option.trim_start_matches('-')),
                "{shell}: {option}"
            );
        }
    }
}

#[test]
fn bash_completes() {
    if !has_tool("bash") {
        return;
    }
    let script = printed(&["--completions", "bash"]);
    let ask = "COMP_WORDS=(salotto-server --cap); COMP_CWORD=1; _salotto__server salotto-server --cap; echo \"${COMPREPLY[@]}\"";
    let output = Command::new("bash")
        .args(["-c", &format!("{script}\n{ask}")])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "--capacity\n");
}

#[test]
fn the_manual_page_lists_every_option_and_is_well_formed() {
    let page = printed(&["--man"]);
    for option in options() {
        assert!(page.contains(&option.replace('-', "\\-")), "{option}");
    }
    if !has_tool("groff") {
        return;
    }
    let mut groff = Command::new("groff")
        .args(["-man", "-Tutf8", "-ww"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut groff.stdin.take().unwrap(), page.as_bytes()).unwrap();
    let output = groff.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("salotto-server --port 6000 --capacity 5   a classroom\n"),
        "{text}"
    );
}

#[test]
fn systemd_accepts_the_units() {
    if !has_tool("systemd-analyze") {
        return;
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("systemd");
    let there = tempfile::tempdir().unwrap();
    let units = ["salotto.service", "salotto.socket"].map(|unit| {
        let text = std::fs::read_to_string(here.join(unit)).unwrap();
        let path = there.path().join(unit);
        std::fs::write(&path, text.replace("/usr/bin/salotto-server", PROGRAM)).unwrap();
        path
    });
    let output = Command::new("systemd-analyze")
        .arg("verify")
        .args(&units)
        .output()
        .unwrap();
    let messages = String::from_utf8_lossy(&output.stderr);
    // The output also covers the units of this machine.
    let ours: Vec<_> = messages
        .lines()
        .filter(|line| line.contains("salotto"))
        .collect();
    assert!(ours.is_empty(), "{ours:#?}");
    assert!(output.status.success(), "{messages}");
}
