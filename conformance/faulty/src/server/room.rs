//! The room: who is in it, and what is sent to whom in which order.
//!
//! An input comes in, and its outputs come out in order, through one sink. Time is a parameter. The inputs are the public
//! methods below; the other modules hold the rules that they apply.

mod departure;
mod history;
mod join;
mod leave;
mod message;
mod notice;
mod output;
mod peer;
mod refuse;
mod state;
mod timers;

use std::time::{Duration, Instant};

use super::decoder::Line;
use super::error_code::ErrorCode;
use super::fault::Fault;
use super::input::Input;
use crate::line::MAX_LINE;
use timers::Action;

pub(super) use departure::Departure;
pub(super) use output::{Bytes, ConnId, Kind, Output};
pub(super) use state::Room;

/// How often a fault sends empty lines.
const BEAT: Duration = Duration::from_millis(333);

/// The maximum number of naming connections.
const MAX_NAMING: usize = 64;

impl Room {
    /// Input: a connection was accepted.
    pub(super) fn arrive(&mut self, id: ConnId, now: Instant, out: &mut dyn FnMut(Output)) {
        self.process(now, out, |room| room.admit(id));
    }

    /// Input: `lines` lines have arrived together, and are about to be received.
    pub(super) fn begin_batch(&mut self, id: ConnId, lines: usize) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.batch = lines;
        }
    }

    /// Input: a connection sent a line. Ignored if the connection has left.
    pub(super) fn receive(
        &mut self,
        id: ConnId,
        line: &Line,
        now: Instant,
        out: &mut dyn FnMut(Output),
    ) {
        self.process(now, out, |room| room.line(id, line));
    }

    /// Input: a connection has ended or has to end. `mid_line` says whether its last line is unfinished.
    pub(super) fn leave(
        &mut self,
        id: ConnId,
        departure: Departure,
        mid_line: bool,
        now: Instant,
        out: &mut dyn FnMut(Output),
    ) {
        self.process(now, out, |room| room.end(id, departure, mid_line));
    }

    /// Input: it is `now`. Does what is due, and returns the next deadline, at which the caller should call this again.
    pub(super) fn advance(&mut self, now: Instant, out: &mut dyn FnMut(Output)) -> Option<Instant> {
        while let Some(action) = self.timers.take_due(now) {
            self.process(now, out, |room| room.act(action));
        }
        self.timers.deadline()
    }

    /// Input: the server shuts down.
    pub(super) fn shut_down(&mut self, now: Instant, out: &mut dyn FnMut(Output)) {
        self.process(now, out, Self::close_all);
    }

    fn admit(&mut self, id: ConnId) {
        let naming = self.naming();
        let (max_naming, counted) = match self.behaviour.fault {
            Some(Fault::FifteenNameless) => (15, naming.len()),
            Some(Fault::MembersCountAsNameless) => (16, self.peers.len()),
            Some(
                Fault::ResetsCountAsNameless
                | Fault::QuittersCountAsNameless
                | Fault::HalfClosedCountAsNameless
                | Fault::ResetMembersCountAsNameless,
            ) => (16, naming.len() + self.history.lost_places),
            _ => (MAX_NAMING, naming.len()),
        };
        self.peers.insert(id, Default::default());
        self.start_naming_timeout(id);
        match self.behaviour.fault {
            Some(Fault::Prompt) => self.reply(id, "nickname?"),
            Some(Fault::PromptWithoutLf) => {
                self.reply_bytes(id, b"nickname? ".as_slice().into());
            }
            Some(Fault::AsksTheSilent) => self.later(Duration::from_secs(1), Action::AskName(id)),
            Some(Fault::OldestNamelessLeaves) if naming.len() >= 15 => {
                return self.close_naming(naming[0]);
            }
            _ => {}
        }
        if counted >= max_naming {
            self.close_naming(id);
        }
    }

    fn start_naming_timeout(&mut self, id: ConnId) {
        let restarts = self.peers.get(&id).map_or(0, |peer| peer.restarts);
        self.later(self.naming_timeout, Action::ExpireNaming { id, restarts });
    }

    fn line(&mut self, id: ConnId, line: &Line) {
        let Some(peer) = self.peers.get_mut(&id) else {
            return;
        };
        if peer.joining {
            return;
        }
        let naming = peer.nickname.is_none();
        peer.empty_lines += usize::from(line.is_empty());
        match self.behaviour.fault {
            Some(Fault::HeartbeatsAnswered) if line.is_empty() => self.reply(id, ""),
            Some(Fault::EmptyLinesEndTheConnection) if peer.empty_lines >= 50 => {
                self.leave_room(id, Departure::Quit);
            }
            Some(Fault::CrashesAtNul) if line.bytes.contains(&0) => self.output(Output::Crash),
            Some(Fault::NamingTimeoutRestarts) if naming => {
                peer.restarts += 1;
                self.start_naming_timeout(id);
            }
            _ => {}
        }
        match Input::of(line, naming, self.behaviour) {
            Input::Ignored => {}
            Input::Refused(code) => self.refuse(id, code, line),
            Input::Quit => self.quit(id, naming, line),
            Input::Text(name) if naming => self.ask_nickname(id, &name, line),
            Input::Text(text) => match self.why_no_message(id, &text) {
                Some(code) => self.refuse(id, code, line),
                None => self.message(id, &text),
            },
        }
    }

    /// A client asks to leave (LEAVE-2).
    fn quit(&mut self, id: ConnId, naming: bool, line: &Line) {
        let batch = self.peers.get(&id).map_or(0, |peer| peer.batch);
        match self.behaviour.fault {
            Some(Fault::NamingCannotQuit) if naming => {
                self.refuse(id, ErrorCode::NicknameInvalid, line)
            }
            Some(Fault::QuitNeedsLf) if naming && line.crlf => {
                self.refuse(id, ErrorCode::NicknameInvalid, line)
            }
            Some(Fault::QuitNeedsLf) if line.crlf => self.message(id, "<quit>"),
            Some(Fault::QuitOnlyAlone) if batch > 1 => self.message(id, "<quit>"),
            Some(Fault::QuitForgetsDebts) => {
                self.output(Output::Discard(id));
                self.leave_room(id, Departure::Quit);
            }
            _ => self.leave_room(id, Departure::Quit),
        }
    }

    /// The error with which a fault refuses a valid message, if any.
    fn why_no_message(&self, id: ConnId, text: &str) -> Option<ErrorCode> {
        let name = self.peers.get(&id)?.nickname.as_deref()?;
        let too_long = name.len() + ": ".len() + text.len() > MAX_LINE;
        match self.behaviour.fault {
            Some(Fault::NameCountsAsText) if too_long => Some(ErrorCode::LineTooLong),
            Some(Fault::SlashHelpIsRefused) if matches!(text, "/help" | "/who") => {
                Some(ErrorCode::UnknownCommand)
            }
            Some(Fault::StarsAreRefused) if text.starts_with('*') => {
                Some(ErrorCode::UnknownCommand)
            }
            _ => None,
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::ExpireNaming { id, restarts } => {
                let peer = self.peers.get(&id);
                if peer.is_some_and(|peer| peer.restarts == restarts) {
                    self.expire(id);
                }
            }
            Action::Send(to, line) if self.peers.contains_key(&to) => self.reply_bytes(to, line),
            Action::Send(..) => {}
            Action::SendToOthers(id, line) => {
                for to in self.others(id) {
                    self.reply_bytes(to, line.clone());
                }
            }
            Action::AskName(id) if self.is_naming(id) => {
                self.reply(id, "! nickname-invalid please say your name");
            }
            Action::AskName(_) => {}
            Action::Beat(id) if self.peers.contains_key(&id) => {
                self.reply(id, "");
                self.later(BEAT, Action::Beat(id));
            }
            Action::Beat(_) => {}
            Action::Idle(id) => {
                if let Some(peer) = self.peers.get(&id)
                    && let Some(name) = &peer.nickname
                    && peer.messages == 0
                {
                    let line = format!("* idle {name}");
                    self.notify(id, &line);
                }
            }
            Action::Close(id) => self.leave_room(id, Departure::Quit),
            Action::Join(id, name, list) => self.join(id, &name, &list),
            Action::Enter(id, name) => {
                let list = self.list(id);
                self.join(id, &name, &list);
            }
            Action::FreeNickname(name) => self.history.blocked.retain(|blocked| *blocked != name),
            Action::Settle(id) => {
                if let Some(peer) = self.peers.get_mut(&id) {
                    peer.fresh = false;
                }
            }
        }
    }
}
