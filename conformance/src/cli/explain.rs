//! `conformance explain`

use anyhow::bail;
use clap::Args;

use super::output::outln;
use super::status::CONFORMANT;
use crate::report::text::quote;
use crate::requirement::{Class, Id};
use crate::scenario::Scenario;
use crate::spec::Spec;

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The id of a requirement, such as JOIN-3, or the name of a scenario
    #[arg(value_name = "NAME")]
    name: String,
}

impl Explain {
    pub(super) fn run(&self, spec: &Spec) -> anyhow::Result<u8> {
        if let Some(scenario) = spec.scenario(&self.name) {
            for id in &scenario.proves {
                outln!("{}", quote(spec, id));
            }
            show(spec, scenario);
            return Ok(CONFORMANT);
        }
        let id = Id::parse(&self.name.to_uppercase());
        let Some(requirement) = id.as_ref().and_then(|id| spec.requirement(id)) else {
            if let Err(unknown) = spec.select(std::slice::from_ref(&self.name)) {
                bail!(unknown);
            }
            bail!(
                "`{}` is neither the id of a requirement nor the full name of a scenario; list the matching scenarios with `conformance list {0}`",
                self.name
            );
        };
        outln!("{}", quote(spec, &requirement.id));
        outln!("  {}", spec.place(&requirement.file, requirement.line));
        if let Some(reason) = &requirement.not_observable {
            outln!("\n  Not observable: {reason}");
        }
        if requirement.class == Class::Client {
            outln!("\n  It applies to clients.");
        }
        spec.proofs(&requirement.id)
            .for_each(|scenario| show(spec, scenario));
        Ok(CONFORMANT)
    }
}

fn show(spec: &Spec, scenario: &Scenario) {
    outln!(
        "\n{} ({})\n",
        scenario.name,
        spec.place(&scenario.file, scenario.line)
    );
    for line in scenario.source.lines() {
        outln!("    {line}");
    }
}
