//! The ways of this server: at most one fault, and any number of habits.

use super::{Fault, Habit, Habits};

/// What decides between right and wrong, and between one lawful behaviour and another, at every such point.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ways {
    /// What it does wrongly.
    pub fault: Option<Fault>,
    /// Its lawful peculiarities.
    pub habits: Habits,
}

impl Ways {
    /// Whether it has this fault.
    pub(super) fn has(self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// Whether it has one of these faults.
    pub(super) fn has_any(self, faults: &[Fault]) -> bool {
        self.fault.is_some_and(|fault| faults.contains(&fault))
    }

    /// Whether it keeps this habit.
    pub(super) fn keeps(self, habit: Habit) -> bool {
        self.habits.contains(habit)
    }
}
