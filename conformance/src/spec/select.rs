//! Selects scenarios.

use super::document::Spec;
use crate::requirement::{Id, Level};
use crate::scenario::{Scenario, closest};

impl Spec {
    /// Selects the scenarios that match any filter; without filters, all. A filter is, in any case, a level, the family of a
    /// requirement (`LINE`), its id (`LINE-1`), a chapter, a scenario's name, or a part of one. The first of these that it is
    /// counts: a whole name selects that scenario only, even if it is a part of another name.
    ///
    /// # Errors
    /// The first filter that matches nothing.
    pub fn select(&self, filters: &[String]) -> Result<Vec<&Scenario>, NothingSelected> {
        let names =
            |scenario: &Scenario, filter: &str| self.is_named(scenario, &filter.to_lowercase());
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
                let suggestion = closest(&filter.to_lowercase(), known.clone())
                    .or_else(|| closest(&filter.to_uppercase(), known))
                    .map(str::to_owned);
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

    /// Whether the filter, in lower case, names the scenario.
    fn is_named(&self, scenario: &Scenario, filter: &str) -> bool {
        let is = |word: &str| word.eq_ignore_ascii_case(filter);
        let proves = |condition: &dyn Fn(&Id) -> bool| scenario.proves.iter().any(condition);
        let mut requirements = self.requirements.iter();
        if let Some(level) = Level::ALL.into_iter().find(|level| is(&level.to_string())) {
            return self.level(scenario) == level;
        }
        if requirements.any(|requirement| is(family(&requirement.id))) {
            return proves(&|id| is(family(id)));
        }
        let chapter = [
            scenario.file.as_str(),
            scenario.file.trim_end_matches(".md"),
            scenario.chapter(),
        ];
        let whole = self.scenario(filter).is_some();
        proves(&|id| is(id.as_str()))
            || is(&scenario.name)
            || chapter.into_iter().any(is)
            || (!whole && scenario.name.contains(filter))
    }
}

/// What precedes the number of an id.
fn family(id: &Id) -> &str {
    id.as_str()
        .rsplit_once('-')
        .map_or("", |(family, _)| family)
}

/// A filter that matches no scenario.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no scenario matches `{filter}`{}; `conformance list` shows them all", .suggestion.as_ref().map(|word| format!(" (did you mean `{word}`?)")).unwrap_or_default())]
pub struct NothingSelected {
    filter: String,
    suggestion: Option<String>,
}
