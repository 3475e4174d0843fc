//! When a scenario is performed once more before it counts.

use super::outcome::{Outcome, Performance};
use super::problem::Problem;

/// How a scenario is performed. The plain way costs least, and leaves two doubts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Conduct {
    /// Probes are sent to prove a loss early. A probe may also be what makes a server process a line that it had already
    /// received, so a scenario that has passed with a probe is performed without.
    pub(super) probes: bool,
    /// No other scenario uses the processor. A busy machine makes every server slow, so a scenario that has failed by the
    /// clock is performed alone.
    pub(super) alone: bool,
}

impl Default for Conduct {
    fn default() -> Self {
        Self {
            probes: true,
            alone: false,
        }
    }
}

/// A performance, and whether a probe was sent in it.
pub(super) struct Attempt {
    pub(super) performance: Performance,
    pub(super) is_probed: bool,
}

impl Attempt {
    /// The scenario was not performed.
    pub(super) fn without(outcome: Outcome) -> Self {
        Self {
            performance: Performance::without(outcome),
            is_probed: false,
        }
    }
}

impl Conduct {
    /// How the scenario must be performed once more; `None` when the attempt counts.
    pub(super) fn after(self, attempt: &Attempt) -> Option<Self> {
        let next = match &attempt.performance.outcome {
            Outcome::Passed if attempt.is_probed => Self {
                probes: false,
                ..self
            },
            Outcome::Failed(failure) if is_by_the_clock(&failure.problem) => Self {
                alone: true,
                ..self
            },
            _ => self,
        };
        (next != self).then_some(next)
    }
}

/// Whether nothing but a time limit has been exceeded.
fn is_by_the_clock(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::TooSlow { .. } | Problem::StillRunning { .. }
    )
}

/// Performs a scenario until no doubt is left.
pub(super) fn without_doubt(mut attempt: impl FnMut(Conduct) -> Attempt) -> Performance {
    let mut conduct = Conduct::default();
    loop {
        let attempt = attempt(conduct);
        match conduct.after(&attempt) {
            Some(next) => conduct = next,
            None => return attempt.performance,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::time::Duration;

    use super::*;
    use crate::requirement::Id;
    use crate::runner::Failure;

    fn failed(problem: Problem) -> Outcome {
        Outcome::Failed(Box::new(Failure {
            problem,
            blame: Id::parse("TEST-1").unwrap(),
            step: None,
            in_dialect: None,
            unread: Vec::new(),
            output: Vec::new(),
            beyond_signals: None,
        }))
    }

    fn late() -> Outcome {
        let limit = Duration::from_secs(1);
        failed(Problem::TooSlow { limit })
    }

    /// The ways in which a scenario with these outcomes is performed: with probes, alone.
    fn conducts(outcomes: impl IntoIterator<Item = (Outcome, bool)>) -> Vec<(bool, bool)> {
        let mut outcomes: VecDeque<_> = outcomes.into_iter().collect();
        let mut conducts = Vec::new();
        without_doubt(|conduct| {
            conducts.push((conduct.probes, conduct.alone));
            let (outcome, is_probed) = outcomes.pop_front().unwrap();
            Attempt {
                performance: Performance::without(outcome),
                is_probed,
            }
        });
        assert!(outcomes.is_empty());
        conducts
    }

    #[test]
    fn what_passes_without_a_probe_counts() {
        assert_eq!(conducts([(Outcome::Passed, false)]), [(true, false)]);
    }

    #[test]
    fn what_passes_with_a_probe_is_performed_without() {
        let outcomes = [(Outcome::Passed, true), (Outcome::Passed, false)];
        assert_eq!(conducts(outcomes), [(true, false), (false, false)]);
    }

    #[test]
    fn what_is_late_is_performed_alone_once() {
        let outcomes = [(late(), false), (late(), false)];
        assert_eq!(conducts(outcomes), [(true, false), (true, true)]);
    }

    #[test]
    fn both_doubts_are_removed() {
        let outcomes = [
            (Outcome::Passed, true),
            (late(), false),
            (Outcome::Passed, false),
        ];
        let expected = [(true, false), (false, false), (false, true)];
        assert_eq!(conducts(outcomes), expected);
    }

    #[test]
    fn any_other_failure_counts() {
        let actor = "anna".to_owned();
        let outcomes = [(failed(Problem::Reset { actor }), true)];
        assert_eq!(conducts(outcomes), [(true, false)]);
    }
}
