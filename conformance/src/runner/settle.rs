//! Which failures show that a requirement is broken, and which are only its consequences.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::outcome::{Outcome, ScenarioResult};
use crate::requirement::Id;

/// Tells each broken requirement at the scenarios that prove it, or, if none of these failed because of it, at the simplest
/// one that shows it. Every other scenario that failed because of it says nothing about what it proves: it is unclear.
pub(super) fn settle(results: &mut [ScenarioResult<'_>]) {
    let mut witnesses: BTreeMap<Id, (bool, Reverse<usize>, usize)> = BTreeMap::new();
    for (at, result) in results.iter().enumerate() {
        let Some(failure) = result.performance.outcome.failure() else {
            continue;
        };
        let proves = result.scenario.proves.contains(&failure.blame);
        let steps = result.scenario.source.lines().count();
        let candidate = (proves, Reverse(steps), at);
        let witness = witnesses.entry(failure.blame.clone());
        let best = witness.or_insert(candidate);
        if (candidate.0, candidate.1) > (best.0, best.1) {
            *best = candidate;
        }
    }
    for (at, result) in results.iter_mut().enumerate() {
        let outcome = &mut result.performance.outcome;
        if let Outcome::Failed(failure) = outcome
            && !result.scenario.proves.contains(&failure.blame)
            && witnesses[&failure.blame].2 != at
        {
            *outcome = Outcome::Unclear(failure.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::outcome::{Failure, Performance};
    use crate::runner::problem::Problem;
    use crate::spec::Spec;

    /// The names of the scenarios that stay failed and of those that become unclear, when these fail for this requirement.
    fn settled(blame: &str, names: &[&str]) -> (Vec<String>, Vec<String>) {
        let spec = Spec::built_in().expect("the specification has no mistakes");
        let failed = |name: &&str| ScenarioResult {
            scenario: spec.scenario(name).expect("a scenario"),
            performance: Performance::without(Outcome::Failed(Box::new(Failure {
                problem: Problem::Reset {
                    actor: "anna".to_owned(),
                },
                blame: Id::parse(blame).expect("an id"),
                step: None,
                in_dialect: None,
                unread: Vec::new(),
                output: Vec::new(),
                beyond_signals: None,
            }))),
        };
        let mut results: Vec<_> = names.iter().map(failed).collect();
        settle(&mut results);
        let names = |condition: fn(&Outcome) -> bool| {
            let those = results
                .iter()
                .filter(|result| condition(&result.performance.outcome));
            those.map(|result| result.scenario.name.clone()).collect()
        };
        (
            names(|outcome| matches!(outcome, Outcome::Failed(_))),
            names(|outcome| matches!(outcome, Outcome::Unclear(_))),
        )
    }

    #[test]
    fn a_broken_requirement_is_told_where_it_is_proved() {
        let (failed, unclear) = settled(
            "JOIN-2",
            &["two-lines-in-one-write", "who-is-here", "no-echo"],
        );
        assert_eq!(failed, ["who-is-here"]);
        assert_eq!(unclear, ["two-lines-in-one-write", "no-echo"]);
    }

    #[test]
    fn otherwise_it_is_told_at_the_simplest_scenario_that_shows_it() {
        let (failed, unclear) = settled(
            "CONN-1",
            &["blanks-are-text", "a-soliloquy", "two-lines-in-one-write"],
        );
        assert_eq!(failed, ["a-soliloquy"]);
        assert_eq!(unclear, ["blanks-are-text", "two-lines-in-one-write"]);
    }
}
