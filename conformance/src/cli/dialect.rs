//! The option `--dialect`.

use std::sync::Arc;

use anyhow::bail;
use clap::Args;
use driver::process::CommandLine;

use super::meet;
use crate::dialect::{self, Dialect, DialectError};
use crate::runner::Target;

/// The name that stands for whatever the server speaks.
const AUTO: &str = "auto";

/// Asks the server what it speaks.
fn ask(command: &CommandLine, port: Option<u16>) -> anyhow::Result<Dialect> {
    let answers = meet::ask(command, port)?;
    if answers.framing.is_none() {
        bail!("the server reacts to nothing that was tried; `conformance meet` shows what it says");
    }
    Ok(dialect::from_text("auto", &crate::meet::file(&answers))?)
}

#[derive(Debug, Args)]
pub(super) struct DialectArg {
    /// The server speaks a dialect: classic, budget-chat, or what a TOML file describes [default: Salotto]
    ///
    /// With `auto` the server is asked first, as by `conformance meet`.
    #[arg(long, value_name = "NAME|FILE")]
    dialect: Option<String>,
}

impl DialectArg {
    /// The dialect; none for Salotto.
    pub(super) fn read(&self) -> Result<Option<Dialect>, DialectError> {
        self.dialect.as_deref().map(dialect::read).transpose()
    }

    /// The server as one that speaks the dialect.
    pub(super) fn spoken_by(&self, target: Target) -> anyhow::Result<Target> {
        let dialect = match (&self.dialect, &target) {
            (
                Some(name),
                Target::Command {
                    command,
                    fixed_port,
                },
            ) if name == AUTO => Some(ask(command, *fixed_port)?),
            _ => self.read()?,
        };
        Ok(match dialect {
            Some(dialect) => Target::Speaking(Arc::new(dialect), Box::new(target)),
            None => target,
        })
    }

    /// The option as the user gave it.
    pub(super) fn given(&self) -> [(&'static str, Option<String>); 1] {
        [("--dialect", self.dialect.clone())]
    }
}
