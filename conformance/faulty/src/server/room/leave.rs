//! How connections end. (Chapters 7 and 10)

use std::time::Duration;

use super::departure::Departure;
use super::output::{ConnId, Output};
use super::state::Room;
use super::timers::Action;
use crate::server::fault::Fault;

/// How long a nickname stays blocked if it is freed too late.
const BLOCKED: Duration = Duration::from_millis(300);

impl Room {
    /// The connection has ended, or has to end.
    pub(super) fn end(&mut self, id: ConnId, departure: Departure, mid_line: bool) {
        if !self.peers.contains_key(&id) {
            return;
        }
        let naming = self.is_naming(id);
        if departure == Departure::Reset {
            self.react_to_reset(id);
        }
        self.history.mid_line = mid_line;
        match (self.behaviour.fault, departure) {
            (Some(Fault::HalfCloseIgnored), Departure::HalfClosed) if !naming => return,
            (Some(Fault::HalfCloseForgetsDebts), Departure::HalfClosed) => {
                self.output(Output::Discard(id))
            }
            (Some(Fault::HalfClosedStays), Departure::HalfClosed) if !naming => {
                return self.output(Output::Goodbye { to: id, naming });
            }
            _ => {}
        }
        self.leave_room(id, departure);
    }

    /// A reset concerns nobody else (CONN-1), unless a fault makes it so.
    fn react_to_reset(&mut self, id: ConnId) {
        self.history.reset = true;
        match self.behaviour.fault {
            Some(Fault::CrashesAtAReset) => self.output(Output::Crash),
            Some(Fault::DeafAfterAReset) => self.output(Output::StopAccepting),
            Some(Fault::CutsTheNextAfterAReset) => {
                if let Some(newest) = self.others(id).into_iter().max() {
                    self.leave_room(newest, Departure::Quit);
                }
            }
            _ => {}
        }
    }

    /// Frees nickname and seat, tells the others, and ends the connection, in this order (LEAVE-6).
    pub(super) fn leave_room(&mut self, id: ConnId, departure: Departure) {
        let Some(peer) = self.peers.remove(&id) else {
            return;
        };
        let was_member = self.members.contains(&id);
        self.members.retain(|member| *member != id);
        match &peer.nickname {
            Some(name) if was_member => {
                self.remember(name, departure);
                self.keep_nickname_or_seat(name, departure);
                self.announce_left(id, name, departure);
            }
            _ => {
                self.keep_place(departure);
                self.announce_nameless(id, departure, peer.refused_line.as_deref());
            }
        }
        self.close(id, departure, peer.nickname.is_none());
    }

    /// A connection that has left is no longer counted among the naming ones (NAME-5), unless a fault counts it for ever.
    fn keep_place(&mut self, departure: Departure) {
        let is_kept = match self.behaviour.fault {
            Some(Fault::ResetsCountAsNameless) => departure == Departure::Reset,
            Some(Fault::QuittersCountAsNameless) => departure == Departure::Quit,
            Some(Fault::HalfClosedCountAsNameless) => departure == Departure::HalfClosed,
            _ => false,
        };
        self.history.lost_places += usize::from(is_kept);
    }

    fn keep_nickname_or_seat(&mut self, name: &str, departure: Departure) {
        let for_a_while = match self.behaviour.fault {
            Some(Fault::NameKeptAfterQuit) => departure == Departure::Quit,
            Some(Fault::NameKeptAfterAHalfClose) => departure == Departure::HalfClosed,
            Some(Fault::NameKeptAfterAReset) => departure == Departure::Reset,
            _ => false,
        };
        let for_ever = match self.behaviour.fault {
            Some(Fault::NameNeverFree) => true,
            Some(Fault::NameKeptAfterADrop) => departure == Departure::NotReading,
            Some(Fault::NameKeptAfterTheThirdVisit) => self.history.times_joined(name) == 3,
            _ => false,
        };
        if for_a_while || for_ever {
            self.history.blocked.push(name.to_owned());
        }
        if for_a_while {
            self.later(BLOCKED, Action::FreeNickname(name.to_owned()));
        }
        let seat_is_lost = match self.behaviour.fault {
            Some(Fault::SeatKeptAfterAReset) => departure == Departure::Reset,
            Some(Fault::SeatKeptAfterADrop) => departure == Departure::NotReading,
            Some(Fault::SeatKeptAfterAHalfClose) => departure == Departure::HalfClosed,
            _ => false,
        };
        self.history.lost_seats += usize::from(seat_is_lost);
    }

    /// Notes how a member has left.
    fn remember(&mut self, name: &str, departure: Departure) {
        self.history.left += 1;
        self.history.last_left = Some(name.to_owned());
        match departure {
            Departure::Reset => {
                self.history.resets += 1;
                let fault = Fault::ResetMembersCountAsNameless;
                self.history.lost_places += usize::from(self.behaviour.has(fault));
            }
            Departure::NotReading => self.history.dropped.push(name.to_owned()),
            _ => {}
        }
    }

    /// Ends the connection, with a goodbye where one is due (LEAVE-3).
    fn close(&mut self, id: ConnId, departure: Departure, naming: bool) {
        let half_closed = departure == Departure::HalfClosed;
        let silent = match self.behaviour.fault {
            Some(Fault::NoGoodbye) => true,
            Some(Fault::NoGoodbyeAfterAHalfClose) => half_closed && !naming,
            Some(Fault::NoGoodbyeToTheNameless) => half_closed && naming,
            Some(Fault::FullWithoutGoodbye) => {
                naming && !half_closed && self.members.len() >= self.capacity
            }
            _ => false,
        };
        let sends_the_rest = [Fault::GapInTheMiddle, Fault::OldestLost];
        self.output(match departure {
            Departure::NotReading if self.behaviour.has_any(&sends_the_rest) => Output::Close(id),
            Departure::Reset | Departure::NotReading => Output::Drop(id),
            Departure::Quit | Departure::HalfClosed if silent => Output::Close(id),
            Departure::Quit | Departure::HalfClosed => Output::Goodbye { to: id, naming },
        });
    }

    /// Closes a naming connection for a reason of the server's own.
    pub(super) fn close_naming(&mut self, id: ConnId) {
        self.peers.remove(&id);
        let (to, naming) = (id, true);
        self.output(Output::Goodbye { to, naming });
    }

    /// The naming timeout of a connection has expired (NAME-6).
    pub(super) fn expire(&mut self, id: ConnId) {
        let Some(peer) = self.peers.get(&id) else {
            return;
        };
        let naming = peer.nickname.is_none();
        let leaves = match self.behaviour.fault {
            Some(Fault::NamingForEver) => false,
            Some(Fault::NamingTimeoutStops) => naming && peer.refusals == 0,
            Some(Fault::NamingTimeoutWithoutGoodbye) if naming => {
                self.peers.remove(&id);
                return self.output(Output::Close(id));
            }
            Some(Fault::TimeoutHitsMembers) => true,
            Some(Fault::TimeoutHitsSecondTries) => naming || peer.second_try,
            Some(Fault::TimeoutHitsSilentMembers) => naming || peer.messages == 0,
            _ => naming,
        };
        if leaves {
            self.leave_room(id, Departure::Quit);
        }
    }

    /// The shutdown is one event: a goodbye to everybody, and nothing else (STOP-1, STOP-2).
    pub(super) fn close_all(&mut self) {
        match self.behaviour.fault {
            Some(Fault::LeftAtTheEnd) => {
                let everybody: Vec<_> = self.peers.keys().copied().collect();
                for id in everybody {
                    self.leave_room(id, Departure::Quit);
                }
            }
            Some(Fault::LeftAtTheEndFromTheThird) => {
                if let Some(third) = self.members.get(2).copied() {
                    self.leave_room(third, Departure::Quit);
                }
            }
            Some(Fault::MessageAtTheEnd) => self.notify(0, "salotto: arrivederci"),
            _ => {}
        }
        for (id, peer) in std::mem::take(&mut self.peers) {
            let naming = peer.nickname.is_none();
            if self.behaviour.has(Fault::StopsForgetDebts) {
                self.output(Output::Discard(id));
            }
            let silent = self.behaviour.has(Fault::StopsInSilence)
                || (self.behaviour.has(Fault::StopsWithoutTheNameless) && naming);
            self.output(if silent {
                Output::Close(id)
            } else {
                Output::Goodbye { to: id, naming }
            });
        }
        self.members.clear();
    }
}
