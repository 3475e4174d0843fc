//! Known failures: `--expect FILE`.
//!
//! The file is TOML. Each key is the name of a scenario or the id of a requirement, and its value is the reason:
//!
//! ```toml
//! a-full-room = "the server has no limit yet"
//! NICK-7 = "no Unicode tables on this machine"
//! ```

use std::collections::BTreeMap;

use crate::requirement::Id;
use crate::runner::{Outcome, Run, ScenarioResult};
use crate::scenario::closest;
use crate::spec::Spec;

/// The failures that a run must have; any other one is unexpected.
#[derive(Debug, Clone)]
pub struct KnownFailures {
    reasons: BTreeMap<String, String>,
}

/// A run beside the known failures.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// Every known failure.
    pub known: Vec<Known<'a>>,
    /// The names of scenarios that failed and are not known to.
    pub unexpected: Vec<&'a str>,
}

/// A known failure in a run.
#[derive(Debug)]
pub struct Known<'a> {
    /// The scenario's name or the requirement's id.
    pub key: &'a str,
    /// The user's reason.
    pub reason: &'a str,
    /// What the run shows of it.
    pub seen: Seen,
}

/// What a run shows of a known failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// This number of scenarios failed because of it.
    Failed(usize),
    /// It was tested, and nothing failed.
    Passed,
    /// No scenario that could show it was performed.
    NotTested,
}

impl Comparison<'_> {
    /// Whether every known failure that was tested occurred, and no other one.
    pub fn is_as_expected(&self) -> bool {
        self.unexpected.is_empty() && self.known.iter().all(|known| known.seen != Seen::Passed)
    }
}

/// Why a file of known failures cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KnownFailuresError {
    /// It is not TOML of the form above.
    #[error("known failures are lines such as JOIN-3 = \"reason\"")]
    Syntax(#[from] toml::de::Error),
    /// A key is neither a scenario nor a requirement of the specification.
    #[error("`{key}` is neither a scenario nor a requirement{}", .closest.as_ref().map(|word| format!(" (did you mean `{word}`?)")).unwrap_or_default())]
    Unknown {
        /// The key.
        key: String,
        /// The closest name that exists.
        closest: Option<String>,
    },
    /// A key has no reason.
    #[error("`{0}` has no reason")]
    NoReason(String),
}

impl KnownFailures {
    /// Parses known failures.
    ///
    /// # Errors
    /// The syntax is wrong, a name is unknown, or a reason is missing.
    pub fn parse(text: &str, spec: &Spec) -> Result<Self, KnownFailuresError> {
        let reasons: BTreeMap<String, String> = toml::from_str(text)?;
        for (key, reason) in &reasons {
            let id = Id::parse(key).is_some_and(|id| spec.requirement(&id).is_some());
            if !id && spec.scenario(key).is_none() {
                let ids = spec
                    .requirements
                    .iter()
                    .map(|requirement| requirement.id.as_str());
                let known = spec
                    .scenarios
                    .iter()
                    .map(|scenario| scenario.name.as_str())
                    .chain(ids);
                let closest = closest(key, known).map(str::to_owned);
                return Err(KnownFailuresError::Unknown {
                    key: key.clone(),
                    closest,
                });
            }
            if reason.trim().is_empty() {
                return Err(KnownFailuresError::NoReason(key.clone()));
            }
        }
        Ok(Self { reasons })
    }

    /// Compares a run with the known failures.
    pub fn compare<'a>(&'a self, run: &Run<'a>) -> Comparison<'a> {
        let mut failed: BTreeMap<&str, usize> = BTreeMap::new();
        let mut unexpected = Vec::new();
        for result in &run.results {
            let outcome = &result.performance.outcome;
            let Some(failure) = outcome.failure() else {
                continue;
            };
            let keys = [result.scenario.name.as_str(), failure.blame.as_str()];
            match keys.iter().find_map(|key| self.reasons.get_key_value(*key)) {
                Some((key, _)) => *failed.entry(key).or_default() += 1,
                // What makes another scenario unclear is unexpected where it is told.
                None if matches!(outcome, Outcome::Unclear(_)) => {}
                None => unexpected.push(result.scenario.name.as_str()),
            }
        }
        let known = self.reasons.iter().map(|(key, reason)| Known {
            key,
            reason,
            seen: match failed.get(key.as_str()) {
                Some(count) => Seen::Failed(*count),
                None if run.results.iter().any(|result| tests(result, key)) => Seen::Passed,
                None => Seen::NotTested,
            },
        });
        Comparison {
            known: known.collect(),
            unexpected,
        }
    }
}

/// Whether a result shows anything about a scenario or requirement: it does not if the scenario was skipped or blocked.
fn tests(result: &ScenarioResult<'_>, key: &str) -> bool {
    let performed = matches!(
        result.performance.outcome,
        Outcome::Passed | Outcome::Failed(_)
    );
    let scenario = result.scenario;
    performed && (scenario.name == key || scenario.proves.iter().any(|id| id.as_str() == key))
}
