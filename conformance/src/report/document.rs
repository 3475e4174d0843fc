//! A run as data: what every report is made from, and, as it stands, the JSON report.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::page::{Page, comparison};
use super::{Standing, Summary, Verdict};
use crate::requirement::{Class, Id, Level};
use crate::runner::{Moment, Outcome};
use crate::runner::{Run, ScenarioResult};
use crate::spec::Spec;

/// Raised when a field changes its meaning or goes away. New fields may be added at any time.
pub const SCHEMA: u32 = 1;

/// One run against one server.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Document {
    /// [`SCHEMA`]
    pub schema: u32,
    /// What was checked: a server or a client.
    pub class: Class,
    /// Its command or address, as the user gave it.
    pub server: String,
    /// What the run makes of it.
    pub verdict: Verdict,
    /// Whether all scenarios were selected; the verdict is about the server only then.
    pub whole: bool,
    /// What is probably behind most failures, in one sentence.
    pub diagnosis: Option<String>,
    /// In real time, in seconds.
    pub took_s: f64,
    /// For each level: how many requirements have each standing.
    pub levels: BTreeMap<Level, Counts>,
    /// Every requirement on it, in the order of the specification.
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
}

/// One requirement.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RequirementEntry {
    /// Such as `JOIN-3`.
    pub id: Id,
    /// How much it asks.
    pub level: Level,
    /// Its own words, with Markdown's marks.
    pub text: String,
    /// Its chapter's file.
    pub file: String,
    /// Its line there.
    pub line: usize,
    /// Where it stands.
    pub standing: Standing,
    /// The names of the selected scenarios that prove it.
    pub scenarios: Vec<String>,
}

/// One scenario.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ScenarioEntry {
    /// Unique in the specification.
    pub name: String,
    /// What it checks.
    pub class: Class,
    /// Its chapter, such as `lines`.
    pub chapter: String,
    /// Its chapter's file.
    pub file: String,
    /// The line of its opening fence.
    pub line: usize,
    /// The requirements that it proves.
    pub proves: Vec<Id>,
    /// The highest level among them.
    pub level: Level,
    /// `passed`, `failed`, `skipped`, `blocked` or `not-started`.
    pub outcome: &'static str,
    /// Why it was skipped or blocked, or why the server did not start.
    pub reason: Option<String>,
    /// In real time, in seconds.
    pub took_s: f64,
    /// The command that performs it once more.
    pub again: String,
    /// Its steps, as they are written.
    pub source: String,
    /// What went wrong.
    pub failure: Option<FailureEntry>,
    /// What happened on the wire: the beginning,
    pub moments: Vec<Moment>,
    /// then so many moments that are left out,
    pub moments_left_out: usize,
    /// and the end.
    pub last_moments: Vec<Moment>,
}

/// What went wrong in a scenario.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FailureEntry {
    /// The requirement that is broken.
    pub blame: Id,
    /// In one sentence.
    pub problem: String,
    /// The line of the step in the chapter's file; none after the last step.
    pub line: Option<usize>,
    /// The counters of the blocks around the step.
    pub counters: String,
    /// What was expected, where that is a line; invisible characters made visible.
    pub expected: Option<String>,
    /// What came instead.
    pub received: Option<String>,
    /// What had arrived, and no step had asked for yet: actor, lines.
    pub unread: Vec<(String, Vec<String>)>,
    /// The last lines that the server printed.
    pub output: Vec<String>,
    /// The whole page, as the terminal shows it.
    pub page: String,
}

impl Document {
    /// Puts a run into words and numbers. `again` is the command that performs a scenario once more.
    pub fn new(spec: &Spec, run: &Run<'_>, server: &str, again: &str) -> Self {
        let summary = Summary::of(spec, run);
        let mut levels: BTreeMap<Level, Counts> = BTreeMap::new();
        for (requirement, standing) in &summary.requirements {
            let counts = levels.entry(requirement.level).or_default();
            *match standing {
                Standing::Proved => &mut counts.proved,
                Standing::Broken => &mut counts.broken,
                Standing::Unclear => &mut counts.unclear,
                Standing::NotTested => &mut counts.not_tested,
                Standing::NotObservable => &mut counts.not_observable,
            } += 1;
        }
        let requirements =
            summary
                .requirements
                .iter()
                .map(|(requirement, standing)| RequirementEntry {
                    id: requirement.id.clone(),
                    level: requirement.level,
                    text: requirement.text.clone(),
                    file: requirement.file.clone(),
                    line: requirement.line,
                    standing: *standing,
                    scenarios: run
                        .results
                        .iter()
                        .filter(|result| result.scenario.proves.contains(&requirement.id))
                        .map(|result| result.scenario.name.clone())
                        .collect(),
                });
        Self {
            schema: SCHEMA,
            class: run.class(),
            server: server.to_owned(),
            verdict: summary.verdict,
            whole: run.results.len() == spec.scenarios_of(run.class()).count(),
            diagnosis: super::diagnosis::of(run),
            took_s: run.took.as_secs_f64(),
            levels,
            requirements: requirements.collect(),
            scenarios: run
                .results
                .iter()
                .map(|result| ScenarioEntry::new(spec, result, again))
                .collect(),
        }
    }
}

impl ScenarioEntry {
    fn new(spec: &Spec, result: &ScenarioResult<'_>, again: &str) -> Self {
        let scenario = result.scenario;
        let (outcome, reason) = match &result.performance.outcome {
            Outcome::Passed => ("passed", None),
            Outcome::Failed(_) => ("failed", None),
            Outcome::Skipped(reason) => ("skipped", Some(reason.clone())),
            Outcome::Blocked(by) => (
                "blocked",
                Some(format!("`{by}` failed, without which no other can pass")),
            ),
            Outcome::NotStarted(reason) => ("not-started", Some(reason.clone())),
        };
        let (first, left_out, last) = result.performance.trace.parts();
        Self {
            name: scenario.name.clone(),
            class: scenario.class,
            chapter: scenario.chapter().to_owned(),
            file: scenario.file.clone(),
            line: scenario.line,
            proves: scenario.proves.clone(),
            level: spec.level(scenario),
            outcome,
            reason,
            took_s: result.performance.took.as_secs_f64(),
            again: format!("{again} {}", scenario.name),
            source: scenario.source.clone(),
            failure: FailureEntry::new(spec, result, again),
            moments: first.to_vec(),
            moments_left_out: left_out,
            last_moments: last.cloned().collect(),
        }
    }
}

impl FailureEntry {
    fn new(spec: &Spec, result: &ScenarioResult<'_>, again: &str) -> Option<Self> {
        let Outcome::Failed(failure) = &result.performance.outcome else {
            return None;
        };
        let lines = comparison(&failure.problem);
        let labelled = |wanted| {
            lines
                .iter()
                .find(|(label, _)| *label == wanted)
                .map(|(_, text)| text.clone())
        };
        Some(Self {
            blame: failure.blame.clone(),
            problem: failure.problem.to_string(),
            line: failure.line,
            counters: failure.counters.clone(),
            expected: labelled("expected"),
            received: labelled("received"),
            unread: failure.unread.clone(),
            output: failure.output.clone(),
            page: Page::of(spec, result, again)?.to_string(),
        })
    }
}
