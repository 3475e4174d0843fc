//! Selects scenarios.

use super::document::Spec;
use crate::requirement::Id;
use crate::scenario::{Scenario, closest};

impl Spec {
    /// Selects the scenarios that match any filter: a requirement's id, a part of a scenario's name, or the name of a chapter.
    /// Without filters, selects all.
    ///
    /// # Errors
    /// The first filter that matches nothing.
    pub fn select(&self, filters: &[String]) -> Result<Vec<&Scenario>, NothingSelected> {
        // A whole name selects that scenario only, even if it is a part of another name.
        let whole = |filter: &str| self.scenario(filter).is_some();
        let names = |scenario: &Scenario, filter: &str| {
            let by_id = Id::parse(filter).is_some_and(|id| scenario.proves.contains(&id));
            by_id
                || scenario.name == filter
                || (scenario.name.contains(filter) && !whole(filter))
                || [
                    scenario.file.as_str(),
                    scenario.file.trim_end_matches(".md"),
                    scenario.chapter(),
                ]
                .contains(&filter)
        };
        for filter in filters {
            if !self
                .scenarios
                .iter()
                .any(|scenario| names(scenario, filter))
            {
                let ids = self
                    .requirements
                    .iter()
                    .map(|requirement| requirement.id.as_str());
                let known = self
                    .scenarios
                    .iter()
                    .map(|scenario| scenario.name.as_str())
                    .chain(ids);
                let suggestion = closest(filter, known).map(str::to_owned);
                return Err(NothingSelected {
                    filter: filter.clone(),
                    suggestion,
                });
            }
        }
        let selected = |scenario: &&Scenario| {
            filters.is_empty() || filters.iter().any(|filter| names(scenario, filter))
        };
        Ok(self.scenarios.iter().filter(selected).collect())
    }
}

/// A filter that matches no scenario.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no scenario matches `{filter}`{}; `conformance list` shows them all", .suggestion.as_ref().map(|word| format!(" (did you mean `{word}`?)")).unwrap_or_default())]
pub struct NothingSelected {
    filter: String,
    suggestion: Option<String>,
}
