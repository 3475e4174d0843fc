//! One sentence for each contradiction in what was received.

use crate::runner::{Contradiction, Observation};

pub(crate) fn contradiction(contradiction: &Contradiction) -> String {
    match contradiction {
        Contradiction::Uncaused { actor, event } => {
            format!("{actor} received `{event}`, which nobody caused")
        }
        Contradiction::TooOften {
            actor,
            event,
            received,
            happened,
        } => format!(
            "{actor} received `{event}` {}; it happened {}",
            times(*received),
            times(*happened)
        ),
        Contradiction::NeverReceived { actor, event } => {
            format!("{actor} never received `{event}`")
        }
        Contradiction::AnnouncedTwice { actor, event } => {
            format!("{actor} received `{event}`, but had been told of that member before")
        }
        Contradiction::UnknownMember { actor, event } => {
            format!("{actor} received `{event}`, but was never told that this member is there")
        }
        Contradiction::NotListed { actor, nickname } => {
            format!("{actor} was never told that {nickname} is there")
        }
        Contradiction::ListedWithoutJoining { actor, nickname } => {
            format!("{actor} was told that {nickname} is here, who never joined")
        }
        Contradiction::ListedAfterLeaving { actor, nickname } => {
            format!("{actor} was told that {nickname} is here, who had left")
        }
        Contradiction::NoOrder { observations } => {
            let shown = observations.iter().map(observation);
            let shown: Vec<_> = shown.collect();
            format!(
                "no single order explains what was received: {}",
                shown.join("; ")
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
        Some(actor) => format!("{actor} had `{before}` before `{after}`"),
        None => format!("`{before}` happened before `{after}`"),
    }
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}
