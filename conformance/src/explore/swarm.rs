//! Which acts a program allows itself. A random choice for each program finds what one mixture for all would hide, since
//! acts that are frequent crowd out those that need peace.

use clap::ValueEnum;
use fastrand::Rng;

/// A group of acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Feature {
    /// Texts that look like lines of the server, like commands of other programs, or like addresses
    Disguises,
    /// Texts in many scripts, with marks, emoji, and blanks at their ends
    Scripts,
    /// Texts and lines at the limits, and at sizes where buffers end
    Sizes,
    /// Lines in pieces, and several lines in one write
    Pieces,
    /// CR LF, CR in other places, and empty lines
    LineEnds,
    /// Commands, and texts that are almost commands
    Commands,
    /// Bytes that are not UTF-8, control characters, lines that are too long
    Refusals,
    /// Nicknames in many forms, refused ones, and second tries
    Nicknames,
    /// Members that reset, close and half-close
    Endings,
    /// Members that leave in the middle of a line, or with their last words in the same write
    LastWords,
    /// Several members who act at the same time
    Together,
    /// Members who come and go all the time
    Visits,
    /// Members that stop reading for a while
    Sleepers,
    /// A room with few seats
    Capacity,
    /// A shutdown at the end
    Shutdown,
}

/// The features of one program, with their weights.
#[derive(Debug)]
pub(super) struct Swarm(Vec<(Feature, u32)>);

impl Swarm {
    /// A random choice among `allowed`.
    pub(super) fn choose(allowed: &[Feature], rng: &mut Rng) -> Self {
        const HEAVIEST: u32 = 4;
        let chosen = allowed.iter().filter(|_| rng.u8(..5) < 2);
        let chosen: Vec<_> = chosen.copied().collect();
        let weighted = chosen
            .into_iter()
            .map(|feature| (feature, rng.u32(1..=HEAVIEST)));
        Self(weighted.collect())
    }

    pub(super) fn has(&self, feature: Feature) -> bool {
        self.0.iter().any(|(chosen, _)| *chosen == feature)
    }

    /// True now and then, the more often the heavier the feature is.
    pub(super) fn happens(&self, feature: Feature, rng: &mut Rng) -> bool {
        const SCALE: u32 = 10;
        let weight = self.0.iter().find(|(chosen, _)| *chosen == feature);
        weight.is_some_and(|(_, weight)| rng.u32(..SCALE) < *weight)
    }
}
