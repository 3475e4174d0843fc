//! What the user wants.

use super::input::{self, Wish};
use super::{Draft, End, EntryKind, InputError, Now, Session, State, Submitted, Target};

impl Session {
    /// Goes to a server, and asks it for a nickname. A connection that there is ends without a
    /// goodbye: [`leave`](Self::leave) first.
    ///
    /// # Errors
    /// When what is given as a nickname may not be sent in place of one (CLIENT-1, CLIENT-3). Every other judgement is
    /// left to the server. Nothing has happened then.
    pub fn connect(&mut self, now: Now, target: Target) -> Result<(), InputError> {
        nickname(&target.nick)?;
        if self.is_connected() {
            self.end(now, End::Left);
        }
        self.backoff.reset();
        self.target = Some(target);
        self.dial(now);
        Ok(())
    }

    /// Asks for another nickname after the server refused one.
    ///
    /// # Errors
    /// As for [`connect`](Self::connect), and [`InputError::NotJoined`] when no nickname is wanted.
    pub fn choose_nick(&mut self, now: Now, nick: &str) -> Result<(), InputError> {
        if !matches!(self.state, State::Refused(_)) {
            return Err(InputError::NotJoined);
        }
        nickname(nick)?;
        if let Some(target) = &mut self.target {
            nick.clone_into(&mut target.nick);
        }
        self.send_nick(now, nick);
        Ok(())
    }

    /// Says what is in the draft, or does what it asks for: `/quit`, `/help`. Two slashes at the beginning make a
    /// message that begins with one.
    ///
    /// # Errors
    /// Why nothing was sent. The text is still in the draft.
    pub fn submit(&mut self, now: Now) -> Result<Submitted, InputError> {
        match input::read(self.draft.text())? {
            Wish::Nothing => {
                self.draft.set("");
                Ok(Submitted::Nothing)
            }
            Wish::Quit => {
                self.draft.take();
                self.leave(now);
                Ok(Submitted::Leaving)
            }
            Wish::Help => {
                self.draft.take();
                self.tell(now, EntryKind::Help);
                Ok(Submitted::Help)
            }
            Wish::Ask(question) => {
                self.ready_to_talk()?;
                self.draft.take();
                self.question = Some(question);
                Ok(Submitted::Asked)
            }
            Wish::Say(lines) => {
                self.ready_to_talk()?;
                self.draft.take();
                self.say(now, lines);
                Ok(Submitted::Sent)
            }
        }
    }

    /// Answers the [`question`](Self::question). After a no the text is in the draft again, unless something else is
    /// there by now.
    ///
    /// # Errors
    /// When nothing can be sent any more. The question goes on then.
    pub fn answer(&mut self, now: Now, yes: bool) -> Result<(), InputError> {
        if yes {
            self.ready_to_talk()?;
            if let Some(question) = self.question.take() {
                self.say(now, question.lines);
            }
        } else {
            self.withdraw_question();
        }
        Ok(())
    }

    /// Leaves the room, or gives up whatever is going on (CLIENT-7).
    pub fn leave(&mut self, now: Now) {
        match self.state {
            State::Naming | State::Refused(_) | State::Joined => {
                self.question = None;
                self.leaving = Some(now.instant);
                self.state = State::Leaving {
                    until: now.instant + self.options.farewell,
                };
                self.send(now, "<quit>", "CLIENT-7");
            }
            State::Connecting | State::Waiting { .. } => self.end(now, End::Left),
            State::Idle | State::Leaving { .. } | State::Over(_) => {}
        }
    }

    /// Makes the next attempt at once, when one is being waited for, or goes to the last server again when there is no
    /// connection.
    pub fn retry_now(&mut self, now: Now) {
        if matches!(self.state, State::Waiting { .. } | State::Over(_)) && self.target.is_some() {
            self.dial(now);
        }
    }

    /// Gives up the attempts to come back.
    pub fn cancel_retry(&mut self) {
        if let State::Waiting { end, .. } = self.state {
            self.backoff.reset();
            self.state = State::Over(end);
        }
    }

    /// Tells whether somebody looks at the newest messages: what comes meanwhile is not unread.
    pub const fn look(&mut self, attentive: bool) {
        self.unread.look(attentive);
    }

    /// The draft, for an editor.
    pub const fn draft_mut(&mut self) -> &mut Draft {
        &mut self.draft
    }

    /// Completes the nickname before the byte `cursor` of the draft; see [`Draft::complete`].
    pub fn complete(&mut self, cursor: usize) -> Option<usize> {
        self.draft.complete(cursor, &self.members)
    }
}

/// Whether `nick` may be sent where a nickname belongs.
fn nickname(nick: &str) -> Result<(), InputError> {
    if nick.is_empty() || input::is_command(nick) {
        return Err(InputError::NotANickname);
    }
    input::check(nick)
}
