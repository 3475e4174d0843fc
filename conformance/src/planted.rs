//! The planted faults and habits that `salotto-faulty` and `salotto-faulty-client` list.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

/// A fault or habit with which the faulty server or client can be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planted {
    /// The id of the requirement that a fault breaks; `None` for a habit, which breaks none.
    pub requirement: Option<String>,
    /// Its name on the command line.
    pub name: String,
    /// Its description: one sentence.
    pub sentence: String,
}

/// Runs `program --list`, which prints `ID name sentence` on each line, with `habit` as the id of a habit.
///
/// # Errors
/// The program cannot be run, fails, or prints something else.
pub fn list(program: &Path) -> anyhow::Result<Vec<Planted>> {
    let output = Command::new(program).arg("--list").output();
    let output = output.with_context(|| format!("cannot run {}", program.display()))?;
    ensure!(
        output.status.success(),
        "{} --list ended with {}",
        program.display(),
        output.status
    );
    let text = String::from_utf8(output.stdout)?;
    text.lines().map(parse).collect()
}

fn parse(line: &str) -> anyhow::Result<Planted> {
    let (kind, rest) = line.split_once(' ').context("a line without a name")?;
    let rest = rest.trim_start();
    let (name, sentence) = rest.split_once(' ').context("a line without a sentence")?;
    Ok(Planted {
        requirement: (kind != "habit").then(|| kind.to_owned()),
        name: name.to_owned(),
        sentence: sentence.trim_start().to_owned(),
    })
}
