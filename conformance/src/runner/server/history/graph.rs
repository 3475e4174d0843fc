//! Which event must come before which.

use std::collections::{HashMap, VecDeque};

use super::record::{Caused, MembershipId};

/// A directed graph. Its nodes are the caused events, by index, and behind them one for the end of each phase.
pub(super) struct Graph {
    /// For each node: the nodes that come after it, and the member that observed it.
    after: Vec<Vec<(usize, Option<MembershipId>)>>,
}

/// One node comes before another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrow {
    pub(super) before: usize,
    pub(super) after: usize,
    /// The member that observed it; `None` when it follows from the scenario.
    pub(super) witness: Option<MembershipId>,
}

impl Graph {
    /// The order that follows from the scenario itself: phases one after the other, and the lines of one connection in
    /// order (ORDER-2).
    pub(super) fn new(caused: &[Caused], phases: usize) -> Self {
        let mut graph = Self {
            after: vec![Vec::new(); caused.len() + phases + 1],
        };
        let end_of = |phase: usize| caused.len() + phase;
        for phase in 1..=phases {
            graph.arrow(end_of(phase - 1), end_of(phase), None);
        }
        let mut last: HashMap<MembershipId, usize> = HashMap::new();
        for (index, event) in caused.iter().enumerate() {
            if let Some(phase) = event.phase {
                graph.arrow(index, end_of(phase), None);
                if phase > 0 {
                    graph.arrow(end_of(phase - 1), index, None);
                }
            }
            if let Some(previous) = last.insert(event.membership, index) {
                graph.arrow(previous, index, None);
            }
        }
        graph
    }

    pub(super) fn arrow(&mut self, before: usize, after: usize, witness: Option<MembershipId>) {
        self.after[before].push((after, witness));
    }

    /// The arrows of a cycle, in order, if there is one.
    pub(super) fn cycle(&self) -> Option<Vec<Arrow>> {
        let remaining = self.on_or_behind_cycles();
        let is_left = |node: usize| remaining[node] > 0;
        // Walking backwards from any node that is left arrives at a cycle.
        let mut before = vec![None; self.after.len()];
        for (node, arrows) in self.after.iter().enumerate() {
            for (after, witness) in arrows {
                if is_left(node) && is_left(*after) {
                    before[*after] = Some((node, *witness));
                }
            }
        }
        let mut node = (0..remaining.len()).find(|node| is_left(*node))?;
        for _ in 0..remaining.len() {
            node = before[node]?.0;
        }
        let (start, mut cycle) = (node, Vec::new());
        loop {
            let (previous, witness) = before[node]?;
            cycle.push(Arrow {
                before: previous,
                after: node,
                witness,
            });
            node = previous;
            if node == start {
                cycle.reverse();
                return Some(cycle);
            }
        }
    }

    /// For each node how many arrows point at it after all nodes without any have been removed, again and again. Nodes with
    /// some left are on a cycle or behind one.
    fn on_or_behind_cycles(&self) -> Vec<usize> {
        let mut incoming = vec![0usize; self.after.len()];
        for (after, _) in self.after.iter().flatten() {
            incoming[*after] += 1;
        }
        let mut ready: VecDeque<_> = (0..incoming.len())
            .filter(|node| incoming[*node] == 0)
            .collect();
        while let Some(node) = ready.pop_front() {
            for (after, _) in &self.after[node] {
                incoming[*after] -= 1;
                if incoming[*after] == 0 {
                    ready.push_back(*after);
                }
            }
        }
        incoming
    }
}
