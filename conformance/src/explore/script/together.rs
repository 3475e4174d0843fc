//! Several actors at the same time, where the order of their events is not determined.

use std::fmt::Write;
use std::ops::ControlFlow::{self, Break, Continue};

use super::super::nicknames;
use super::super::notation::after_arrow;
use super::super::program::{Act, NAMES, Turn, Way};
use super::super::room::{Effect, Place};
use super::Script;
use super::written;

impl Script {
    /// A block `together`, and the step that compares what everybody received.
    ///
    /// Turns whose outcome depends on those of other actors are left out: two that ask for one nickname, and somebody who may
    /// find the room full.
    pub(super) fn together(&mut self, branches: &[Vec<Turn>]) {
        self.settle();
        let mut seats = self.room.free_seats();
        let before = self.steps.len();
        self.steps.push_str("together\n");
        let start = self.steps.len();
        let mut claimed: Vec<(usize, String)> = (0..NAMES.len())
            .filter_map(|actor| match self.room.place(actor) {
                Place::Member(nickname) => Some((actor, nickname.clone())),
                _ => None,
            })
            .collect();
        let acting = |actor: usize| branches.iter().flatten().any(|turn| turn.actor == actor);
        let mut watchers = (0..NAMES.len()).filter(|actor| self.room.is_member(*actor));
        let watcher = watchers.find(|actor| !acting(*actor));
        let mut resets = Vec::new();
        let mut acted = Vec::new();
        for branch in branches {
            let Some(actor) = branch.first().map(|turn| turn.actor) else {
                continue;
            };
            if acted.contains(&actor) {
                continue;
            }
            acted.push(actor);
            let mut can_reset = watcher.is_some();
            for turn in branch.iter().filter(|turn| turn.actor == actor) {
                if let Act::Enters(nickname) = &turn.act {
                    let is_own = |(owner, _): &&(usize, String)| *owner != actor;
                    let others = claimed.iter().filter(is_own);
                    let is_taken = others
                        .into_iter()
                        .any(|(_, name)| name.eq_ignore_ascii_case(nickname));
                    let is_away = *self.room.place(actor) == Place::Away;
                    if is_taken
                        || !is_away
                        || seats == 0
                        || !nicknames::is_known(nickname)
                        || !nicknames::is_valid(nickname)
                    {
                        continue;
                    }
                    seats -= 1;
                    claimed.push((actor, nickname.clone()));
                }
                if let Break(nickname) = self.turn(turn, &mut can_reset) {
                    resets.push(nickname);
                    break;
                }
            }
            if self.room.is_mid_line(actor) {
                self.concurrent_send(actor, b"\n");
            }
        }
        if self.steps.len() == start {
            self.steps.truncate(before);
        } else {
            // A server may take its time to notice a reset.
            for (watcher, nickname) in resets
                .iter()
                .filter_map(|nickname| Some((watcher?, nickname)))
            {
                self.step(
                    watcher,
                    &format!("eventually <- * left {}", after_arrow(nickname)),
                );
            }
            self.steps.push_str("everyone agrees\n");
        }
    }

    /// One turn of a branch. Breaks with the nickname of a member that resets: nothing may follow in its branch, since it does
    /// not learn when the server has noticed.
    fn turn(&mut self, turn: &Turn, can_reset: &mut bool) -> ControlFlow<String> {
        let actor = turn.actor;
        let is_member = self.room.is_member(actor);
        match &turn.act {
            Act::Enters(nickname) => {
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
