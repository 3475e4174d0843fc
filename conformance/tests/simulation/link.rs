//! The delays of one direction of a connection. They follow from a seed.

use std::fmt;
use std::time::Duration;

use fastrand::Rng;

/// A link that delivers in order, each piece after a delay of its own.
#[derive(Debug)]
pub(crate) struct Link {
    rng: Rng,
    /// In milliseconds: what every piece takes, and what some take on top of it.
    usual: u64,
    extra: u64,
    /// Whether a write may arrive in several pieces.
    splits: bool,
}

impl Link {
    /// A link whose delays are at most `longest` milliseconds.
    pub(crate) fn new(mut rng: Rng, longest: u64) -> Self {
        let usual = if rng.bool() { 0 } else { rng.u64(..=longest) };
        let extra = if rng.bool() {
            0
        } else {
            rng.u64(..=longest - usual)
        };
        Self {
            usual,
            extra,
            splits: rng.u8(..4) == 0,
            rng,
        }
    }

    /// The delay of most pieces, in milliseconds.
    pub(crate) fn usual(&self) -> u64 {
        self.usual
    }

    /// The delay of the next piece.
    pub(crate) fn delay(&mut self) -> Duration {
        let extra = if self.rng.u8(..8) == 0 {
            self.rng.u64(..=self.extra)
        } else {
            0
        };
        Duration::from_millis(self.usual + extra)
    }

    /// How many of these bytes travel together.
    pub(crate) fn piece(&mut self, length: usize) -> usize {
        if self.splits && self.rng.u8(..4) == 0 {
            self.rng.usize(1..=length)
        } else {
            length
        }
    }

    /// How many of the pieces on the way a reset does not destroy.
    pub(crate) fn kept(&mut self, pieces: usize) -> usize {
        if self.rng.bool() {
            pieces
        } else {
            self.rng.usize(..=pieces)
        }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms", self.usual)?;
        if self.extra > 0 {
            write!(f, ", sometimes up to {} ms more", self.extra)?;
        }
        if self.splits {
            f.write_str(", in pieces")
        } else {
            Ok(())
        }
    }
}
