//! Known failures as data: `--expect FILE`.
//!
//! The file is TOML. A key is a scenario's name or a requirement's id, its value is the reason:
//!
//! ```toml
//! a-full-room = "the server has no limit yet"
//! NICK-7 = "no Unicode tables on this machine"
//! ```

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::requirement::Id;
use crate::runner::Outcome;
use crate::runner::Run;
use crate::scenario::closest;
use crate::spec::Spec;

/// The failures that a run may have, and must have.
#[derive(Debug, Clone)]
pub struct Expected {
    reasons: BTreeMap<String, String>,
}

/// Why a file of known failures cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ExpectedError {
    /// It is not the TOML that is described above.
    #[error("known failures are lines such as JOIN-3 = \"reason\": {0}")]
    Syntax(#[from] toml::de::Error),
    /// A key that the specification does not know.
    #[error("`{key}` is neither a scenario nor a requirement{}", .closest.as_ref().map(|word| format!(" (did you mean `{word}`?)")).unwrap_or_default())]
    Unknown {
        /// As it is written.
        key: String,
        /// What may have been meant.
        closest: Option<String>,
    },
    /// A failure without a reason.
    #[error("`{0}` has no reason")]
    NoReason(String),
}

impl Expected {
    /// Reads known failures.
    ///
    /// # Errors
    /// What is wrong with the text: syntax, an unknown name, a reason that is missing.
    pub fn parse(text: &str, spec: &Spec) -> Result<Self, ExpectedError> {
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
                return Err(ExpectedError::Unknown {
                    key: key.clone(),
                    closest,
                });
            }
            if reason.trim().is_empty() {
                return Err(ExpectedError::NoReason(key.clone()));
            }
        }
        Ok(Self { reasons })
    }

    /// Compares a run with what was expected: a text for people, and whether all came as expected.
    pub fn compare(&self, run: &Run<'_>) -> (String, bool) {
        let mut out = String::new();
        let mut met = BTreeMap::new();
        let mut surprises = Vec::new();
        for result in &run.results {
            let Outcome::Failed(failure) = &result.performance.outcome else {
                continue;
            };
            let keys = [result.scenario.name.as_str(), failure.blame.as_str()];
            match keys.into_iter().find(|key| self.reasons.contains_key(*key)) {
                Some(key) => *met.entry(key).or_insert(0) += 1,
                None => surprises.push(&result.scenario.name),
            }
        }
        // A known failure that nothing could show was not selected, skipped, or blocked.
        let performed = |key: &str| {
            run.results.iter().any(|result| {
                let done = matches!(
                    result.performance.outcome,
                    Outcome::Passed | Outcome::Failed(_)
                );
                done && (result.scenario.name == key
                    || result.scenario.proves.iter().any(|id| id.as_str() == key))
            })
        };
        // Writing to a String cannot fail.
        for (key, reason) in &self.reasons {
            let _ = match met.get(key.as_str()) {
                Some(count) => {
                    writeln!(out, "expected: {key} failed ({count} scenarios): {reason}")
                }
                None if performed(key) => {
                    surprises.push(key);
                    writeln!(
                        out,
                        "unexpected: {key} passes now; remove it from the known failures"
                    )
                }
                None => writeln!(out, "not tested: {key}, which is among the known failures"),
            };
        }
        for name in surprises
            .iter()
            .filter(|name| !self.reasons.contains_key(**name))
        {
            let _ = writeln!(out, "unexpected: {name} fails");
        }
        (out, surprises.is_empty())
    }
}
