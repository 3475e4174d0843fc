//! What a server says, and what it means here.

use super::entry::MAX_PRESENT;
use super::members::Change;
use super::raw::{self, Direction, RawLine};
use super::{End, EntryKind, Fault, Now, Refusal, Session, State, unread};
use salotto_protocol::{ErrorCode, LineDecoder, LineError, MAX_SERVER_LINE, ServerLine};

/// The list of those who are present, while it comes.
#[derive(Debug)]
pub(super) struct Here {
    /// How many the welcome announced, and have not come.
    missing: usize,
    came: usize,
    nicks: Vec<Box<str>>,
}

impl Session {
    /// Takes bytes of the server, however they are cut (CLIENT-5, CLIENT-6). Those behind a
    /// goodbye are nothing to anybody.
    pub(super) fn receive(&mut self, now: Now, mut bytes: &[u8]) {
        let fresh = LineDecoder::new(MAX_SERVER_LINE);
        let mut decoder = std::mem::replace(&mut self.decoder, fresh);
        while !self.goodbye
            && let Some(line) = decoder.next_line(&mut bytes)
        {
            match line {
                Ok(line) => self.line(now, line),
                Err(error) => self.refuse_line(now, error),
            }
            if !self.is_connected() {
                return;
            }
        }
        self.decoder = decoder;
    }

    fn line(&mut self, now: Now, text: &str) {
        let line = ServerLine::parse(text);
        let fault = self.obey(now, &line);
        self.raw.push(RawLine {
            at: now.wall,
            direction: Direction::Received,
            text: text.into(),
            requirement: raw::requirement(&line),
            fault,
        });
    }

    fn refuse_line(&mut self, now: Now, error: LineError) {
        let fault = Fault::Line(error);
        self.raw.push(RawLine {
            at: now.wall,
            direction: Direction::Received,
            text: "".into(),
            requirement: fault.requirement(),
            fault: Some(fault.clone()),
        });
        self.tell(now, EntryKind::Fault(fault));
    }

    /// Does what a line means. The transcript tells what the server said even where it cannot be
    /// true; the fault tells that.
    fn obey(&mut self, now: Now, line: &ServerLine<'_>) -> Option<Fault> {
        let here = matches!(line, ServerLine::Here(_) | ServerLine::Empty);
        let cut_short = (!here && self.announce_present(now)).then_some(Fault::HereMissing);
        let early = self.joined.is_none().then_some(Fault::Early);
        let fault = match *line {
            ServerLine::Welcome { nick, count } => self.welcome(now, nick, count),
            ServerLine::Here(nick) => early.or_else(|| self.here(now, nick)),
            ServerLine::Joined(nick) => {
                self.tell(now, EntryKind::Joined(nick.into()));
                early.or_else(|| self.arrived(nick))
            }
            ServerLine::Left(nick) => {
                self.tell(now, EntryKind::Left(nick.into()));
                early.or_else(|| self.gone(nick))
            }
            ServerLine::Message { nick, text } => {
                self.message(now, nick, text);
                early.or_else(|| self.stranger(nick))
            }
            ServerLine::Error { code, explanation } => {
                self.refused(now, code, explanation);
                None
            }
            ServerLine::Quit => {
                self.goodbye = true;
                let end = match self.joined {
                    Some(_) => End::Goodbye,
                    None => End::SentAway,
                };
                // Who leaves reads to the end of the connection.
                if !matches!(self.state, State::Leaving { .. }) {
                    self.lost(now, end);
                }
                None
            }
            ServerLine::Empty => None,
            // CLIENT-9: later versions have more of these.
            ServerLine::Unknown(text) if text.starts_with(['*', '<']) => None,
            ServerLine::Unknown(text) => {
                let fault = Fault::NotALine(text.into());
                self.tell(now, EntryKind::Fault(fault.clone()));
                Some(fault)
            }
        };
        cut_short.or(fault)
    }

    fn welcome(&mut self, now: Now, nick: &str, count: usize) -> Option<Fault> {
        if self.joined.is_some() {
            return Some(Fault::WelcomedTwice);
        }
        let fault = (nick != &*self.asked).then(|| Fault::WelcomedAs(nick.into()));
        self.asked = nick.into();
        self.joined = Some(now.instant);
        if !matches!(self.state, State::Leaving { .. }) {
            self.state = State::Joined;
        }
        let nick = nick.into();
        self.tell(
            now,
            EntryKind::Welcome {
                nick,
                others: count,
            },
        );
        self.here = (count > 0).then(|| Here {
            missing: count,
            came: 0,
            nicks: Vec::new(),
        });
        fault
    }

    fn here(&mut self, now: Now, nick: &str) -> Option<Fault> {
        let Some(here) = &mut self.here else {
            return self.arrived(nick).or(Some(Fault::HereTooLate));
        };
        here.came += 1;
        here.missing -= 1;
        if here.nicks.len() < MAX_PRESENT {
            here.nicks.push(nick.into());
        }
        let last = here.missing == 0;
        if last {
            self.announce_present(now);
        }
        self.arrived(nick)
    }

    /// Tells who is present, as far as they have been named. Tells whether some are missing.
    pub(super) fn announce_present(&mut self, now: Now) -> bool {
        let Some(here) = self.here.take() else {
            return false;
        };
        if here.came > 0 {
            let more = here.came - here.nicks.len();
            let nicks = here.nicks.into();
            self.tell(now, EntryKind::Present { nicks, more });
        }
        here.missing > 0
    }

    fn arrived(&mut self, nick: &str) -> Option<Fault> {
        if nick == &*self.asked {
            return Some(Fault::Contradiction);
        }
        fault_of(self.members.insert(nick))
    }

    fn gone(&mut self, nick: &str) -> Option<Fault> {
        fault_of(self.members.remove(nick))
    }

    fn stranger(&self, nick: &str) -> Option<Fault> {
        let known = self.members.contains(nick) || self.members.incomplete();
        (!known).then_some(Fault::Contradiction)
    }

    fn message(&mut self, now: Now, nick: &str, text: &str) {
        let mention = self.joined.is_some() && unread::mentions(text, &self.asked);
        let index = self.tell(
            now,
            EntryKind::Message {
                nick: nick.into(),
                text: text.into(),
                mention,
            },
        );
        self.unread.message(index, mention);
    }

    fn refused(&mut self, now: Now, code: &str, explanation: &str) {
        let (code, explanation) = (Box::from(code), Box::from(explanation));
        match self.state {
            State::Naming if ErrorCode::of(&code) == Some(ErrorCode::RoomFull) => {
                self.lost(now, End::RoomFull);
            }
            State::Naming => {
                let refusal = Refusal {
                    nick: self.asked.clone(),
                    code,
                    explanation,
                };
                self.state = State::Refused(refusal.clone());
                self.tell(now, EntryKind::Refused(refusal));
            }
            _ => {
                self.tell(now, EntryKind::Error { code, explanation });
            }
        }
    }
}

const fn fault_of(change: Change) -> Option<Fault> {
    match change {
        Change::Done => None,
        Change::Nothing => Some(Fault::Contradiction),
        Change::LongNick => Some(Fault::LongNick),
    }
}
