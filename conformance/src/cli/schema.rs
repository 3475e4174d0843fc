//! `conformance schema`

use clap::Args;
use schemars::schema_for;

use super::CONFORMANT;
use crate::report::document::Document;

/// The JSON Schema of the JSON report. Fields may be added at any time; its version is in the field `schema`.
#[derive(Debug, Args)]
pub(super) struct Schema {}

impl Schema {
    pub(super) fn run(&self) -> anyhow::Result<u8> {
        let schema = schema_for!(Document);
        anstream::println!("{}", serde_json::to_string_pretty(&schema)?);
        Ok(CONFORMANT)
    }
}
