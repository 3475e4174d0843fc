//! `conformance list`

use clap::Args;

use super::{CONFORMANT, Selection};
use crate::requirement::Class;
use crate::spec::Spec;

#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    selection: Selection,
}

impl List {
    pub(super) fn run(&self, spec: &Spec) -> anyhow::Result<u8> {
        let selected = spec.select(&self.selection.filters)?;
        for requirement in &spec.requirements {
            let proofs: Vec<_> = spec
                .proofs(&requirement.id)
                .filter(|scenario| selected.iter().any(|known| known.name == scenario.name))
                .collect();
            let everything = self.selection.filters.is_empty();
            if proofs.is_empty() && !everything {
                continue;
            }
            let note = match (&requirement.not_observable, requirement.class) {
                (Some(_), _) => "  not observable",
                (None, Class::Client) => "  client",
                (None, Class::Server) => "",
            };
            anstream::println!(
                "{:<9} {:<12} {}:{}{note}",
                requirement.id,
                requirement.level,
                requirement.file,
                requirement.line
            );
            for scenario in proofs {
                anstream::println!("    {}", scenario.name);
            }
        }
        Ok(CONFORMANT)
    }
}
