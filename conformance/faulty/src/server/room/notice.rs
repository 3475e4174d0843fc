//! Notices: who joins and who leaves. (Chapters 5 and 7)

use super::departure::Departure;
use super::output::ConnId;
use super::state::{MOMENT, Room, encode};
use super::timers::Action;
use crate::server::fault::Fault;

impl Room {
    /// Announces a newcomer to the other members, once (JOIN-3).
    pub(super) fn announce_joined(&mut self, id: ConnId) {
        let Some(peer) = self.peers.get_mut(&id) else {
            return;
        };
        let Some(name) = peer.nickname.clone() else {
            return;
        };
        peer.announced = true;
        let line = format!("* joined {name}{}", self.further_words());
        match self.behaviour.fault {
            Some(Fault::NoJoined) => {}
            Some(Fault::SecondVisitIsSilent) if self.history.times_joined(&name) == 1 => {}
            Some(Fault::JoinedToOneOnly) => self.reply_to_first(id, &line),
            Some(Fault::NewcomersNotTold) => self.reply_to_settled(id, &line),
            Some(Fault::JoinedTwice) => {
                self.notify(id, &line);
                self.notify(id, &line);
            }
            Some(Fault::NamingHearsJoins) => self.notify_all(id, &line),
            _ => self.notify(id, &line),
        }
    }

    /// Announces to the other members that a member has left, once (LEAVE-1).
    pub(super) fn announce_left(&mut self, id: ConnId, name: &str, departure: Departure) {
        let line = format!("* left {name}{}", self.further_words());
        match (self.behaviour.fault, departure) {
            (Some(Fault::NoLeft), _) => {}
            (Some(Fault::NoLeftInMidLine), _) if self.history.mid_line => {}
            (Some(Fault::NoLeftAfterAReset), Departure::Reset) => {}
            (Some(Fault::NoLeftAfterAClose), Departure::HalfClosed) => {}
            (Some(Fault::DropsInSilence), Departure::NotReading) => {}
            (Some(Fault::SecondVisitEndsInSilence), _) if self.history.times_joined(name) == 2 => {}
            (Some(Fault::OnlyTheFirstReset), Departure::Reset)
                if std::mem::replace(&mut self.history.reset_announced, true) => {}
            (Some(Fault::LeftTwiceAfterAReset), Departure::Reset) => {
                self.notify(id, &line);
                self.notify(id, &line);
            }
            (Some(Fault::LeftToOneOnly), _) => self.reply_to_first(id, &line),
            (Some(Fault::LeftAfterTheEnd), _) => {
                self.later(MOMENT * 3, Action::SendToOthers(id, encode(&line)));
            }
            (Some(Fault::NewcomersMissTheLeft), _) => self.reply_to_settled(id, &line),
            (Some(Fault::NamingHearsLeft), _) => self.notify_all(id, &line),
            _ => self.notify(id, &line),
        }
    }

    /// Announces nothing when a naming connection leaves (NAME-3), unless a fault does.
    pub(super) fn announce_nameless(
        &mut self,
        id: ConnId,
        departure: Departure,
        refused_line: Option<&str>,
    ) {
        match (self.behaviour.fault, departure, refused_line) {
            (Some(Fault::NamelessLeaves), Departure::HalfClosed, _)
            | (Some(Fault::NamelessLeavesAfterAReset), Departure::Reset, _)
            | (Some(Fault::NamelessQuits), Departure::Quit, _) => self.notify(id, "* left nobody"),
            (Some(Fault::RefusedLeaves), _, Some(name)) => {
                self.notify(id, &format!("* left {name}"))
            }
            _ => {}
        }
    }

    fn reply_to_first(&mut self, by: ConnId, line: &str) {
        if let Some(first) = self.others(by).first() {
            self.reply(*first, line);
        }
    }

    /// Tells only the members that did not join a moment ago.
    fn reply_to_settled(&mut self, by: ConnId, line: &str) {
        let mut settled = self.others(by);
        settled.retain(|id| self.peers.get(id).is_some_and(|peer| !peer.fresh));
        settled.into_iter().for_each(|to| self.reply(to, line));
    }

    /// Tells naming connections, too.
    fn notify_all(&mut self, by: ConnId, line: &str) {
        self.naming()
            .into_iter()
            .for_each(|to| self.reply(to, line));
        self.notify(by, line);
    }
}
