//! `conformance list`

use clap::Args;

use super::dialect::DialectArg;
use super::output::outln;
use super::selection::Selection;
use super::status::CONFORMANT;
use crate::dialect::lack;
use crate::report::text;
use crate::requirement::Class;
use crate::spec::Spec;

#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    dialect: DialectArg,
}

impl List {
    /// Prints requirements with the selected scenarios below each; without filters, also requirements without a scenario.
    pub(super) fn run(&self, spec: &Spec) -> anyhow::Result<u8> {
        let filters = &self.selection.filters;
        let selected = spec.select(filters)?;
        let dialect = self.dialect.read()?;
        for requirement in &spec.requirements {
            let proofs: Vec<_> = spec
                .proofs(&requirement.id)
                .filter(|scenario| selected.iter().any(|known| known.name == scenario.name))
                .collect();
            if proofs.is_empty() && !filters.is_empty() {
                continue;
            }
            let note = match (&requirement.not_observable, requirement.class) {
                (Some(_), _) => "  not observable",
                (None, Class::Client) => "  client",
                (None, Class::Server) => "",
            };
            outln!(
                "{:<9} {:<12} {}:{}{note}",
                requirement.id,
                requirement.level,
                requirement.file,
                requirement.line
            );
            for scenario in proofs {
                let lack = dialect.as_ref().and_then(|dialect| lack(dialect, scenario));
                let note = lack.map(|lack| format!("  does not apply: {}", text::lacks(&lack)));
                outln!("    {}{}", scenario.name, note.unwrap_or_default());
            }
        }
        Ok(CONFORMANT)
    }
}
