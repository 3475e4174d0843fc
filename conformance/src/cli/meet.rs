//! `conformance meet`

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use driver::process::CommandLine;

use super::server::{Chosen, ServerArgs};
use super::status::{CONFORMANT, NOT_CONFORMANT};
use crate::meet::{Answers, file, meet, sentences};

/// Ask a server that nobody knows what it says, and write the dialect that it speaks
#[derive(Debug, Args)]
pub(super) struct Meet {
    #[command(flatten)]
    server: ServerArgs,
    /// Write the dialect to FILE, for `check --dialect FILE`
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

impl Meet {
    pub(super) fn run(&self) -> anyhow::Result<u8> {
        let Chosen::Start { command, port } = self.server.chosen()? else {
            bail!("the suite asks fresh servers only: use --server instead of --connect");
        };
        let answers = ask(&command, port)?;
        for sentence in sentences(&answers) {
            anstream::println!("- {sentence}");
        }
        if answers.framing.is_none() {
            return Ok(NOT_CONFORMANT);
        }
        if let Some(path) = &self.write {
            std::fs::write(path, file(&answers))
                .with_context(|| format!("cannot write {}", path.display()))?;
            anstream::println!("\nNext: conformance check --dialect {}", path.display());
        }
        Ok(CONFORMANT)
    }
}

/// Asks a server that the suite can start.
pub(super) fn ask(command: &CommandLine, port: Option<u16>) -> anyhow::Result<Answers> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let local = tokio::task::LocalSet::new();
    Ok(local.block_on(&runtime, meet(command, port))?)
}
