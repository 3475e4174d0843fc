//! The faults and habits that `salotto-faulty` can be started with, as it lists them.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

/// Something that the faulty server or client can be told to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planted {
    /// The id of the requirement that it breaks; `None` for a habit, which breaks none.
    pub requirement: Option<String>,
    /// Its name on the command line.
    pub name: String,
    /// One sentence that describes it.
    pub sentence: String,
}

/// Asks a program for its list: `ID name sentence` on each line, with `habit` in place of the id for a habit.
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
