//! Whether a member was always told the true list of members (ORDER-4).

use std::collections::BTreeSet;

use super::graph::Graph;
use super::record::{Ending, Kind, Membership, MembershipId, Record};
use crate::runner::problem::Contradiction;

/// Checks the list of members against everything that was received, and adds what the `* here` lines say about the order.
pub(super) fn check_list(
    record: &Record,
    id: MembershipId,
    graph: &mut Graph,
) -> Result<(), Contradiction> {
    let membership = &record.memberships[id];
    let present = follow_notices(membership)?;
    check_presence(record, id, &present)?;
    check_here_lines(record, id, graph)
}

/// The list of members after all notices.
fn follow_notices(membership: &Membership) -> Result<BTreeSet<String>, Contradiction> {
    let mut present = membership.here.clone();
    for event in &membership.received {
        let is_consistent = match event.kind {
            Kind::Joined => present.insert(event.nickname.clone()),
            Kind::Left => present.remove(&event.nickname),
            Kind::Said => present.contains(&event.nickname),
        };
        if !is_consistent {
            let (actor, kind) = (membership.actor.clone(), event.kind);
            let event = event.excerpt();
            return Err(match kind {
                Kind::Joined => Contradiction::AnnouncedTwice { actor, event },
                Kind::Left | Kind::Said => Contradiction::UnknownMember { actor, event },
            });
        }
    }
    Ok(present)
}

/// Whoever was or is a member must be on the list.
fn check_presence(
    record: &Record,
    id: MembershipId,
    present: &BTreeSet<String>,
) -> Result<(), Contradiction> {
    let membership = &record.memberships[id];
    let others = record.memberships.iter().enumerate();
    for (_, other) in others.filter(|(other, _)| *other != id) {
        let had_left = matches!(other.end, Some(Ending::Orderly(end)) if end <= membership.joined);
        let was_there = other.joined < membership.joined && !had_left;
        let is_listed = membership.here.contains(&other.nickname);
        let both_still_there = other.end.is_none() && membership.end.is_none();
        if (was_there && other.end != Some(Ending::Cut) && !is_listed)
            || (both_still_there && !present.contains(&other.nickname))
        {
            return Err(Contradiction::NotListed {
                actor: membership.actor.clone(),
                nickname: other.nickname.clone(),
            });
        }
    }
    Ok(())
}

/// Each `* here` line must name a member, which then joined before.
fn check_here_lines(
    record: &Record,
    id: MembershipId,
    graph: &mut Graph,
) -> Result<(), Contradiction> {
    let membership = &record.memberships[id];
    for nickname in &membership.here {
        let all = record.memberships.iter().enumerate();
        let mut named = all.filter(|(_, other)| other.nickname == *nickname);
        let (actor, nickname) = (membership.actor.clone(), nickname.clone());
        match (named.next(), named.next()) {
            (None, _) => return Err(Contradiction::ListedWithoutJoining { actor, nickname }),
            (Some((_, other)), None) if matches!(other.end, Some(Ending::Orderly(end)) if end < membership.joined) =>
            {
                return Err(Contradiction::ListedAfterLeaving { actor, nickname });
            }
            (Some((other, _)), None) => {
                if let (Some(theirs), Some(own)) = (record.joining(other), record.joining(id)) {
                    graph.arrow(theirs, own, None);
                }
            }
            // It may be any of several memberships of this nickname.
            (Some(_), Some(_)) => {}
        }
    }
    Ok(())
}
