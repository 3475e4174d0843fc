//! The connection, from the first attempt to the end, and what is sent on it.

use super::raw::{Direction, RawLine};
use super::{
    Action, End, Entry, EntryKind, InputError, LONGEST_FAREWELL, MAX_UNSENT, Now, SETTLED, Session,
    State, input,
};
use salotto_protocol::{Input, LineDecoder, MAX_SERVER_LINE};

impl Session {
    pub(super) fn ready_to_talk(&self) -> Result<(), InputError> {
        match self.state {
            State::Joined if self.unsent > MAX_UNSENT => Err(InputError::Busy),
            State::Joined => Ok(()),
            _ => Err(InputError::NotJoined),
        }
    }

    pub(super) fn dial(&mut self, now: Now) {
        let Some(target) = self.target.clone() else {
            return;
        };
        self.connection.0 += 1;
        self.decoder = LineDecoder::new(MAX_SERVER_LINE);
        self.unsent = 0;
        self.goodbye = false;
        self.state = State::Connecting;
        self.actions.push_back(Action::Connect {
            id: self.connection,
            host: target.host.clone(),
            port: target.port,
        });
        self.tell(now, EntryKind::Connecting(target));
    }

    pub(super) fn send_nick(&mut self, now: Now, nick: &str) {
        self.asked = nick.into();
        self.state = State::Naming;
        self.send(now, nick, "CLIENT-1");
    }

    /// Sends messages. A `<quit>` that the user insists on is the wish to leave: the server takes nothing after it.
    pub(super) fn say(&mut self, now: Now, lines: Vec<String>) {
        for line in lines {
            if Input::of(&line) == Input::Quit {
                return self.leave(now);
            }
            let requirement = if input::is_command(&line) {
                "MSG-5"
            } else {
                "MSG-1"
            };
            self.send(now, &line, requirement);
            let nick = self.asked.clone();
            let text = line.into();
            self.tell(now, EntryKind::Own { nick, text });
        }
    }

    pub(super) fn send(&mut self, now: Now, line: &str, requirement: &'static str) {
        let bytes = [line.as_bytes(), b"\n"].concat();
        self.unsent += bytes.len();
        self.raw.push(RawLine {
            at: now.wall,
            direction: Direction::Sent,
            text: line.into(),
            requirement,
            fault: None,
        });
        self.actions.push_back(Action::Send {
            id: self.connection,
            bytes,
        });
    }

    pub(super) fn tell(&mut self, now: Now, kind: EntryKind) -> u64 {
        self.transcript.push(Entry { at: now.wall, kind })
    }

    /// The server is gone, or never was there.
    pub(super) fn lost(&mut self, now: Now, end: End) {
        if matches!(self.state, State::Leaving { .. }) {
            return self.end(now, End::Left);
        }
        // Somebody who has never been in the room sits at the form, and decides there.
        let was_in = self.joined.is_some() || self.backoff.is_going_on();
        if self
            .joined
            .is_some_and(|since| now.instant.saturating_duration_since(since) >= SETTLED)
        {
            self.backoff.reset();
        }
        self.end(now, end);
        if self.options.retry && was_in {
            let (attempt, wait) = self.backoff.next();
            self.state = State::Waiting {
                end,
                until: now.instant + wait,
                attempt,
            };
            self.tell(now, EntryKind::Waiting(wait));
        }
    }

    pub(super) fn withdraw_question(&mut self) {
        if let Some(question) = self.question.take()
            && self.draft.text().is_empty()
        {
            self.draft.set(question.text);
        }
    }

    /// Whether there is a connection, or one is being made.
    pub(super) const fn is_connected(&self) -> bool {
        match self.state {
            State::Idle | State::Over(_) | State::Waiting { .. } => false,
            State::Connecting
            | State::Naming
            | State::Refused(_)
            | State::Joined
            | State::Leaving { .. } => true,
        }
    }

    /// Ends the connection: what belonged to it goes, what was shown and written stays.
    pub(super) fn end(&mut self, now: Now, end: End) {
        if self.is_connected() {
            self.actions.push_back(Action::Close {
                id: self.connection,
            });
        }
        self.announce_present(now);
        self.joined = None;
        self.leaving = None;
        self.unsent = 0;
        self.members.clear();
        self.withdraw_question();
        self.state = State::Over(end);
        self.tell(now, EntryKind::Ended(end));
    }

    pub(super) fn connected(&mut self, now: Now) {
        if self.state == State::Connecting
            && let Some(target) = &self.target
        {
            let nick = target.nick.clone();
            self.send_nick(now, &nick);
        }
    }

    /// Who leaves waits longer as long as the server takes what was said before, up to a bound.
    pub(super) fn sent(&mut self, now: Now, bytes: usize) {
        self.unsent = self.unsent.saturating_sub(bytes);
        if let (State::Leaving { until }, Some(since)) = (&mut self.state, self.leaving) {
            *until = (now.instant + self.options.farewell).min(since + LONGEST_FAREWELL);
        }
    }
}
