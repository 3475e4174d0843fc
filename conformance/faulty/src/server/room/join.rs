//! From a nickname to a member. (Chapters 3, 5 and 10)

use super::super::decoder::Line;
use super::super::judge::Code;
use super::super::nickname;
use super::super::{Fault, Habit};
use super::{Id, Late, MOMENT, Output, Room};

impl Room {
    /// A naming connection asks for a nickname that keeps the rules.
    pub(super) fn wants(&mut self, id: Id, name: &str, line: &Line) {
        let mut name = nickname::shown(self.ways, name);
        if self.ways.has(Fault::NicknameOnlyByCommand) {
            match name.strip_prefix("NICK-") {
                Some(rest) => name = rest.to_owned(),
                None => return,
            }
        }
        if let Some(code) = self.why_not(&name) {
            if self.ways.has(Fault::TakenByTheRefused) {
                self.traces.kept.push(name);
            }
            if code == Code::RoomFull && self.ways.has(Fault::FullIsSilent) {
                return self.end(id);
            }
            return self.refuse(id, code, line);
        }
        if self.ways.has(Fault::FirstSpelling)
            && let Some(first) = self
                .traces
                .visits
                .iter()
                .find(|first| first.eq_ignore_ascii_case(&name))
        {
            name.clone_from(first);
        }
        let takes_time = self
            .ways
            .has_any(&[Fault::ListFromBefore, Fault::WelcomeOvertaken]);
        if takes_time {
            if self.ways.has(Fault::ListFromBefore) {
                self.people.entry(id).or_default().joining = true;
            }
            let list = self.list(id);
            self.outputs
                .push(Output::Later(MOMENT, Late::Join(id, name, list)));
        } else {
            self.join(id, &name, None);
        }
    }

    /// Why a nickname cannot be had now.
    fn why_not(&self, name: &str) -> Option<Code> {
        let taken = self
            .nicknames()
            .any(|other| nickname::are_equal(self.ways, other, name))
            || self
                .traces
                .kept
                .iter()
                .any(|kept| kept.eq_ignore_ascii_case(name));
        let nameless = if self.ways.has(Fault::NamelessTakeSeats) {
            self.nameless().len() - 1
        } else {
            0
        };
        let full = self.members.len() + self.traces.lost_seats + nameless >= self.capacity;
        match (taken, full) {
            (true, true) if self.ways.keeps(Habit::TakenBeforeFull) => Some(Code::NicknameTaken),
            (_, true) => Some(Code::RoomFull),
            (true, false) => Some(Code::NicknameTaken),
            (false, false) => None,
        }
    }

    /// Welcome, list, announcement. `list` is given when it was made before.
    pub(super) fn join(&mut self, id: Id, name: &str, list: Option<Vec<String>>) {
        let list = list.unwrap_or_else(|| self.list(id));
        let Some(person) = self.people.get_mut(&id) else {
            return;
        };
        person.nickname = Some(name.to_owned());
        person.joining = false;
        person.refusals = 0;
        if self
            .ways
            .has_any(&[Fault::NewcomersNotTold, Fault::NewcomersMissTheLeft])
        {
            person.fresh = true;
            self.outputs.push(Output::Later(MOMENT, Late::Settled(id)));
        }
        self.welcome(id, name, &list);
        self.members.push(id);
        if self.ways.has(Fault::OwnJoined) {
            self.reply(id, &format!("* joined {name}"));
        }
        if self.ways.has(Fault::History)
            && let Some(message) = self.traces.last_message.clone()
        {
            self.reply(id, &message);
        }
        if !self.ways.has_any(&[
            Fault::JoinedAfterTheFirstWord,
            Fault::JoinedWithTheFirstWord,
        ]) {
            self.announce(id);
        }
        self.traces.visits.push(name.to_owned());
    }

    fn welcome(&mut self, id: Id, name: &str, list: &[String]) {
        let (count, further) = (self.count(list), self.further());
        let shown = if self.ways.has(Fault::WelcomesInLowerCase) {
            name.to_lowercase()
        } else {
            name.to_owned()
        };
        let welcome = match self.ways.fault {
            Some(Fault::NoCount) => format!("* welcome {shown}"),
            _ => format!("* welcome {shown} {count}{further}"),
        };
        let mut here: Vec<_> = list
            .iter()
            .map(|other| format!("* here {other}{further}"))
            .collect();
        match self.ways.fault {
            Some(Fault::ListsItself) => here.push(format!("* here {name}")),
            Some(Fault::ListsTheGone) => here.extend(
                self.traces
                    .last_leaver
                    .iter()
                    .map(|gone| format!("* here {gone}")),
            ),
            Some(Fault::ListOfOne) => here.truncate(1),
            Some(Fault::ListOnOneLine) if list.len() > 1 => {
                here = vec![format!("* here {}", list.join(" "))]
            }
            _ => {}
        }
        match self.ways.fault {
            Some(Fault::ListLate) if !here.is_empty() => {
                self.reply(id, &welcome);
                let lines = format!("{}\n", here.join("\n"));
                return self.outputs.push(Output::Later(
                    MOMENT,
                    Late::Send(id, lines.into_bytes().into()),
                ));
            }
            Some(Fault::ListFirst) => {
                here.iter().for_each(|line| self.reply(id, line));
                return self.reply(id, &welcome);
            }
            _ => {}
        }
        self.reply(id, &welcome);
        here.iter().for_each(|line| self.reply(id, line));
        match self.ways.fault {
            Some(Fault::MessageOfTheDay) => self.reply(id, "* motd benvenuti nel salotto"),
            Some(Fault::Topic) if !list.is_empty() => self.reply(id, "<topic di tutto un po'>"),
            _ => {}
        }
    }

    fn count(&self, list: &[String]) -> usize {
        match self.ways.fault {
            Some(Fault::CountsItself) => list.len() + 1,
            Some(Fault::CountsTheNameless) => self.people.len() - 1,
            Some(Fault::CountsTheGone) => list.len() + self.traces.gone,
            Some(Fault::CountsToOne) => list.len().min(1),
            _ => list.len(),
        }
    }

    /// Tells the others of a newcomer, once.
    pub(super) fn announce(&mut self, id: Id) {
        let Some(person) = self.people.get_mut(&id) else {
            return;
        };
        let Some(name) = person.nickname.clone() else {
            return;
        };
        person.announced = true;
        let line = format!("* joined {name}{}", self.further());
        match self.ways.fault {
            Some(Fault::NoJoined) => {}
            Some(Fault::SecondVisitIsSilent) if self.traces.visits_of(&name) == 1 => {}
            Some(Fault::JoinedToOneOnly) => {
                let first = self.others(id).next();
                first.into_iter().for_each(|first| self.reply(first, &line));
            }
            Some(Fault::NewcomersNotTold) => {
                let settled = |other: &Id| self.people.get(other).is_some_and(|other| !other.fresh);
                let told: Vec<_> = self.others(id).filter(settled).collect();
                told.into_iter().for_each(|other| self.reply(other, &line));
            }
            Some(Fault::JoinedTwice) => {
                self.event(id, &line);
                self.event(id, &line);
            }
            Some(Fault::NamingHearsJoins) => {
                self.nameless()
                    .into_iter()
                    .for_each(|other| self.reply(other, &line));
                self.event(id, &line);
            }
            _ => self.event(id, &line),
        }
    }

    /// The nicknames of the other members.
    fn list(&self, id: Id) -> Vec<String> {
        let mut list: Vec<_> = self.nicknames().map(str::to_owned).collect();
        if self.ways.keeps(Habit::ListsInOddOrder) {
            list.sort_by_key(|name| name.bytes().rev().collect::<Vec<_>>());
            let length = list.len().max(1);
            list.rotate_left(id as usize % length);
        }
        list
    }

    fn nicknames(&self) -> impl Iterator<Item = &str> {
        self.members
            .iter()
            .filter_map(|id| self.people.get(id)?.nickname.as_deref())
    }
}
