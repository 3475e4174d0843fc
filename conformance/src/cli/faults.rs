//! `conformance faults`

use clap::Args;
use driver::process::workspace;

use super::output::outln;
use super::status::{CONFORMANT, NOT_CONFORMANT};
use crate::planted::{self, Planted};
use crate::requirement::{Class, Requirement};
use crate::spec::Spec;

/// List the planted faults that test the suite itself
///
/// `salotto-faulty` is a server that can be started with any of these faults. The test `cargo test -p conformance --test faults`
/// shows that the suite catches each of them at its requirement.
#[derive(Debug, Args)]
pub(super) struct Faults {
    /// List only the faults that break this requirement
    #[arg(value_name = "ID")]
    id: Option<String>,
}

impl Faults {
    /// Prints one paragraph for each requirement and one line for each fault. It is an error if an observable MUST has none.
    pub(super) fn run(&self, spec: &Spec) -> anyhow::Result<u8> {
        let id = self.id.as_ref().map(|id| id.to_uppercase());
        let planted = planted::list(&workspace::faulty_server()?)?;
        let is_selected = |requirement: &&Requirement| {
            let matches = |id: &str| id == requirement.id.as_str();
            requirement.class == Class::Server && id.as_deref().is_none_or(matches)
        };
        let selected: Vec<_> = spec.requirements.iter().filter(is_selected).collect();
        if let (Some(id), []) = (&id, selected.as_slice()) {
            anyhow::bail!(
                "no requirement on servers has the id {id}; `conformance list` shows all requirements"
            );
        }
        let (mut total, mut without) = (0, 0);
        for requirement in &selected {
            let breaks =
                |fault: &&Planted| fault.requirement.as_deref() == Some(requirement.id.as_str());
            let faults: Vec<_> = planted.iter().filter(breaks).collect();
            total += faults.len();
            let must_have_one = requirement.is_must() && requirement.not_observable.is_none();
            without += usize::from(must_have_one && faults.is_empty());
            show(requirement, &faults);
        }
        outln!(
            "\n{} for {}; MUSTs without a fault: {without}",
            count(total, "fault"),
            count(selected.len(), "requirement")
        );
        Ok(match without {
            0 => CONFORMANT,
            _ => NOT_CONFORMANT,
        })
    }
}

fn show(requirement: &Requirement, faults: &[&Planted]) {
    let Requirement { id, level, .. } = requirement;
    outln!("{id} ({level}): {}", count(faults.len(), "fault"));
    for fault in faults {
        outln!("    {:<36} {}", fault.name, fault.sentence);
    }
}

fn count(count: usize, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{s}")
}
