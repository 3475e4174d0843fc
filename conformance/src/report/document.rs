//! A run as data, from which every file is made. Serialized, it is the JSON report.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::diagnosis::{self, Crash, Diagnosis};
use super::summary::{Standing, Summary, Verdict};
use crate::dialect::Lack;
use crate::requirement::{Class, Id, Level, Requirement};
use crate::runner::{Failure, Moment, NotStarted, Outcome, Run, ScenarioResult, SkipReason};
use crate::spec::Spec;

/// The version of the JSON report. It is raised when a field is removed or changes its meaning; fields may be added at any time.
pub const SCHEMA: u32 = 3;

/// One run against one server or client.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Document {
    /// The version of this report: [`SCHEMA`].
    pub schema: u32,
    /// What was checked: a server or a client.
    pub class: Class,
    /// Its command or address, as the user gave it.
    pub server: String,
    /// The name of the dialect that it speaks; null for Salotto.
    pub dialect: Option<String>,
    /// The verdict on it; on the selected scenarios only if `complete` is false.
    pub verdict: Verdict,
    /// Whether every scenario was selected.
    pub complete: bool,
    /// How the server ended by itself, if it did.
    pub crash: Option<Crash>,
    /// The likely cause of most failures.
    pub diagnosis: Option<Diagnosis>,
    /// Duration of the run, in seconds.
    pub took_s: f64,
    /// For each level: how many requirements have each standing.
    pub levels: BTreeMap<Level, Counts>,
    /// Every requirement on programs of this class, in the order of the specification.
    pub requirements: Vec<RequirementEntry>,
    /// Every scenario that was selected, in the order of the specification.
    pub scenarios: Vec<ScenarioEntry>,
}

/// How many requirements of a level have each standing.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Counts {
    /// [`Standing::Proved`]
    pub proved: usize,
    /// [`Standing::Broken`]
    pub broken: usize,
    /// [`Standing::Unclear`]
    pub unclear: usize,
    /// [`Standing::NotTested`]
    pub not_tested: usize,
    /// [`Standing::NotObservable`]
    pub not_observable: usize,
    /// [`Standing::NotApplicable`]
    pub not_applicable: usize,
}

/// One requirement.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RequirementEntry {
    /// Its id, such as `JOIN-3`.
    pub id: Id,
    /// Its level.
    pub level: Level,
    /// Its text, with Markdown's marks.
    pub text: String,
    /// The file of its chapter.
    pub file: String,
    /// Its line in that file, from 1.
    pub line: usize,
    /// Its standing.
    pub standing: Standing,
    /// The broken requirements that keep it from being judged, if it is unclear.
    pub unclear_because_of: Vec<Id>,
    /// The names of the selected scenarios that prove it.
    pub scenarios: Vec<String>,
}

/// One scenario.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ScenarioEntry {
    /// Its name, unique in the specification.
    pub name: String,
    /// The class of programs that it checks.
    pub class: Class,
    /// Its chapter, such as `lines`.
    pub chapter: String,
    /// The file of its chapter.
    pub file: String,
    /// The line of its opening fence in that file, from 1.
    pub line: usize,
    /// The requirements that it proves.
    pub proves: Vec<Id>,
    /// The highest level among them.
    pub level: Level,
    /// How it ended.
    #[serde(flatten)]
    pub outcome: OutcomeEntry,
    /// Its duration, in seconds.
    pub took_s: f64,
    /// The command that performs it again.
    pub again: String,
    /// Its steps, as they are written.
    pub source: String,
    /// What happened: the first moments.
    pub moments: Vec<Moment>,
    /// How many moments are left out after `moments`.
    pub moments_left_out: usize,
    /// The last moments, if some are left out.
    pub last_moments: Vec<Moment>,
}

/// How a scenario ended.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum OutcomeEntry {
    /// Everything came as listed, and nothing else.
    Passed,
    /// A requirement is broken.
    Failed {
        /// Which one, and how.
        failure: Failure,
    },
    /// It says nothing about the requirements that it proves, because it relies on another one, which is broken.
    Unclear {
        /// Which one, and how.
        failure: Failure,
    },
    /// It cannot be performed against this program.
    Skipped {
        /// Why.
        reason: SkipReason,
    },
    /// Somebody who does not belong to it came in or left meanwhile, so that it says nothing.
    Disturbed {
        /// The nickname.
        by: String,
    },
    /// It cannot be said in the dialect of the server.
    NotApplicable {
        /// What the dialect lacks for it.
        reason: Lack,
    },
    /// It was not performed, because a scenario failed on which it relies.
    Blocked {
        /// The name of that scenario.
        by: String,
    },
    /// The program could not be started.
    NotStarted(NotStarted),
}

impl From<&Outcome> for OutcomeEntry {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Passed => Self::Passed,
            Outcome::Failed(failure) => Self::Failed {
                failure: (**failure).clone(),
            },
            Outcome::Unclear(failure) => Self::Unclear {
                failure: (**failure).clone(),
            },
            Outcome::Skipped(reason) => Self::Skipped {
                reason: reason.clone(),
            },
            Outcome::Disturbed { by } => Self::Disturbed { by: by.clone() },
            Outcome::NotApplicable(reason) => Self::NotApplicable {
                reason: reason.clone(),
            },
            Outcome::Blocked(by) => Self::Blocked { by: by.clone() },
            Outcome::NotStarted(why) => Self::NotStarted(why.clone()),
        }
    }
}

impl Document {
    /// Describes a run. `program` is the command or address of what was checked, `again` the command that runs scenarios again.
    pub fn new(spec: &Spec, run: &Run<'_>, program: &str, again: &str) -> Self {
        let summary = Summary::of(spec, run);
        let requirements = summary.requirements.iter();
        let scenarios = run.results.iter();
        Self {
            schema: SCHEMA,
            class: run.class(),
            server: program.to_owned(),
            dialect: run.dialect.clone(),
            verdict: summary.verdict,
            complete: run.results.len() >= spec.usual_scenarios_of(run.class()).count(),
            crash: diagnosis::crash(run),
            diagnosis: diagnosis::of(run),
            took_s: run.took.as_secs_f64(),
            levels: levels(&summary),
            requirements: requirements
                .map(|(requirement, standing)| {
                    let causes = summary.causes(requirement).cloned().collect();
                    RequirementEntry::new(requirement, *standing, causes, run)
                })
                .collect(),
            scenarios: scenarios
                .map(|result| ScenarioEntry::new(spec, result, again))
                .collect(),
        }
    }

    /// The entry of a requirement.
    pub fn requirement(&self, id: &Id) -> Option<&RequirementEntry> {
        let mut requirements = self.requirements.iter();
        requirements.find(|requirement| requirement.id == *id)
    }
}

fn levels(summary: &Summary<'_>) -> BTreeMap<Level, Counts> {
    let mut levels: BTreeMap<Level, Counts> = BTreeMap::new();
    for (requirement, standing) in &summary.requirements {
        let counts = levels.entry(requirement.level).or_default();
        *match standing {
            Standing::Proved => &mut counts.proved,
            Standing::Broken => &mut counts.broken,
            Standing::Unclear => &mut counts.unclear,
            Standing::NotTested => &mut counts.not_tested,
            Standing::NotObservable => &mut counts.not_observable,
            Standing::NotApplicable => &mut counts.not_applicable,
        } += 1;
    }
    levels
}

impl RequirementEntry {
    fn new(
        requirement: &Requirement,
        standing: Standing,
        unclear_because_of: Vec<Id>,
        run: &Run<'_>,
    ) -> Self {
        let scenarios = run.results.iter().map(|result| result.scenario);
        let proofs = scenarios.filter(|scenario| scenario.proves.contains(&requirement.id));
        Self {
            id: requirement.id.clone(),
            level: requirement.level,
            text: requirement.text.clone(),
            file: requirement.file.clone(),
            line: requirement.line,
            standing,
            unclear_because_of,
            scenarios: proofs.map(|scenario| scenario.name.clone()).collect(),
        }
    }
}

impl ScenarioEntry {
    fn new(spec: &Spec, result: &ScenarioResult<'_>, again: &str) -> Self {
        let scenario = result.scenario;
        let (first, left_out, last) = result.performance.trace.parts();
        Self {
            name: scenario.name.clone(),
            class: scenario.class,
            chapter: scenario.chapter().to_owned(),
            file: scenario.file.clone(),
            line: scenario.line,
            proves: scenario.proves.clone(),
            level: spec.level(scenario),
            outcome: (&result.performance.outcome).into(),
            took_s: result.performance.took.as_secs_f64(),
            again: format!("{again} {}", scenario.name),
            source: scenario.source.clone(),
            moments: first.to_vec(),
            moments_left_out: left_out,
            last_moments: last.cloned().collect(),
        }
    }

    /// What went wrong, if it failed or is unclear.
    pub fn failure(&self) -> Option<&Failure> {
        match &self.outcome {
            OutcomeEntry::Failed { failure } | OutcomeEntry::Unclear { failure } => Some(failure),
            _ => None,
        }
    }

    /// The requirement that it shows to be broken, if it failed.
    pub fn broken(&self) -> Option<&Id> {
        match &self.outcome {
            OutcomeEntry::Failed { failure } => Some(&failure.blame),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use schemars::schema_for;

    use super::*;
    use crate::report::samples;

    #[test]
    fn every_outcome_and_every_problem_fulfils_the_schema() {
        let schema = schema_for!(Document).to_value();
        let schema = jsonschema::validator_for(&schema).expect("a JSON Schema");
        let json = serde_json::to_value(samples::document()).expect("JSON");
        let errors = schema.iter_errors(&json).map(|error| error.to_string());
        assert_eq!(errors.collect::<Vec<_>>(), [""; 0]);
    }
}
