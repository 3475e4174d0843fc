//! `conformance schema`

use clap::{Args, ValueEnum};
use schemars::schema_for;

use super::CONFORMANT;
use crate::report::document::Document;

/// Print the JSON Schema of the JSON that a command writes. Fields may be added to it at any time.
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// The command that writes it.
    #[arg(value_enum, default_value_t)]
    of: Written,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Written {
    /// What `check --report json=FILE` writes; its version is in the field `schema`.
    #[default]
    Check,
    /// What `load --json FILE` writes.
    #[cfg(feature = "load")]
    Load,
}

impl Schema {
    pub(super) fn run(&self) -> anyhow::Result<u8> {
        let schema = match self.of {
            Written::Check => schema_for!(Document),
            #[cfg(feature = "load")]
            Written::Load => schema_for!(conformance_load::load::Report),
        };
        anstream::println!("{}", serde_json::to_string_pretty(&schema)?);
        Ok(CONFORMANT)
    }
}
