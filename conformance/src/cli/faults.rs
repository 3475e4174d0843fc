//! `conformance faults`

use clap::Args;

use super::{CONFORMANT, NOT_CONFORMANT};
use driver::process::workspace;

use crate::planted;
use crate::requirement::Class;
use crate::spec::Spec;

/// The faults that `salotto-faulty` can be started with; `cargo test -p conformance --test faults` shows that each is caught.
#[derive(Debug, Args)]
pub(super) struct Faults {
    /// Only the faults that break this requirement.
    #[arg(value_name = "ID")]
    id: Option<String>,
}

impl Faults {
    /// One requirement a paragraph, one fault a line. A MUST that can be observed and has no fault is an error.
    pub(super) fn run(&self, spec: &Spec) -> anyhow::Result<u8> {
        let wanted = self.id.as_ref().map(|id| id.to_uppercase());
        let planted_faults = planted::list(&workspace::faulty_server()?)?;
        let servers = spec
            .requirements
            .iter()
            .filter(|requirement| requirement.class == Class::Server);
        let selected = servers.filter(|requirement| {
            wanted
                .as_deref()
                .is_none_or(|id| id == requirement.id.as_str())
        });
        let (mut shown, mut planted, mut missing) = (0, 0, Vec::new());
        for requirement in selected {
            shown += 1;
            let faults = planted_faults
                .iter()
                .filter(|fault| fault.requirement.as_deref() == Some(requirement.id.as_str()));
            let faults: Vec<_> = faults.collect();
            planted += faults.len();
            if faults.is_empty() && requirement.is_must() && requirement.not_observable.is_none() {
                missing.push(requirement.id.as_str());
            }
            anstream::println!(
                "{} ({}): {}",
                requirement.id,
                requirement.level,
                faults.len()
            );
            for fault in faults {
                anstream::println!("    {:<36} {}", fault.name, fault.sentence);
            }
        }
        if let (Some(id), 0) = (&wanted, shown) {
            anyhow::bail!(
                "no requirement on the server has the id {id}; `conformance list` shows them all"
            );
        }
        anstream::println!(
            "\n{planted} faults for {shown} requirements; without a fault: {}",
            missing.len()
        );
        Ok(if missing.is_empty() {
            CONFORMANT
        } else {
            NOT_CONFORMANT
        })
    }
}
