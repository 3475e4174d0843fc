//! The scenarios that the user selects.

use anyhow::bail;
use clap::Args;

use crate::requirement::Class;
use crate::scenario::Scenario;
use crate::spec::Spec;

#[derive(Debug, Args)]
pub(super) struct Selection {
    /// Levels (core), requirements (LINE-1) or families of them (LINE), chapters (lines), scenario names or parts of them; case
    /// does not matter [default: all scenarios]
    #[arg(value_name = "FILTER")]
    pub(super) filters: Vec<String>,
    /// Select slow scenarios, too; a slow one that is named is always selected
    #[arg(long)]
    slow: bool,
}

impl Selection {
    /// The selected scenarios that check programs of this class.
    ///
    /// # Errors
    /// There are none.
    pub(super) fn scenarios<'a>(
        &self,
        spec: &'a Spec,
        class: Class,
    ) -> anyhow::Result<Vec<&'a Scenario>> {
        let mut scenarios = spec.select(&self.filters)?;
        let selects = |scenario: &Scenario| {
            self.slow || !scenario.slow || self.filters.contains(&scenario.name)
        };
        scenarios.retain(|scenario| scenario.class == class && selects(scenario));
        if scenarios.is_empty() {
            bail!(match class {
                Class::Server => "these scenarios check clients: name yours with --client",
                Class::Client => "these scenarios check servers: leave out --client",
            });
        }
        Ok(scenarios)
    }
}
