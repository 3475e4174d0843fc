//! A seed -> a program.

use fastrand::Rng;

use super::lines;
use super::program::{Act, Move, NAMES, Program, Turn, Way};
use super::swarm::{Feature, Swarm};

/// How large programs are, and what they may do.
#[derive(Debug, Clone)]
pub struct Shape {
    /// The number of actors, up to 8.
    pub members: usize,
    /// The number of turns.
    pub length: usize,
    /// The acts that programs may use.
    pub features: Vec<Feature>,
}

/// The smallest room that a server must be able to offer.
const FEWEST_SEATS: u64 = 5;

/// The program of this number. The same seed and number give the same program on every machine.
pub(super) fn program(seed: u64, number: u64, shape: &Shape) -> Program {
    let mut start = Rng::with_seed(seed);
    let rng = &mut Rng::with_seed(start.u64(..) ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let swarm = Swarm::choose(&shape.features, rng);
    // A room with few seats is small enough to become full, and has at least those that a server must offer (ROOM-1).
    let capacity = swarm.has(Feature::Capacity).then_some(FEWEST_SEATS);
    let actors = match capacity {
        Some(_) => NAMES.len(),
        None => rng.usize(2..=shape.members.clamp(2, NAMES.len())),
    };
    let mut generator = Generator {
        actors,
        swarm,
        texts: 0,
        rng,
    };
    let shutdown = generator.swarm.has(Feature::Shutdown);
    let length = generator
        .rng
        .usize(shape.length.div_ceil(4)..=shape.length.max(1));
    // Everybody enters first, so that most turns find somebody in the room.
    let mut moves: Vec<_> = (0..generator.actors)
        .map(|actor| Move::One(generator.entry(actor)))
        .collect();
    moves.extend((0..length).map(|_| generator.next()));
    Program {
        capacity,
        moves,
        shutdown,
    }
}

struct Generator<'a> {
    actors: usize,
    swarm: Swarm,
    /// How many texts have been used; each one is used once.
    texts: usize,
    rng: &'a mut Rng,
}

impl Generator<'_> {
    fn next(&mut self) -> Move {
        if self.swarm.happens(Feature::Together, self.rng) {
            let mut actors: Vec<_> = (0..self.actors).collect();
            self.rng.shuffle(&mut actors);
            actors.truncate(self.rng.usize(2..=self.actors));
            return Move::Together(actors.into_iter().map(|actor| self.branch(actor)).collect());
        }
        let actor = self.rng.usize(..self.actors);
        Move::One(self.turn(actor))
    }

    fn branch(&mut self, actor: usize) -> Vec<Turn> {
        const LONGEST: usize = 5;
        let turns = self.rng.usize(1..=LONGEST);
        let mut branch: Vec<_> = (0..turns).map(|_| self.turn(actor)).collect();
        if self.rng.bool() {
            branch.insert(0, self.entry(actor));
        }
        branch
    }

    fn entry(&mut self, actor: usize) -> Turn {
        let nickname = lines::nickname(actor, &self.swarm, self.rng);
        Turn {
            actor,
            act: Act::Enters(nickname),
        }
    }

    fn turn(&mut self, actor: usize) -> Turn {
        let act = match self.rng.u8(..20) {
            0..=1 => return self.entry(actor),
            _ if self.swarm.happens(Feature::Visits, self.rng) => {
                if self.rng.bool() {
                    return self.entry(actor);
                }
                Act::Leaves(self.way())
            }
            _ if self.swarm.happens(Feature::Nicknames, self.rng) => self.names(actor),
            2 => Act::Leaves(self.way()),
            _ if self.swarm.happens(Feature::Sleepers, self.rng) => {
                if self.rng.bool() {
                    Act::StopsReading
                } else {
                    Act::ResumesReading
                }
            }
            _ if self.swarm.happens(Feature::LastWords, self.rng) => self.last_words(),
            _ => Act::Sends(self.bytes()),
        };
        Turn { actor, act }
    }

    /// Somebody connects, or somebody who is connected asks for a nickname.
    fn names(&mut self, actor: usize) -> Act {
        if self.rng.bool() {
            return Act::Connects;
        }
        let line = lines::nickname(actor, &self.swarm, self.rng) + "\n";
        Act::Sends(self.pieces(line.as_bytes()))
    }

    fn way(&mut self) -> Way {
        if !self.swarm.has(Feature::Endings) {
            return Way::Quits;
        }
        const WAYS: [Way; 4] = [Way::Quits, Way::Closes, Way::HalfCloses, Way::Resets];
        WAYS[self.rng.usize(..WAYS.len())]
    }

    /// Lines and a goodbye in one write, or the beginning of a line.
    fn last_words(&mut self) -> Act {
        let mut bytes = self.one_line();
        match self.rng.u8(..4) {
            0 => bytes.extend_from_slice(b"<quit>\n"),
            1 => bytes.extend_from_slice(b"{quit}\r\nnot heard\n"),
            2 => {
                let line = self.one_line();
                bytes.extend_from_slice(&line[..self.rng.usize(1..line.len())]);
            }
            _ => bytes.truncate(self.rng.usize(1..bytes.len())),
        }
        Act::Sends(self.pieces(&bytes))
    }

    fn bytes(&mut self) -> Vec<Vec<u8>> {
        const MOST_LINES: usize = 12;
        let mut bytes = self.one_line();
        if self.swarm.happens(Feature::Pieces, self.rng) {
            for _ in 0..self.rng.usize(..MOST_LINES) {
                bytes.extend(self.one_line());
            }
        }
        self.pieces(&bytes)
    }

    fn pieces(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        const MOST: usize = 4;
        if self.swarm.happens(Feature::Pieces, self.rng) {
            lines::cut(bytes, MOST, self.rng)
        } else {
            vec![bytes.to_vec()]
        }
    }

    fn one_line(&mut self) -> Vec<u8> {
        self.texts += 1;
        lines::line(&self.swarm, self.texts, self.rng)
    }
}
