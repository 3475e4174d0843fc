//! A failing program -> a smaller one that fails at the same requirement.

use std::time::{Duration, Instant};

use super::program::{Act, Move, NAMES, Program, Turn};

/// Makes a program smaller as long as `still_fails` says that it fails in the same way, for at most `limit`.
///
/// Removes moves, branches and turns (first many at a time), performs one after the other what happened at the same time,
/// and replaces texts, pieces and nicknames by plain ones.
pub(super) fn shrink(
    program: Program,
    limit: Duration,
    mut still_fails: impl FnMut(&Program) -> bool,
) -> Program {
    let deadline = Instant::now() + limit;
    let mut smallest = program;
    loop {
        let before = smallest.clone();
        for simplify in [
            without_moves,
            without_turns,
            one_by_one,
            simpler_acts,
            settings,
        ] {
            let mut at = 0;
            while let Some(candidate) = simplify(&smallest, at) {
                if Instant::now() > deadline {
                    return smallest;
                }
                if candidate != smallest && still_fails(&candidate) {
                    smallest = candidate;
                } else {
                    at += 1;
                }
            }
        }
        if smallest == before {
            return smallest;
        }
    }
}

/// Without a run of moves: first half of them, then quarters, down to single moves.
fn without_moves(program: &Program, at: usize) -> Option<Program> {
    let count = program.moves.len();
    let mut left = at;
    let mut size = count.div_ceil(2);
    while size > 0 {
        let runs = count.div_ceil(size);
        if left < runs {
            let mut smaller = program.clone();
            let start = left * size;
            smaller.moves.drain(start..(start + size).min(count));
            return Some(smaller);
        }
        left -= runs;
        size /= 2;
    }
    None
}

/// Without one turn of a block, or one branch.
fn without_turns(program: &Program, at: usize) -> Option<Program> {
    let mut left = at;
    for (index, next) in program.moves.iter().enumerate() {
        let Move::Together(branches) = next else {
            continue;
        };
        for (branch, turns) in branches.iter().enumerate() {
            if left <= turns.len() {
                let mut smaller = program.clone();
                if let Move::Together(branches) = &mut smaller.moves[index] {
                    if left == turns.len() {
                        branches.remove(branch);
                    } else {
                        branches[branch].remove(left);
                    }
                }
                return Some(smaller);
            }
            left -= turns.len() + 1;
        }
    }
    None
}

/// The turns of a block, one after the other.
fn one_by_one(program: &Program, at: usize) -> Option<Program> {
    let blocks = program.moves.iter().enumerate();
    let mut blocks = blocks.filter(|(_, next)| matches!(next, Move::Together(_)));
    let (index, block) = blocks.nth(at)?;
    let Move::Together(branches) = block else {
        return None;
    };
    let turns = branches.iter().flatten().cloned().map(Move::One);
    let mut smaller = program.clone();
    smaller.moves.splice(index..=index, turns);
    Some(smaller)
}

/// One turn with a plain text, one write, a plain nickname, or less of its bytes.
fn simpler_acts(program: &Program, at: usize) -> Option<Program> {
    let mut smaller = program.clone();
    let mut left = at;
    let replaced = turns(&mut smaller).any(|turn| {
        let simpler = simpler(turn);
        let Some(act) = simpler.get(left) else {
            left -= simpler.len();
            return false;
        };
        turn.act = act.clone();
        true
    });
    replaced.then_some(smaller)
}

fn turns(program: &mut Program) -> impl Iterator<Item = &mut Turn> {
    program.moves.iter_mut().flat_map(|next| match next {
        Move::One(turn) => vec![turn],
        Move::Together(branches) => branches.iter_mut().flatten().collect(),
    })
}

/// The simpler acts that could replace this one, the simplest first.
fn simpler(turn: &Turn) -> Vec<Act> {
    let own = NAMES[turn.actor];
    match &turn.act {
        Act::Enters(nickname) if nickname != own => vec![Act::Enters(own.to_owned())],
        Act::Sends(pieces) => {
            let whole = pieces.concat();
            let mut simpler = vec![Act::Sends(vec![b"ciao\n".to_vec()])];
            if pieces.len() > 1 {
                simpler.push(Act::Sends(vec![whole.clone()]));
                simpler.extend((1..pieces.len()).map(|at| {
                    let mut joined = pieces.clone();
                    let piece = joined.remove(at);
                    joined[at - 1].extend(piece);
                    Act::Sends(joined)
                }));
            }
            let lines: Vec<_> = whole.split_inclusive(|byte| *byte == b'\n').collect();
            if lines.len() > 1 {
                simpler.extend((0..lines.len()).map(|without| {
                    let kept = lines.iter().enumerate().filter(|(at, _)| *at != without);
                    Act::Sends(vec![
                        kept.flat_map(|(_, line)| line.iter().copied()).collect(),
                    ])
                }));
            }
            simpler.retain(|act| size(act) < size(&turn.act));
            simpler
        }
        _ => Vec::new(),
    }
}

/// Bytes and writes: what a simpler act has less of.
fn size(act: &Act) -> usize {
    match act {
        Act::Sends(pieces) => pieces.iter().map(|piece| piece.len() + 1).sum(),
        _ => 0,
    }
}

fn settings(program: &Program, at: usize) -> Option<Program> {
    let without_capacity = Program {
        capacity: None,
        ..program.clone()
    };
    let without_shutdown = Program {
        shutdown: false,
        ..program.clone()
    };
    [without_capacity, without_shutdown].into_iter().nth(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(actor: usize, text: &str) -> Turn {
        Turn {
            actor,
            act: Act::Sends(vec![text.as_bytes().to_vec()]),
        }
    }

    fn says_bad(next: &Move) -> bool {
        let turns = match next {
            Move::One(turn) => vec![turn],
            Move::Together(branches) => branches.iter().flatten().collect(),
        };
        let is_bad = |turn: &&Turn| match &turn.act {
            Act::Sends(pieces) => pieces.concat().starts_with(b"bad\n"),
            _ => false,
        };
        turns.iter().any(is_bad)
    }

    #[test]
    fn only_what_fails_is_left() {
        let mut moves: Vec<_> = (0..40).map(|n| Move::One(says(n % 4, "ciao\n"))).collect();
        moves.insert(
            23,
            Move::Together(vec![
                vec![says(1, "x\n"), says(1, "bad\ny\n")],
                vec![says(2, "z\n")],
            ]),
        );
        let program = Program {
            capacity: Some(3),
            moves,
            shutdown: true,
        };
        let mut tries = 0;
        let shrunk = shrink(program, Duration::from_secs(60), |program| {
            tries += 1;
            program.clone().moves.iter().any(says_bad)
        });
        assert_eq!(shrunk.moves, [Move::One(says(1, "bad\n"))]);
        assert_eq!((shrunk.capacity, shrunk.shutdown), (None, false));
        assert!(tries < 150, "{tries}");
    }
}
