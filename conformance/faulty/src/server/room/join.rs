//! From a nickname to a member. (Chapters 3, 5 and 10)

use std::time::Duration;

use super::output::ConnId;
use super::state::{MOMENT, Room, encode};
use super::timers::Action;
use crate::server::decoder::Line;
use crate::server::error_code::ErrorCode;
use crate::server::fault::Fault;
use crate::server::habit::Habit;
use crate::server::nickname;

impl Room {
    /// A naming connection asks for a valid nickname.
    pub(super) fn ask_nickname(&mut self, id: ConnId, name: &str, line: &Line) {
        let mut name = nickname::shown(name, self.behaviour);
        if self.behaviour.has(Fault::NicknameOnlyByCommand) {
            match name.strip_prefix("NICK-") {
                Some(rest) => name = rest.to_owned(),
                None => return,
            }
        }
        if let Some(code) = self.why_unavailable(&name) {
            if self.behaviour.has(Fault::TakenByTheRefused) {
                self.history.blocked.push(name);
            }
            if code == ErrorCode::RoomFull && self.behaviour.has(Fault::FullIsSilent) {
                return self.close_naming(id);
            }
            return self.refuse(id, code, line);
        }
        let mut earlier = self.history.joined.iter();
        if self.behaviour.has(Fault::FirstSpelling)
            && let Some(first) = earlier.find(|first| first.eq_ignore_ascii_case(&name))
        {
            name.clone_from(first);
        }
        let list = self.list(id);
        match self.behaviour.fault {
            Some(Fault::ListFromBefore | Fault::WelcomeOvertaken) => {
                if let Some(peer) = self.peers.get_mut(&id) {
                    peer.joining = self.behaviour.has(Fault::ListFromBefore);
                }
                self.later(MOMENT, Action::Join(id, name, list));
            }
            Some(Fault::CheckedTooEarly | Fault::SeatCheckedTooEarly) => {
                self.later(Duration::from_millis(3), Action::Enter(id, name));
            }
            _ => self.join(id, &name, &list),
        }
    }

    /// Why a valid nickname cannot be had now.
    fn why_unavailable(&self, name: &str) -> Option<ErrorCode> {
        let mut blocked = self.history.blocked.iter();
        let taken = self
            .nicknames()
            .any(|other| nickname::are_equal(other, name, self.behaviour))
            || blocked.any(|blocked| blocked.eq_ignore_ascii_case(name));
        let mut seats_taken = self.members.len() + self.history.lost_seats;
        if self.behaviour.has(Fault::NamelessTakeSeats) {
            seats_taken += self.naming().len() - 1;
        }
        match (taken, seats_taken >= self.capacity) {
            (true, true) if self.behaviour.keeps(Habit::TakenBeforeFull) => {
                Some(ErrorCode::NicknameTaken)
            }
            (_, true) => Some(ErrorCode::RoomFull),
            (true, false) => Some(ErrorCode::NicknameTaken),
            (false, false) => None,
        }
    }

    /// Makes a member of a connection: welcome, list, announcement.
    pub(super) fn join(&mut self, id: ConnId, name: &str, list: &[String]) {
        let Some(peer) = self.peers.get_mut(&id) else {
            return;
        };
        peer.nickname = Some(name.to_owned());
        peer.joining = false;
        peer.second_try = peer.refusals > 0;
        peer.refusals = 0;
        let fault = self.behaviour.fault;
        if let Some(Fault::NewcomersNotTold | Fault::NewcomersMissTheLeft) = fault {
            peer.fresh = true;
            self.later(MOMENT, Action::Settle(id));
        }
        self.welcome(id, name, list);
        self.members.push(id);
        match fault {
            Some(Fault::HeartbeatsWhileIdle) => self.later(MOMENT, Action::Beat(id)),
            Some(Fault::IdleNotice) => self.later(Duration::from_secs(4), Action::Idle(id)),
            _ => {}
        }
        match (fault, self.history.last_message.clone()) {
            (Some(Fault::OwnJoined), _) => self.reply(id, &format!("* joined {name}")),
            (Some(Fault::History), Some(message)) => self.reply(id, &message),
            _ => {}
        }
        let announced_later = [
            Fault::JoinedAfterTheFirstWord,
            Fault::JoinedWithTheFirstWord,
        ];
        if !self.behaviour.has_any(&announced_later) {
            self.announce_joined(id);
        }
        self.history.joined.push(name.to_owned());
    }

    /// Sends a newcomer the welcome and the list (JOIN-1, JOIN-2).
    fn welcome(&mut self, id: ConnId, name: &str, list: &[String]) {
        let (count, further) = (self.count(list), self.further_words());
        let welcome = match self.behaviour.fault {
            Some(Fault::NoCount) => format!("* welcome {name}"),
            Some(Fault::WelcomesInLowerCase) => {
                format!("* welcome {} {count}{further}", name.to_lowercase())
            }
            _ => format!("* welcome {name} {count}{further}"),
        };
        let here = |name: &String| format!("* here {name}{further}");
        let mut lines: Vec<_> = list.iter().map(here).collect();
        match self.behaviour.fault {
            Some(Fault::ListsItself) => lines.push(format!("* here {name}")),
            Some(Fault::ListsTheGone) => lines.extend(self.history.last_left.iter().map(here)),
            Some(Fault::ListsTheDropped) => lines.extend(self.history.dropped.iter().map(here)),
            Some(Fault::ListOfOne) => lines.truncate(1),
            Some(Fault::ListOfAKib) => cut(&mut lines, 1024),
            Some(Fault::ListOfFourKib) => cut(&mut lines, 4096),
            Some(Fault::ListOnOneLine) if list.len() > 1 => {
                lines = vec![format!("* here {}", list.join(" "))]
            }
            Some(Fault::MessageOfTheDay) => lines.push("* motd benvenuti nel salotto".to_owned()),
            Some(Fault::Topic) if !list.is_empty() => {
                lines.push("<topic di tutto un po'>".to_owned())
            }
            _ => {}
        }
        if self.behaviour.has(Fault::ListLate) && !lines.is_empty() {
            self.later(MOMENT, Action::Send(id, encode(&lines.join("\n"))));
            lines.clear();
        }
        let at = match self.behaviour.fault {
            Some(Fault::ListFirst) => lines.len(),
            _ => 0,
        };
        lines.insert(at, welcome);
        if self.behaviour.keeps(Habit::BeatsAfterTheWelcome) {
            lines.insert(at + 1, String::new());
        }
        lines.iter().for_each(|line| self.reply(id, line));
    }

    fn count(&self, list: &[String]) -> usize {
        match self.behaviour.fault {
            Some(Fault::CountsItself) => list.len() + 1,
            Some(Fault::CountsTheNameless) => self.peers.len() - 1,
            Some(Fault::CountsTheGone) => list.len() + self.history.left,
            Some(Fault::CountsTheDropped) => list.len() + self.history.dropped.len(),
            Some(Fault::CountsResets) => list.len() + self.history.resets,
            Some(Fault::CountsToOne) => list.len().min(1),
            _ => list.len(),
        }
    }

    /// The nicknames of the members, for a newcomer.
    pub(super) fn list(&self, id: ConnId) -> Vec<String> {
        let mut list: Vec<_> = self.nicknames().map(str::to_owned).collect();
        if self.behaviour.keeps(Habit::ListsInOddOrder) {
            list.sort_by_key(|name| name.bytes().rev().collect::<Vec<_>>());
            let length = list.len().max(1);
            list.rotate_left(id as usize % length);
        }
        list
    }

    fn nicknames(&self) -> impl Iterator<Item = &str> {
        let members = self.members.iter();
        members.filter_map(|id| self.peers.get(id)?.nickname.as_deref())
    }
}

/// Cuts a list where it exceeds this number of bytes.
fn cut(lines: &mut Vec<String>, most: usize) {
    let mut length = 0;
    lines.retain(|line| {
        length += line.len() + 1;
        length <= most
    });
}
