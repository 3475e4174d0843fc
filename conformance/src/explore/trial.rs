//! One program as a scenario that the runner can perform.

use std::sync::Arc;

use crate::requirement::{Class, Id};
use crate::runner::{Failure, Outcome, Performance};
use crate::scenario::parser::{Block, parse};
use crate::scenario::{Diagnostic, Mistake, Scenario, check};

use super::program::Program;
use super::script;

/// Where a scenario of this name says that it comes from.
const FILE: &str = "explored.md";

/// One program as a scenario, with the text that it was read from.
#[derive(Debug, Clone)]
pub(super) struct Trial {
    /// The scenario's text, from its header.
    pub(super) text: String,
    pub(super) scenario: Scenario,
}

impl Trial {
    /// A trial that blames each line's own requirement. `None` if the program does nothing.
    pub(super) fn exploring(program: &Program, name: &str) -> Result<Option<Self>, Box<Mistake>> {
        let text = script::scenario(program, name, "ORDER-1", true);
        text.map(Self::read).transpose()
    }

    /// A scenario that proves one requirement, as somebody would write it. `None` if the program does nothing.
    pub(super) fn proving(
        program: &Program,
        name: &str,
        id: &Id,
    ) -> Result<Option<Self>, Box<Mistake>> {
        let text = script::scenario(program, name, id.as_str(), false);
        text.map(Self::read).transpose()
    }

    fn read(text: String) -> Result<Self, Box<Mistake>> {
        let header = text.find('\n').unwrap_or(text.len());
        let block = Block {
            chapter: &text,
            file: FILE,
            class: Class::Server,
            header: 0..header,
            text: header..text.len(),
        };
        let source = Arc::from(text.as_str());
        let mistake = |found: Diagnostic| Box::new(found.in_file(FILE, &source));
        let scenario = parse(&block).map_err(|mut found| mistake(found.swap_remove(0)))?;
        match check::determined(&scenario) {
            Some(found) => Err(mistake(found)),
            None => Ok(Self { text, scenario }),
        }
    }
}

/// The failure, if the program failed.
pub(super) fn failure(performance: &Performance) -> Option<&Failure> {
    match &performance.outcome {
        Outcome::Failed(failure) => Some(failure),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;
    use crate::explore::generate::{self, Shape};
    use crate::explore::swarm::Feature;

    #[test]
    fn every_program_and_every_part_of_it_is_a_valid_scenario() {
        let shape = Shape {
            members: 5,
            length: 40,
            features: Feature::value_variants().to_vec(),
        };
        let mut rng = fastrand::Rng::with_seed(7);
        for number in 0..300 {
            let mut program = generate::program(11, number, &shape);
            while !program.moves.is_empty() {
                if let Err(mistake) = Trial::exploring(&program, "explored-7") {
                    let text = script::scenario(&program, "explored-7", "ORDER-1", true);
                    panic!("{number}: {mistake}\n{}", text.unwrap_or_default());
                }
                program.moves.retain(|_| rng.u8(..4) > 0);
            }
        }
    }
}
