//! What one member's log says about the order of events (ORDER-1).

use std::collections::BTreeSet;

use super::graph::Graph;
use super::record::{Ending, MembershipId, Record};
use crate::runner::problem::Contradiction;

/// Adds an arrow for everything that the log of a member says: `log` are the indices of what it received.
pub(super) fn add_log(
    record: &Record,
    id: MembershipId,
    log: &[usize],
    graph: &mut Graph,
) -> Result<(), Contradiction> {
    let (membership, may_be_lost) = (&record.memberships[id], record.may_be_lost());
    let Some(joining) = record.joining(id) else {
        return Ok(());
    };
    let mut last = joining;
    for index in log {
        graph.arrow(last, *index, Some(id));
        last = *index;
    }
    let received: BTreeSet<_> = log.iter().copied().collect();
    let is_ambiguous = |index: usize| {
        let event = &record.caused[index].event;
        membership.end.is_some() && membership.received.contains(event)
    };
    for (index, caused) in record.caused_by_others(id) {
        if received.contains(&index) || is_ambiguous(index) || may_be_lost.contains(&index) {
            continue;
        }
        let Some(phase) = caused.phase else { continue };
        let must_be_received = match membership.end {
            None => phase > membership.joined,
            Some(Ending::Orderly(end)) => phase > membership.joined && phase < end,
            Some(Ending::Cut) => {
                // What is missing comes after everything that was received.
                if phase > membership.joined {
                    graph.arrow(last, index, Some(id));
                }
                false
            }
        };
        if must_be_received {
            return Err(Contradiction::NeverReceived {
                actor: membership.actor.clone(),
                event: caused.event.excerpt(),
            });
        }
        if membership.end.is_none() {
            graph.arrow(index, joining, Some(id));
        }
    }
    Ok(())
}
