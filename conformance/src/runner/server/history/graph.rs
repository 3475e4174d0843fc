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

    /// The arrows of a cycle, in order, if there is one: the one with the fewest observations through a node of any cycle.
    pub(super) fn cycle(&self) -> Option<Vec<Arrow>> {
        /// More searches would take long, and would hardly find a shorter cycle.
        const SEARCHES: usize = 200;
        let remaining = self.on_or_behind_cycles();
        let nodes = self.nodes_of_a_cycle(&remaining)?;
        let nodes = nodes.into_iter().take(SEARCHES);
        let cycles = nodes.filter_map(|start| self.cycle_through(start, &remaining));
        let observed = |cycle: &Vec<Arrow>| {
            let witnessed = cycle.iter().filter(|arrow| arrow.witness.is_some()).count();
            (witnessed, cycle.len())
        };
        cycles.min_by_key(observed)
    }

    /// The nodes of any cycle: walking backwards from any node that is left arrives at one.
    fn nodes_of_a_cycle(&self, remaining: &[usize]) -> Option<Vec<usize>> {
        let mut before = vec![None; self.after.len()];
        for (node, arrows) in self.after.iter().enumerate() {
            let left = arrows.iter().filter(|(after, _)| remaining[*after] > 0);
            for (after, _) in left.filter(|_| remaining[node] > 0) {
                before[*after] = Some(node);
            }
        }
        let mut node = (0..remaining.len()).find(|node| remaining[*node] > 0)?;
        for _ in 0..remaining.len() {
            node = before[node]?;
        }
        let mut nodes = vec![node];
        loop {
            let next = before[*nodes.last()?]?;
            if next == node {
                return Some(nodes);
            }
            nodes.push(next);
        }
    }

    /// The shortest cycle through a node. Arrows that nobody has observed cost nothing.
    fn cycle_through(&self, start: usize, remaining: &[usize]) -> Option<Vec<Arrow>> {
        let mut best = vec![usize::MAX; self.after.len()];
        let mut came_by: Vec<Option<Arrow>> = vec![None; self.after.len()];
        let mut queue = VecDeque::from([(0, start)]);
        while let Some((cost, node)) = queue.pop_front() {
            if node == start && came_by[start].is_some() {
                break;
            }
            for (after, witness) in &self.after[node] {
                let cost = cost + usize::from(witness.is_some());
                if remaining[*after] == 0 || cost >= best[*after] {
                    continue;
                }
                best[*after] = cost;
                came_by[*after] = Some(Arrow {
                    before: node,
                    after: *after,
                    witness: *witness,
                });
                match witness {
                    None => queue.push_front((cost, *after)),
                    Some(_) => queue.push_back((cost, *after)),
                }
            }
        }
        let mut cycle = Vec::new();
        let mut node = start;
        loop {
            let arrow = came_by[node]?;
            cycle.push(arrow);
            node = arrow.before;
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
