//! Which caused event each received line stands for.

use std::collections::HashMap;

use super::record::{EventKey, MembershipId, Record};
use crate::runner::problem::Contradiction;

/// The indices in `caused` of the lines that a member received, in order. A line that could stand for several events is
/// left out.
pub(super) fn align(record: &Record, id: MembershipId) -> Result<Vec<usize>, Contradiction> {
    let membership = &record.memberships[id];
    let mut candidates: HashMap<&EventKey, Vec<usize>> = HashMap::new();
    for (index, caused) in record.caused_by_others(id) {
        candidates.entry(&caused.event).or_default().push(index);
    }
    let mut counts: HashMap<&EventKey, usize> = HashMap::new();
    for event in &membership.received {
        *counts.entry(event).or_default() += 1;
    }
    let mut met: HashMap<&EventKey, usize> = HashMap::new();
    let mut aligned = Vec::new();
    for event in &membership.received {
        let actor = || membership.actor.clone();
        let Some(candidates) = candidates.get(event) else {
            return Err(Contradiction::Uncaused {
                actor: actor(),
                event: event.excerpt(),
            });
        };
        let (received, happened) = (counts[event], candidates.len());
        let Some(surplus) = happened.checked_sub(received) else {
            return Err(Contradiction::TooOften {
                actor: actor(),
                event: event.excerpt(),
                received,
                happened,
            });
        };
        let nth = met.entry(event).or_default();
        // A member that is still there has received the last of them; of one that has left this is not known.
        if membership.end.is_none() || surplus == 0 {
            aligned.push(candidates[surplus + *nth]);
        }
        *nth += 1;
    }
    Ok(aligned)
}
