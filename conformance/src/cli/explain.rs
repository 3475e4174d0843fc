//! `conformance explain`

use anyhow::bail;
use clap::Args;

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
                anstream::println!("{}", quote(spec, id));
            }
            show(scenario);
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
        anstream::println!("{}", quote(spec, &requirement.id));
        anstream::println!("  spec/{}:{}", requirement.file, requirement.line);
        if let Some(reason) = &requirement.not_observable {
            anstream::println!("\n  Not observable: {reason}");
        }
        if requirement.class == Class::Client {
            anstream::println!("\n  It applies to clients.");
        }
        spec.proofs(&requirement.id).for_each(show);
        Ok(CONFORMANT)
    }
}

fn show(scenario: &Scenario) {
    anstream::println!(
        "\n{} (spec/{}:{})\n",
        scenario.name,
        scenario.file,
        scenario.line
    );
    for line in scenario.source.lines() {
        anstream::println!("    {line}");
    }
}
