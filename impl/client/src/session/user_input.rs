//! Inputs from the user.

use super::clock::Now;
use super::command::{Command, InputError, check_nick, is_server_command};
use super::draft::Draft;
use super::entry::EntryKind;
use super::machine::Session;
use super::state::{End, State, Target};
use salotto_protocol::Input;

/// No further message is accepted while more than this many bytes are waiting to be sent.
pub const MAX_UNSENT: usize = 1024 * 1024;

/// The result of a submitted text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submitted {
    /// The text was empty.
    Nothing,
    /// The message was sent and recorded in the transcript.
    Sent,
    /// Nothing is sent until the user answers the question.
    Asked,
    /// The transcript shows the help.
    Help,
    /// The user is leaving.
    Leaving,
}

/// Connecting.
impl Session {
    /// Connects to a server and asks it for a nickname. An existing connection is closed without `<quit>`; call
    /// [`leave`](Self::leave) first to send it.
    ///
    /// # Errors
    /// If the nickname must not be sent (CLIENT-1, CLIENT-3). Nothing has changed then. Every other judgement of the
    /// nickname is left to the server.
    pub fn connect(&mut self, now: Now, target: Target) -> Result<(), InputError> {
        check_nick(&target.nick)?;
        if self.is_connected() {
            self.end_connection(now, End::Left);
        }
        self.reconnect.reset();
        self.target = Some(target);
        self.open_connection(now);
        Ok(())
    }

    /// Asks for another nickname after the server has refused one.
    ///
    /// # Errors
    /// As for [`connect`](Self::connect), and [`InputError::NotJoined`] if the server has not refused a nickname.
    pub fn choose_nick(&mut self, now: Now, nick: &str) -> Result<(), InputError> {
        if !matches!(self.state, State::Refused(_)) {
            return Err(InputError::NotJoined);
        }
        check_nick(nick)?;
        if let Some(target) = &mut self.target {
            nick.clone_into(&mut target.nick);
        }
        self.send_nick(now, nick);
        Ok(())
    }

    /// Makes the scheduled reconnect attempt at once, or connects to the last server again.
    pub fn reconnect_now(&mut self, now: Now) {
        if matches!(self.state, State::Waiting { .. } | State::Over(_)) && self.target.is_some() {
            self.open_connection(now);
        }
    }

    /// Cancels the scheduled reconnect attempt.
    pub fn cancel_reconnect(&mut self) {
        if let State::Waiting { end, .. } = self.state {
            self.reconnect.reset();
            self.state = State::Over(end);
        }
    }
}

/// Talking.
impl Session {
    /// Parses the draft and executes it as a command, then moves it to the history.
    ///
    /// # Errors
    /// If nothing was sent or done. The draft still holds the text.
    pub fn submit_draft(&mut self, now: Now) -> Result<Submitted, InputError> {
        let submitted = self.execute(now, Command::parse(self.draft.text())?)?;
        match submitted {
            Submitted::Nothing => self.draft.set(""),
            _ => self.draft.archive(),
        }
        Ok(submitted)
    }

    /// Executes a command that has been parsed already.
    ///
    /// # Errors
    /// If nothing was sent or done.
    pub(crate) fn execute(&mut self, now: Now, command: Command) -> Result<Submitted, InputError> {
        match command {
            Command::Nothing => Ok(Submitted::Nothing),
            Command::Quit => {
                self.leave(now);
                Ok(Submitted::Leaving)
            }
            Command::Help => {
                self.record(now, EntryKind::Help);
                Ok(Submitted::Help)
            }
            Command::Confirm if self.question.is_none() => {
                Err(InputError::UnknownCommand("/send".into()))
            }
            Command::Confirm => self.answer(now, true).map(|()| Submitted::Sent),
            Command::Say(line) => {
                self.check_can_send()?;
                self.send_messages(now, vec![line]);
                Ok(Submitted::Sent)
            }
            Command::Ask(question) => {
                self.check_can_send()?;
                self.question = Some(question);
                Ok(Submitted::Asked)
            }
        }
    }

    /// Answers the [`question`](Self::question). A no puts the text back into the draft, unless the draft is in use.
    ///
    /// # Errors
    /// If nothing can be sent. The question stays open then.
    pub(crate) fn answer(&mut self, now: Now, yes: bool) -> Result<(), InputError> {
        if yes {
            self.check_can_send()?;
            if let Some(question) = self.question.take() {
                self.send_messages(now, question.lines);
            }
        } else {
            self.withdraw_question();
        }
        Ok(())
    }

    fn check_can_send(&self) -> Result<(), InputError> {
        match self.state {
            State::Joined if self.unsent > MAX_UNSENT => Err(InputError::Busy),
            State::Joined => Ok(()),
            _ => Err(InputError::NotJoined),
        }
    }

    /// Sends messages. A confirmed `<quit>` leaves the room, because the server reads nothing after it.
    fn send_messages(&mut self, now: Now, lines: Vec<String>) {
        for line in lines {
            if Input::of(&line) == Input::Quit {
                return self.leave(now);
            }
            let requirement = match is_server_command(&line) {
                true => "MSG-5",
                false => "MSG-1",
            };
            self.send(now, &line, requirement);
            let nick = self.own_nick.clone();
            let text = line.into();
            self.record(now, EntryKind::Own { nick, text });
        }
    }

    /// The draft, for a text editor to modify.
    pub const fn draft_mut(&mut self) -> &mut Draft {
        &mut self.draft
    }

    /// Completes the nickname that ends at the byte offset `cursor` of the draft; see [`Draft::complete`].
    pub(crate) fn complete(&mut self, cursor: usize) -> Option<usize> {
        self.draft.complete(cursor, &self.members)
    }

    /// Says whether the user is looking at the newest messages. Messages that arrive meanwhile are not unread.
    pub(crate) const fn set_attentive(&mut self, attentive: bool) {
        self.unread.set_attentive(attentive);
    }
}
