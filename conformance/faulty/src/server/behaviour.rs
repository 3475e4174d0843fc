//! How this server deviates from a plain, correct one.

use super::fault::Fault;
use super::habit::Habit;

/// At most one fault, and any number of habits. The default is a plain, correct server.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Behaviour {
    pub(super) fault: Option<Fault>,
    /// Chosen once, when the process starts.
    pub(super) habits: &'static [Habit],
}

impl Behaviour {
    pub(super) fn has(self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    pub(super) fn has_any(self, faults: &[Fault]) -> bool {
        self.fault.is_some_and(|fault| faults.contains(&fault))
    }

    pub(super) fn keeps(self, habit: Habit) -> bool {
        self.habits.contains(&habit)
    }
}
