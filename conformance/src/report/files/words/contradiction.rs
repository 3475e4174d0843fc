//! One sentence for each contradiction in what was received.

use crate::runner::{Contradiction, Observation};

pub(crate) fn contradiction(contradiction: &Contradiction) -> String {
    match contradiction {
        Contradiction::Uncaused { actor, event } => {
            format!("{actor} received `{event}`, but no client did anything that causes it")
        }
        Contradiction::TooOften {
            actor,
            event,
            received,
            happened,
        } => {
            format!("{actor} received `{event}` {received} times, but it happened {happened} times")
        }
        Contradiction::NeverReceived { actor, event } => {
            format!("`{event}` never reached {actor}")
        }
        Contradiction::AnnouncedTwice { actor, event } => {
            format!("`{event}` reached {actor}, who knew of that member already")
        }
        Contradiction::UnknownMember { actor, event } => {
            format!("`{event}` reached {actor}, who was never told of that member")
        }
        Contradiction::NotListed { actor, nickname } => {
            format!("the list of members that {actor} received lacks {nickname}")
        }
        Contradiction::ListedWithoutJoining { actor, nickname } => {
            format!("the list of members that {actor} received holds {nickname}, who never joined")
        }
        Contradiction::ListedAfterLeaving { actor, nickname } => format!(
            "the list of members that {actor} received holds {nickname}, who had already left"
        ),
        Contradiction::NoOrder { observations } => {
            let shown = observations.iter().map(observation);
            let shown: Vec<_> = shown.collect();
            format!(
                "events arrived in orders that exclude each other: {}",
                shown.join(", ")
            )
        }
    }
}

fn observation(observation: &Observation) -> String {
    let Observation {
        actor,
        before,
        after,
    } = observation;
    match actor {
        Some(actor) => format!("{actor} received `{before}` and then `{after}`"),
        None => format!("`{before}` happened before `{after}`"),
    }
}
