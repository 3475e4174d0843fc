//! Runs against several servers, to be compared.

use serde::Serialize;

use super::document::{Document, OutcomeEntry, RequirementEntry};
use super::summary::Standing;
use crate::runner::NotStarted;

/// Runs against several servers. Serialized, it is the JSON report.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Matrix {
    servers: Vec<Column>,
}

/// One server.
#[derive(Debug, Serialize)]
pub struct Column {
    /// The name that the user gave it.
    pub name: String,
    /// Its run.
    pub run: Document,
}

impl Matrix {
    /// The runs must have been made with the same specification and the same selection.
    pub fn new(servers: Vec<Column>) -> Self {
        Self { servers }
    }

    /// The servers, in the order of the user.
    pub fn servers(&self) -> &[Column] {
        &self.servers
    }

    /// The requirements that at least one server was tested for, each with its index in every document.
    pub fn rows(&self) -> impl Iterator<Item = (usize, &RequirementEntry)> {
        let first = self.servers.first();
        let all = first.map_or(&[][..], |server| &server.run.requirements);
        all.iter().enumerate().filter(|(at, _)| {
            let idle = [
                Standing::NotObservable,
                Standing::NotApplicable,
                Standing::NotTested,
            ];
            self.servers
                .iter()
                .any(|server| !idle.contains(&server.run.requirements[*at].standing))
        })
    }
}

impl Column {
    /// Why the server could not be started, if so.
    pub fn not_started(&self) -> Option<&NotStarted> {
        let mut scenarios = self.run.scenarios.iter();
        scenarios.find_map(|scenario| match &scenario.outcome {
            OutcomeEntry::NotStarted(why) => Some(why),
            _ => None,
        })
    }

    /// How many requirements are proved.
    pub fn proved(&self) -> usize {
        self.run.levels.values().map(|counts| counts.proved).sum()
    }
}
