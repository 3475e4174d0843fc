//! What a scenario relies on, and which other scenario proves exactly that.

use std::collections::BTreeSet;

use super::unrolled::{Unrolled, unroll};
use crate::scenario::{Act, Counters, Scenario, StepKind, Template};

/// The scenarios that every other one relies on, in the order in which they are performed: one member enters and speaks, and
/// a newcomer is told who is there.
pub const GATES: [&str; 2] = ["alone-in-the-room", "who-is-here"];

/// Something that a server must master before a scenario can show anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Skill {
    /// Several lines, or a part of one, come in one write.
    Framing,
    /// Hundreds of lines come in one write.
    Burst,
    /// Somebody leaves who has no nickname.
    NamelessEnd,
    /// A member ends its side of the connection and reads on.
    HalfClose,
    /// A member ends its side of the connection, and closes it after the goodbye.
    Close,
    /// A member resets its connection.
    Reset,
    /// The server is told to end.
    Shutdown,
}

/// The scenario that proves each of them.
const PROOFS: [(Skill, &str); 7] = [
    (Skill::Framing, "two-lines-in-one-write"),
    (Skill::Burst, "a-burst-arrives-whole"),
    (Skill::NamelessEnd, "the-nameless-come-and-go"),
    (Skill::HalfClose, "a-half-closed-member-is-gone"),
    (Skill::Close, "a-member-closes"),
    (Skill::Reset, "a-member-resets"),
    (Skill::Shutdown, "interrupted"),
];

/// Whether every other scenario relies on the one of this name.
pub fn is_gate(name: &str) -> bool {
    GATES.contains(&name)
}

/// Whether other scenarios rely on this one.
pub(super) fn is_relied_on(scenario: &Scenario) -> bool {
    PROOFS.iter().any(|(_, proof)| scenario.name == *proof)
}

/// The names of the scenarios that it relies on.
pub(super) fn relied_on(scenario: &Scenario) -> Vec<&'static str> {
    let skills = skills(scenario);
    let needed = PROOFS.iter().filter(|(skill, _)| skills.contains(skill));
    let names = needed.map(|(_, proof)| *proof);
    names.filter(|proof| *proof != scenario.name).collect()
}

fn skills(scenario: &Scenario) -> BTreeSet<Skill> {
    let steps = unroll(&scenario.steps, &Counters::default());
    let mut nameless = BTreeSet::new();
    let mut skills = BTreeSet::new();
    for (step, counters) in steps.iter().flat_map(Unrolled::steps) {
        match &step.kind {
            StepKind::Server(_) => {
                skills.insert(Skill::Shutdown);
            }
            StepKind::Act { actor, act } => {
                let actor = actor.text(counters);
                skills.extend(skills_of(act, counters, nameless.contains(&actor)));
                if matches!(act, Act::Connects) {
                    nameless.insert(actor);
                } else {
                    nameless.remove(&actor);
                }
            }
            _ => {}
        }
    }
    skills
}

fn skills_of(act: &Act, counters: &Counters, is_nameless: bool) -> Vec<Skill> {
    match act {
        Act::Sends(bytes) => writing(bytes, counters),
        Act::Closes | Act::HalfCloses | Act::Resets if is_nameless => vec![Skill::NamelessEnd],
        Act::Closes => vec![Skill::Close],
        Act::HalfCloses => vec![Skill::HalfClose],
        Act::Resets => vec![Skill::Reset],
        _ => Vec::new(),
    }
}

fn writing(bytes: &Template, counters: &Counters) -> Vec<Skill> {
    /// From this number of lines on, a server that limits the flow of a client slows it down (FLOW-6).
    const BURST: usize = 500;
    let bytes = bytes.bytes(counters);
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
    let is_one_line = lines == 1 && bytes.ends_with(b"\n");
    let framing = (!is_one_line).then_some(Skill::Framing);
    let burst = (lines >= BURST).then_some(Skill::Burst);
    framing.into_iter().chain(burst).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Spec;

    #[test]
    fn every_scenario_that_others_rely_on_exists_and_masters_what_it_proves() {
        let spec = Spec::built_in().expect("the specification has no mistakes");
        for gate in GATES {
            assert!(spec.scenario(gate).is_some(), "{gate}");
        }
        for (skill, proof) in PROOFS {
            let scenario = spec.scenario(proof).expect(proof);
            assert!(skills(scenario).contains(&skill), "{proof}");
        }
    }

    #[test]
    fn a_scenario_relies_on_what_its_steps_do() {
        let spec = Spec::built_in().expect("the specification has no mistakes");
        let relied_on = |name| relied_on(spec.scenario(name).expect(name));
        assert_eq!(relied_on("no-echo"), [""; 0]);
        assert_eq!(relied_on("two-lines-in-one-write"), [""; 0]);
        assert_eq!(relied_on("crlf-cut-in-two"), ["two-lines-in-one-write"]);
        assert_eq!(
            relied_on("connections-come-and-go"),
            [
                "two-lines-in-one-write",
                "the-nameless-come-and-go",
                "a-member-resets"
            ]
        );
        assert_eq!(relied_on("restarted"), ["interrupted"]);
    }
}
