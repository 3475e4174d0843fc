//! How connections end. (Chapters 7 and 10)

use std::time::Duration;

use super::super::Fault;
use super::super::decoder::Line;
use super::{Id, Late, MOMENT, Output, Room, Why};

/// How long a nickname is kept by a server that frees it too late.
const KEPT: Duration = Duration::from_millis(300);

impl Room {
    /// A client has asked to leave.
    pub(super) fn quit(&mut self, id: Id, line: &Line) {
        let together = self.people.get(&id).map_or(0, |person| person.together);
        if self.ways.has(Fault::QuitOnlyAlone) && together > 1 {
            return self.says(id, "<quit>", line);
        }
        if self.ways.has(Fault::QuitNeedsLf) && line.crlf {
            return match self
                .people
                .get(&id)
                .and_then(|person| person.nickname.as_ref())
            {
                Some(_) => self.says(id, "<quit>", line),
                None => self.refuse(id, super::Code::NicknameInvalid, line),
            };
        }
        self.leave(id, Why::Quit);
    }

    /// The connection has ended by itself.
    pub(super) fn gone(&mut self, id: Id, why: Why, mid_line: bool) {
        let Some(person) = self.people.get(&id) else {
            return;
        };
        let naming = person.nickname.is_none();
        if why == Why::Reset {
            self.after_a_reset(id);
        }
        self.traces.mid_line = mid_line;
        match (self.ways.fault, why) {
            (Some(Fault::HalfCloseIgnored), Why::HalfClosed) if !naming => return,
            (Some(Fault::HalfCloseForgetsDebts), Why::HalfClosed) => {
                self.outputs.push(Output::Forget(id))
            }
            (Some(Fault::HalfClosedStays), Why::HalfClosed) if !naming => {
                return self.outputs.push(Output::Goodbye { to: id, naming });
            }
            _ => {}
        }
        self.leave(id, why);
    }

    fn after_a_reset(&mut self, id: Id) {
        self.traces.reset = true;
        match self.ways.fault {
            Some(Fault::CrashesAtAReset) => self.outputs.push(Output::Crash),
            Some(Fault::DeafAfterAReset) => self.outputs.push(Output::Deaf),
            Some(Fault::CutsTheNextAfterAReset) => {
                let last = self
                    .members
                    .iter()
                    .copied()
                    .filter(|other| *other != id)
                    .max();
                last.into_iter()
                    .for_each(|last| self.leave(last, Why::Quit));
            }
            _ => {}
        }
    }

    /// Frees nickname and seat, tells the others, and then ends the connection, in this order.
    pub(super) fn leave(&mut self, id: Id, why: Why) {
        let Some(person) = self.people.remove(&id) else {
            return;
        };
        let was_member = self.members.contains(&id);
        self.members.retain(|member| *member != id);
        match (&person.nickname, was_member) {
            (Some(name), true) => {
                self.traces.gone += 1;
                self.traces.last_leaver = Some(name.clone());
                self.keep(name, why);
                self.tell_who_left(id, name, why);
            }
            _ => self.tell_of_the_nameless(id, why, person.wanted.as_deref()),
        }
        self.close(id, why, person.nickname.is_none());
    }

    /// Faults that keep what a member had.
    fn keep(&mut self, name: &str, why: Why) {
        let for_a_while = match self.ways.fault {
            Some(Fault::NameKeptAfterQuit) => why == Why::Quit,
            Some(Fault::NameKeptAfterAHalfClose) => why == Why::HalfClosed,
            Some(Fault::NameKeptAfterAReset) => why == Why::Reset,
            _ => false,
        };
        if for_a_while || self.ways.has(Fault::NameNeverFree) {
            self.traces.kept.push(name.to_owned());
        }
        if for_a_while {
            self.outputs
                .push(Output::Later(KEPT, Late::Free(name.to_owned())));
        }
        if self.ways.has(Fault::SeatKeptAfterAReset) && why == Why::Reset {
            self.traces.lost_seats += 1;
        }
    }

    fn tell_who_left(&mut self, id: Id, name: &str, why: Why) {
        let line = format!("* left {name}{}", self.further());
        match (self.ways.fault, why) {
            (Some(Fault::NoLeft), _) => {}
            (Some(Fault::NoLeftInMidLine), _) if self.traces.mid_line => {}
            (Some(Fault::NoLeftAfterAReset), Why::Reset) => {}
            (Some(Fault::NoLeftAfterAClose), Why::HalfClosed) => {}
            (Some(Fault::DropsInSilence), Why::Dropped) => {}
            (Some(Fault::SecondVisitEndsInSilence), _) if self.traces.visits_of(name) == 2 => {}
            (Some(Fault::OnlyTheFirstReset), Why::Reset)
                if std::mem::replace(&mut self.traces.announced, true) => {}
            (Some(Fault::LeftTwiceAfterAReset), Why::Reset) => {
                self.event(id, &line);
                self.event(id, &line);
            }
            (Some(Fault::LeftToOneOnly), _) => {
                let first = self.others(id).next();
                first.into_iter().for_each(|first| self.reply(first, &line));
            }
            (Some(Fault::LeftAfterTheEnd), _) => {
                let line = format!("{line}\n").into_bytes().into();
                self.outputs
                    .push(Output::Later(MOMENT * 3, Late::SendToMembers(id, line)));
            }
            (Some(Fault::NewcomersMissTheLeft), _) => {
                let settled = |other: &Id| self.people.get(other).is_some_and(|other| !other.fresh);
                let told: Vec<_> = self.others(id).filter(settled).collect();
                told.into_iter().for_each(|other| self.reply(other, &line));
            }
            (Some(Fault::NamingHearsLeft), _) => {
                self.nameless()
                    .into_iter()
                    .for_each(|other| self.reply(other, &line));
                self.event(id, &line);
            }
            _ => self.event(id, &line),
        }
    }

    /// Nothing is told, but for faults.
    fn tell_of_the_nameless(&mut self, id: Id, why: Why, wanted: Option<&str>) {
        match (self.ways.fault, wanted) {
            (Some(Fault::NamelessLeaves), _) if why == Why::HalfClosed => {
                self.event(id, "* left nobody")
            }
            (Some(Fault::NamelessLeavesAfterAReset), _) if why == Why::Reset => {
                self.event(id, "* left nobody")
            }
            (Some(Fault::NamelessQuits), _) if why == Why::Quit => self.event(id, "* left nobody"),
            (Some(Fault::RefusedLeaves), Some(wanted)) => {
                self.event(id, &format!("* left {wanted}"))
            }
            _ => {}
        }
    }

    /// The end of the connection, with a goodbye where one is due.
    fn close(&mut self, id: Id, why: Why, naming: bool) {
        let silent = match self.ways.fault {
            Some(Fault::NoGoodbye) => true,
            Some(Fault::NoGoodbyeAfterAHalfClose) => why == Why::HalfClosed && !naming,
            Some(Fault::NoGoodbyeToTheNameless) => why == Why::HalfClosed && naming,
            Some(Fault::FullWithoutGoodbye) => {
                naming && why == Why::Quit && self.members.len() >= self.capacity
            }
            _ => false,
        };
        self.outputs.push(match why {
            Why::Reset => Output::Cut(id),
            Why::Dropped
                if self
                    .ways
                    .has_any(&[Fault::GapInTheMiddle, Fault::OldestLost]) =>
            {
                Output::End(id)
            }
            Why::Dropped => Output::Cut(id),
            Why::Quit | Why::HalfClosed if silent => Output::End(id),
            Why::Quit | Why::HalfClosed => Output::Goodbye { to: id, naming },
        });
    }

    /// A naming connection is ended by the server.
    pub(super) fn end(&mut self, id: Id) {
        self.people.remove(&id);
        self.outputs.push(Output::Goodbye {
            to: id,
            naming: true,
        });
    }

    /// The shutdown: one event, and a goodbye to everybody.
    pub(super) fn interrupted(&mut self) {
        match self.ways.fault {
            Some(Fault::LeftAtTheEnd) => {
                return self
                    .people
                    .keys()
                    .copied()
                    .collect::<Vec<_>>()
                    .into_iter()
                    .for_each(|id| self.leave(id, Why::Quit));
            }
            Some(Fault::LeftAtTheEndFromTheThird) => {
                if let Some(third) = self.members.get(2).copied() {
                    self.leave(third, Why::Quit);
                }
            }
            Some(Fault::MessageAtTheEnd) => self.event(0, "salotto: arrivederci"),
            _ => {}
        }
        for (id, person) in std::mem::take(&mut self.people) {
            let naming = person.nickname.is_none();
            let silent = self.ways.has(Fault::StopsInSilence)
                || (self.ways.has(Fault::StopsWithoutTheNameless) && naming);
            self.outputs.push(if silent {
                Output::End(id)
            } else {
                Output::Goodbye { to: id, naming }
            });
        }
        self.members.clear();
    }
}
