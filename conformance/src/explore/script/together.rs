//! Several actors at the same time, where the order of their events is not determined.

use std::fmt::Write;
use std::ops::ControlFlow::{self, Break, Continue};

use super::super::nicknames;
use super::super::notation::after_arrow;
use super::super::program::{Act, NAMES, Turn, Way};
use super::super::room::{Effect, Place, Room};
use super::Script;
use super::written;

/// What is known of a block while its branches are written.
struct Block {
    /// The nicknames of the members before it, and of those who enter in it, each with its actor.
    claimed: Vec<(usize, String)>,
    seats: usize,
    /// A member that does nothing in the block: it notices who resets.
    watcher: Option<usize>,
    /// The nickname of the member that resets. A second one could be noticed before the first.
    reset: Option<String>,
}

impl Block {
    fn begin(room: &Room, branches: &[Vec<Turn>]) -> Self {
        let acts = |actor: usize| branches.iter().flatten().any(|turn| turn.actor == actor);
        let claimed = (0..NAMES.len()).filter_map(|actor| match room.place(actor) {
            Place::Member(nickname) => Some((actor, nickname.clone())),
            _ => None,
        });
        let claimed: Vec<_> = claimed.collect();
        let mut members = claimed.iter().map(|(actor, _)| *actor);
        Self {
            watcher: members.find(|actor| !acts(*actor)),
            claimed,
            seats: room.free_seats(),
            reset: None,
        }
    }

    /// Whether the actor enters under this nickname, whatever the others do. Keeps a seat and the nickname for it.
    fn can_enter(&mut self, actor: usize, nickname: &str) -> bool {
        let is_taken = |(owner, name): &(usize, String)| {
            *owner != actor && name.eq_ignore_ascii_case(nickname)
        };
        let is_certain = nicknames::is_known(nickname) && nicknames::is_valid(nickname);
        if !is_certain || self.seats == 0 || self.claimed.iter().any(is_taken) {
            return false;
        }
        self.seats -= 1;
        self.claimed.push((actor, nickname.to_owned()));
        true
    }
}

impl Script {
    /// A block `together`, and the step that compares what everybody received.
    ///
    /// Turns whose outcome depends on those of other actors are left out: two that ask for one nickname, and somebody who may
    /// find the room full.
    pub(super) fn together(&mut self, branches: &[Vec<Turn>]) {
        self.settle();
        let before = self.steps.len();
        self.steps.push_str("together\n");
        let start = self.steps.len();
        let mut block = Block::begin(&self.room, branches);
        let mut acted = Vec::new();
        for branch in branches {
            let Some(actor) = branch.first().map(|turn| turn.actor) else {
                continue;
            };
            if !acted.contains(&actor) {
                acted.push(actor);
                self.branch(&mut block, actor, branch);
            }
        }
        // A server may take its time to notice a reset.
        if let (Some(nickname), Some(watcher)) = (&block.reset, block.watcher) {
            self.inner(watcher, &format!("<- * left {}", after_arrow(nickname)));
        }
        if self.steps.len() == start {
            self.steps.truncate(before);
        } else {
            self.steps.push_str("everyone agrees\n");
        }
    }

    fn branch(&mut self, block: &mut Block, actor: usize, branch: &[Turn]) {
        let mut can_reset = block.watcher.is_some() && block.reset.is_none();
        for turn in branch.iter().filter(|turn| turn.actor == actor) {
            if let Act::Enters(nickname) = &turn.act {
                let is_away = *self.room.place(actor) == Place::Away;
                if !is_away || !block.can_enter(actor, nickname) {
                    continue;
                }
            }
            if let Break(nickname) = self.turn(turn, &mut can_reset) {
                block.reset = Some(nickname);
                break;
            }
        }
        if self.room.is_mid_line(actor) {
            self.concurrent_send(actor, b"\n");
        }
    }

    /// One turn of a branch. Breaks with the nickname of a member that resets: nothing may follow in its branch, since it does
    /// not learn when the server has noticed.
    fn turn(&mut self, turn: &Turn, can_reset: &mut bool) -> ControlFlow<String> {
        let actor = turn.actor;
        let is_member = self.room.is_member(actor);
        match &turn.act {
            Act::Enters(nickname) => {
                // It would not be certain which of its visits a notice is about.
                *can_reset = false;
                self.room.connect(actor);
                self.room.send(actor, format!("{nickname}\n").as_bytes());
                if nickname == NAMES[actor] {
                    self.inner(actor, "joins");
                } else {
                    self.inner(actor, &format!("joins as {}", after_arrow(nickname)));
                }
            }
            Act::Sends(pieces) if is_member => {
                for piece in pieces {
                    if self.room.is_member(actor) {
                        self.concurrent_send(actor, piece);
                        *can_reset = false;
                    }
                }
            }
            Act::Leaves(Way::Quits) if is_member && !self.room.is_mid_line(actor) => {
                self.concurrent_send(actor, b"<quit>\n");
            }
            Act::Leaves(Way::Closes) if is_member => {
                self.room.leave(actor);
                self.inner(actor, "closes");
            }
            Act::Leaves(Way::HalfCloses) if is_member => {
                self.room.leave(actor);
                self.inner(actor, "half-closes");
                self.goodbye(actor);
            }
            // A reset may destroy what the server has not read yet, and somebody must hear of it.
            Act::Leaves(Way::Resets) if *can_reset => {
                if let Place::Member(nickname) = self.room.place(actor).clone() {
                    self.room.leave(actor);
                    self.inner(actor, "resets");
                    return Break(nickname);
                }
            }
            _ => {}
        }
        Continue(())
    }

    fn concurrent_send(&mut self, actor: usize, bytes: &[u8]) {
        let bytes = &*self.room.without_early_refusal(actor, bytes);
        let is_start = !self.room.is_mid_line(actor);
        let effects = self.room.send(actor, bytes);
        self.inner(actor, &written(bytes, is_start));
        for effect in effects {
            match effect {
                Effect::Refused(code) => self.inner(actor, &format!("<- ! {code}")),
                Effect::Goodbye => self.goodbye(actor),
                // What others receive is compared after the block.
                Effect::Welcome(..) | Effect::Joined(_) | Effect::Said(..) | Effect::Left(_) => {}
            }
        }
    }

    fn goodbye(&mut self, actor: usize) {
        self.inner(actor, "eventually <- <quit>");
        self.inner(actor, "is closed");
    }

    fn inner(&mut self, actor: usize, phrase: &str) {
        let _ = writeln!(self.steps, "  {} {phrase}", NAMES[actor]);
    }
}
