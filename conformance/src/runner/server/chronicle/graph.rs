//! Events, and what must come before what.

use std::collections::{HashMap, VecDeque};

use super::{Deed, VisitId};

/// Events and what must come before what; behind the events stands a node for the end of each phase.
pub(super) struct Graph {
    after: Vec<Vec<(usize, Option<VisitId>)>>,
}

impl Graph {
    pub(super) fn new(acts: &[Deed], phases: usize) -> Self {
        let mut graph = Self {
            after: vec![Vec::new(); acts.len() + phases + 1],
        };
        let end_of = |phase: usize| acts.len() + phase;
        for phase in 1..=phases {
            graph.arrow(end_of(phase - 1), end_of(phase), None);
        }
        let mut last: HashMap<VisitId, usize> = HashMap::new();
        for (at, act) in acts.iter().enumerate() {
            if let Some(phase) = act.phase {
                graph.arrow(at, end_of(phase), None);
                if phase > 0 {
                    graph.arrow(end_of(phase - 1), at, None);
                }
            }
            // The lines of one connection are processed in order (ORDER-2).
            if let Some(previous) = last.insert(act.visit, at) {
                graph.arrow(previous, at, None);
            }
        }
        graph
    }

    pub(super) fn arrow(&mut self, before: usize, after: usize, witness: Option<VisitId>) {
        self.after[before].push((after, witness));
    }

    /// The arrows of a cycle, if there is one.
    pub(super) fn cycle(&self) -> Option<Vec<(usize, usize, Option<VisitId>)>> {
        let mut incoming = vec![0usize; self.after.len()];
        self.after
            .iter()
            .flatten()
            .for_each(|(after, _)| incoming[*after] += 1);
        let mut ready: VecDeque<_> = (0..incoming.len())
            .filter(|at| incoming[*at] == 0)
            .collect();
        while let Some(at) = ready.pop_front() {
            for (after, _) in &self.after[at] {
                incoming[*after] -= 1;
                if incoming[*after] == 0 {
                    ready.push_back(*after);
                }
            }
        }
        // Whatever is left stands on a cycle or behind one; walking backwards arrives at a cycle.
        let mut before = vec![None; self.after.len()];
        for (at, arrows) in self
            .after
            .iter()
            .enumerate()
            .filter(|(at, _)| incoming[*at] > 0)
        {
            for (after, witness) in arrows.iter().filter(|(after, _)| incoming[*after] > 0) {
                before[*after] = Some((at, *witness));
            }
        }
        let mut at = (0..incoming.len()).find(|at| incoming[*at] > 0)?;
        for _ in 0..incoming.len() {
            at = before[at]?.0;
        }
        let (start, mut cycle) = (at, Vec::new());
        loop {
            let (previous, witness) = before[at]?;
            cycle.push((previous, at, witness));
            at = previous;
            if at == start {
                cycle.reverse();
                return Some(cycle);
            }
        }
    }
}
