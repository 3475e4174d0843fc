//! Which requirements are broken, proved, or not tested, and the verdict that follows.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::requirement::{Class, Id, Level, Requirement};
use crate::runner::{Outcome, Run, ScenarioResult};
use crate::spec::Spec;

/// The standing of a requirement after a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// A scenario failed because of this requirement.
    Broken,
    /// At least one of its scenarios passed, and none has shown that it is broken: those that did not pass are unclear
    /// because of other requirements.
    Proved,
    /// None of its scenarios passed, and another requirement, which is broken, kept at least one of them from judging it.
    Unclear,
    /// Its scenarios were skipped or not selected, or the program did not start for one of them.
    NotTested,
    /// It cannot be observed from outside.
    NotObservable,
    /// None of its scenarios can be said in the dialect of the server.
    NotApplicable,
}

/// The verdict on the program under test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every MUST that can be observed is proved.
    Conformant,
    /// No MUST is broken, and some were not tested.
    ConformantAsFarAsTested,
    /// Every core MUST is proved; another one is broken.
    CoreConformant,
    /// A core MUST is broken.
    NotConformant,
    /// The program could not be started.
    NotStarted,
}

/// Every requirement of a run with its standing.
#[derive(Debug)]
pub struct Summary<'a> {
    /// What was checked: a server or a client.
    pub class: Class,
    /// Every requirement on that class and its standing, in the order of the specification.
    pub requirements: Vec<(&'a Requirement, Standing)>,
    /// The verdict that follows.
    pub verdict: Verdict,
    /// For each unclear requirement, the broken ones that keep it from being judged.
    causes: BTreeMap<&'a Id, Vec<Id>>,
    /// The levels of which every scenario was selected.
    complete: Vec<Level>,
}

impl<'a> Summary<'a> {
    /// Summarizes a run.
    pub fn of(spec: &'a Spec, run: &Run<'_>) -> Self {
        let class = run.class();
        let binding = spec
            .requirements
            .iter()
            .filter(|requirement| requirement.class == class);
        let requirements: Vec<_> = binding
            .map(|requirement| (requirement, standing(requirement, run)))
            .collect();
        let verdict = verdict(&requirements, run);
        let unclear = requirements
            .iter()
            .filter(|(_, standing)| *standing == Standing::Unclear);
        let causes = unclear.map(|(requirement, _)| (&requirement.id, causes(requirement, run)));
        let causes = causes.collect();
        let selected: BTreeSet<_> = run
            .results
            .iter()
            .map(|result| result.scenario.name.as_str())
            .collect();
        let missing = |level: &Level| {
            let mut of_level = spec
                .usual_scenarios_of(class)
                .filter(|scenario| spec.level(scenario) == *level);
            of_level.any(|scenario| !selected.contains(scenario.name.as_str()))
        };
        let complete = Level::ALL
            .into_iter()
            .filter(|level| !missing(level))
            .collect();
        Self {
            class,
            requirements,
            verdict,
            causes,
            complete,
        }
    }

    /// The requirements of a level with this standing.
    pub fn with(&self, level: Level, standing: Standing) -> impl Iterator<Item = &'a Requirement> {
        let here = self
            .requirements
            .iter()
            .filter(move |(requirement, its)| requirement.level == level && *its == standing);
        here.map(|(requirement, _)| *requirement)
    }

    /// The broken requirements that keep an unclear one from being judged; none for any other.
    pub fn causes(&self, requirement: &Requirement) -> impl Iterator<Item = &Id> {
        self.causes.get(&requirement.id).into_iter().flatten()
    }

    /// Whether every scenario of the level was selected.
    pub fn is_complete(&self, level: Level) -> bool {
        self.complete.contains(&level)
    }

    /// Whether the run counts as failed: a requirement up to this level is broken.
    pub fn is_broken(&self, most: Level) -> bool {
        Level::ALL
            .into_iter()
            .filter(|level| *level <= most)
            .any(|level| self.with(level, Standing::Broken).next().is_some())
    }
}

/// The results of the scenarios that prove a requirement.
fn proofs<'r, 'a>(
    requirement: &Requirement,
    run: &'r Run<'a>,
) -> impl Iterator<Item = &'r ScenarioResult<'a>> {
    let id = &requirement.id;
    run.results
        .iter()
        .filter(move |result| result.scenario.proves.contains(id))
}

/// What keeps the scenarios of a requirement from judging it: each broken requirement once.
fn causes(requirement: &Requirement, run: &Run<'_>) -> Vec<Id> {
    let mut causes = Vec::new();
    for result in proofs(requirement, run) {
        let blocking = match &result.performance.outcome {
            Outcome::Blocked(by) => run.results.iter().find(|other| other.scenario.name == *by),
            _ => Some(result),
        };
        let failure = blocking.and_then(|result| result.performance.outcome.failure());
        if let Some(failure) = failure
            && !causes.contains(&failure.blame)
        {
            causes.push(failure.blame.clone());
        }
    }
    causes
}

fn standing(requirement: &Requirement, run: &Run<'_>) -> Standing {
    let blamed = |result: &ScenarioResult<'_>| matches!(&result.performance.outcome, Outcome::Failed(failure) if failure.blame == requirement.id);
    if run.results.iter().any(blamed) {
        return Standing::Broken;
    }
    if requirement.not_observable.is_some() {
        return Standing::NotObservable;
    }
    let any = |wanted: fn(&Outcome) -> bool| {
        proofs(requirement, run).any(|it| wanted(&it.performance.outcome))
    };
    if any(|outcome| matches!(outcome, Outcome::NotStarted(_))) {
        // What passed says nothing about a program that does not always start.
        Standing::NotTested
    } else if any(|outcome| matches!(outcome, Outcome::Passed)) {
        Standing::Proved
    } else if !causes(requirement, run).is_empty() {
        Standing::Unclear
    } else if any(|outcome| matches!(outcome, Outcome::NotApplicable(_)))
        && !any(|outcome| !matches!(outcome, Outcome::NotApplicable(_)))
    {
        Standing::NotApplicable
    } else {
        Standing::NotTested
    }
}

fn verdict(requirements: &[(&Requirement, Standing)], run: &Run<'_>) -> Verdict {
    let any = |level: Level, standings: &[Standing]| {
        requirements.iter().any(|(requirement, standing)| {
            requirement.level == level && standings.contains(standing)
        })
    };
    let unproved = [Standing::Broken, Standing::Unclear];
    let performed = |result: &ScenarioResult<'_>| {
        matches!(
            result.performance.outcome,
            Outcome::Passed | Outcome::Failed(_) | Outcome::Unclear(_)
        )
    };
    let not_started =
        |result: &ScenarioResult<'_>| matches!(result.performance.outcome, Outcome::NotStarted(_));
    if run.results.iter().any(not_started) && !run.results.iter().any(performed) {
        Verdict::NotStarted
    } else if any(Level::Core, &unproved) {
        Verdict::NotConformant
    } else if any(Level::Full, &unproved) {
        // A program is core conformant only if that was tested.
        if any(Level::Core, &[Standing::NotTested]) {
            Verdict::NotConformant
        } else {
            Verdict::CoreConformant
        }
    } else if any(Level::Core, &[Standing::NotTested]) || any(Level::Full, &[Standing::NotTested]) {
        Verdict::ConformantAsFarAsTested
    } else {
        Verdict::Conformant
    }
}
