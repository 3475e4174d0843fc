//! `conformance schema`

use clap::{Args, ValueEnum};
use schemars::schema_for;

use super::output::outln;
use super::status::CONFORMANT;
use crate::report::document::Document;

/// Print the JSON Schema of a JSON report
///
/// Fields may be added to a report at any time.
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// The command that writes the report
    #[arg(value_enum, default_value_t, value_name = "COMMAND")]
    of: Report,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Report {
    /// `check --report json=FILE`; the field `schema` is its version
    #[default]
    Check,
    /// `load --json FILE`
    #[cfg(feature = "load")]
    Load,
}

impl Schema {
    pub(super) fn run(&self) -> anyhow::Result<u8> {
        let schema = match self.of {
            Report::Check => schema_for!(Document),
            #[cfg(feature = "load")]
            Report::Load => schema_for!(conformance_load::load::Report),
        };
        outln!("{}", serde_json::to_string_pretty(&schema)?);
        Ok(CONFORMANT)
    }
}
