//! Interprets the lines of the server.

use super::clock::Now;
use super::entry::EntryKind;
use super::fault::Fault;
use super::here_list::HereList;
use super::machine::Session;
use super::members::Change;
use super::protocol_log::{self, Direction, ProtocolLine};
use super::state::{End, Refusal, State};
use super::unread;
use salotto_protocol::{ErrorCode, LineDecoder, LineError, MAX_SERVER_LINE, ServerLine};

impl Session {
    /// Processes bytes from the server, wherever they are cut (CLIENT-5, CLIENT-6). Bytes after `<quit>` are ignored.
    pub(super) fn receive(&mut self, now: Now, mut bytes: &[u8]) {
        let fresh = LineDecoder::new(MAX_SERVER_LINE);
        let mut decoder = std::mem::replace(&mut self.decoder, fresh);
        while !self.quit_received
            && let Some(line) = decoder.next_line(&mut bytes)
        {
            match line {
                Ok(line) => self.receive_line(now, line),
                Err(error) => self.reject_line(now, error),
            }
            if !self.is_connected() {
                return;
            }
        }
        self.decoder = decoder;
    }

    fn receive_line(&mut self, now: Now, text: &str) {
        let line = ServerLine::parse(text);
        let fault = self.apply(now, &line);
        self.protocol_log.push(ProtocolLine {
            at: now.wall,
            direction: Direction::Received,
            text: text.into(),
            requirement: protocol_log::requirement(&line),
            fault,
        });
    }

    fn reject_line(&mut self, now: Now, error: LineError) {
        let fault = Fault::Line(error);
        self.protocol_log.push(ProtocolLine {
            at: now.wall,
            direction: Direction::Received,
            text: "".into(),
            requirement: fault.requirement(),
            fault: Some(fault.clone()),
        });
        self.record(now, EntryKind::Fault(fault));
    }

    /// Applies a line. The transcript shows what the server said even if it cannot be true; the fault says so.
    fn apply(&mut self, now: Now, line: &ServerLine<'_>) -> Option<Fault> {
        let may_be_within_list = matches!(line, ServerLine::Here(_) | ServerLine::Empty);
        let cut_short =
            (!may_be_within_list && self.finish_here_list(now)).then_some(Fault::MissingHere);
        let early = self.joined_at.is_none().then_some(Fault::BeforeWelcome);
        let fault = match *line {
            ServerLine::Welcome { nick, count } => self.on_welcome(now, nick, count),
            ServerLine::Here(nick) => early.or_else(|| self.on_here(now, nick)),
            ServerLine::Joined(nick) => {
                self.record(now, EntryKind::Joined(nick.into()));
                early.or_else(|| self.add_member(nick))
            }
            ServerLine::Left(nick) => {
                self.record(now, EntryKind::Left(nick.into()));
                early.or_else(|| fault_of(self.members.remove(nick)))
            }
            ServerLine::Message { nick, text } => {
                self.on_message(now, nick, text);
                early.or_else(|| self.check_sender(nick))
            }
            ServerLine::Error { code, explanation } => {
                self.on_error(now, code, explanation);
                None
            }
            ServerLine::Quit => {
                self.on_quit(now);
                None
            }
            ServerLine::Empty => None,
            // CLIENT-9: later versions of the protocol may add such lines.
            ServerLine::Unknown(text) if text.starts_with(['*', '<']) => None,
            ServerLine::Unknown(text) => {
                let fault = Fault::UnknownLine(text.into());
                self.record(now, EntryKind::Fault(fault.clone()));
                Some(fault)
            }
        };
        cut_short.or(fault)
    }

    fn on_welcome(&mut self, now: Now, nick: &str, count: usize) -> Option<Fault> {
        if self.joined_at.is_some() {
            return Some(Fault::SecondWelcome);
        }
        let fault = (nick != &*self.own_nick).then(|| Fault::WelcomeForOther(nick.into()));
        self.own_nick = nick.into();
        self.joined_at = Some(now.instant);
        if !matches!(self.state, State::Leaving { .. }) {
            self.state = State::Joined;
        }
        let welcome = EntryKind::Welcome {
            nick: nick.into(),
            others: count,
        };
        self.record(now, welcome);
        self.here_list = HereList::announced(count);
        fault
    }

    fn on_here(&mut self, now: Now, nick: &str) -> Option<Fault> {
        let Some(list) = &mut self.here_list else {
            return self.add_member(nick).or(Some(Fault::ExtraHere));
        };
        list.push(nick);
        if list.is_complete() {
            self.finish_here_list(now);
        }
        self.add_member(nick)
    }

    fn add_member(&mut self, nick: &str) -> Option<Fault> {
        if nick == &*self.own_nick {
            return Some(Fault::Contradiction);
        }
        fault_of(self.members.insert(nick))
    }

    fn check_sender(&self, nick: &str) -> Option<Fault> {
        let known = self.members.contains(nick) || self.members.is_incomplete();
        (!known).then_some(Fault::Contradiction)
    }

    fn on_message(&mut self, now: Now, nick: &str, text: &str) {
        let mention = self.joined_at.is_some() && unread::mentions(text, &self.own_nick);
        let message = EntryKind::Message {
            nick: nick.into(),
            text: text.into(),
            mention,
        };
        let index = self.record(now, message);
        self.unread.add(index, mention);
    }

    fn on_error(&mut self, now: Now, code: &str, explanation: &str) {
        let (code, explanation) = (Box::from(code), Box::from(explanation));
        match self.state {
            State::Naming if ErrorCode::of(&code) == Some(ErrorCode::RoomFull) => {
                self.on_connection_lost(now, End::RoomFull);
            }
            State::Naming => {
                let refusal = Refusal {
                    nick: self.own_nick.clone(),
                    code,
                    explanation,
                };
                self.state = State::Refused(refusal.clone());
                self.record(now, EntryKind::Refused(refusal));
            }
            _ => {
                self.record(now, EntryKind::Error { code, explanation });
            }
        }
    }

    fn on_quit(&mut self, now: Now) {
        self.quit_received = true;
        let end = match self.joined_at {
            Some(_) => End::Goodbye,
            None => End::Dropped,
        };
        // A leaving user reads on until the connection ends.
        if !matches!(self.state, State::Leaving { .. }) {
            self.on_connection_lost(now, end);
        }
    }
}

const fn fault_of(change: Change) -> Option<Fault> {
    match change {
        Change::Done => None,
        Change::Unchanged => Some(Fault::Contradiction),
        Change::LongNick => Some(Fault::LongNick),
    }
}
