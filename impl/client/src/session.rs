//! What a client does, without doing it: a state machine with no sockets, no clock, no screen and
//! no words.
//!
//! A *front* (the window, the console) carries it:
//!
//! ```text
//!   user ── connect, submit, leave ... ──►┌─────────┐── state, transcript, members ──► screen
//!                                         │ Session │
//!  connection ──────── handle_event ─────►│         │──────── poll_action ──────► connection
//!       clock ────── handle_timeout ─────►└─────────┘─────── poll_timeout ──────► clock
//! ```
//!
//! After each call that puts something in, a front does what [`poll_action`](Session::poll_action) gives until that is
//! `None`, and calls [`handle_timeout`](Session::handle_timeout) no later than [`poll_timeout`](Session::poll_timeout) says.
//!
//! ```
//! use salotto_client::session::{Action, Event, Now, Options, Session, State, Target};
//!
//! let now = Now::read();
//! let mut session = Session::new(Options::default(), 1);
//! session.connect(now, Target { host: "localhost".into(), port: 53000, nick: "anna".into() })?;
//! let Some(Action::Connect { id, .. }) = session.poll_action() else { panic!() };
//! session.handle_event(now, id, Event::Connected);
//! assert!(matches!(session.poll_action(), Some(Action::Send { bytes, .. }) if bytes == b"anna\n"));
//! session.handle_event(now, id, Event::Received(b"* welcome anna 0\n".into()));
//! assert_eq!(session.state(), &State::Joined);
//!
//! session.draft_mut().set("ciao");
//! session.submit(now)?;
//! assert!(matches!(session.poll_action(), Some(Action::Send { bytes, .. }) if bytes == b"ciao\n"));
//! # Ok::<(), salotto_client::session::InputError>(())
//! ```
//!
//! # Bounds
//!
//! Whatever a server sends, the session holds at most: one unfinished line, [`MAX_MEMBERS`] names, a transcript of
//! [`MAX_ENTRIES`] entries or [`MAX_ENTRY_BYTES`], and [`MAX_RAW_LINES`] lines or [`MAX_RAW_BYTES`] of protocol.
//! A line that is longer than a server may send is dropped up to its end and told as a [`Fault`]; so is one that is no
//! text. The session goes on with the line after it: who reads a broken server sees what works.

pub mod completion;
mod draft;
mod entry;
mod fault;
mod input;
mod log;
mod members;
mod raw;
mod receive;
mod retry;
mod state;
#[cfg(test)]
mod tests;
mod unread;

pub use draft::{Draft, MAX_HISTORY, MAX_HISTORY_BYTES};
pub use entry::{Entry, EntryKind, MAX_ENTRIES, MAX_ENTRY_BYTES, MAX_PRESENT};
pub use fault::Fault;
pub use input::{InputError, Question};
pub use log::Log;
pub use members::{MAX_MEMBERS, Members};
pub use raw::{Direction, MAX_RAW_BYTES, MAX_RAW_LINES, RawLine};
pub use state::{Action, ConnectionId, End, Event, Failure, Now, Refusal, State, Target};
pub use unread::Unread;

use input::Wish;
use retry::Backoff;
use salotto_protocol::{LineDecoder, MAX_SERVER_LINE};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How many bytes may be on their way to a server that does not take them.
pub const MAX_UNSENT: usize = 1024 * 1024;

/// How long a leaving user waits at most while the server still takes what was said before.
const LONGEST_FAREWELL: Duration = Duration::from_secs(10);

/// How long somebody must have been in the room for the next back-off to begin at its start.
const SETTLED: Duration = Duration::from_secs(30);

/// What a front decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Whether to come back by itself when the server is lost to somebody who was in the room.
    pub retry: bool,
    /// How long to read on after `<quit>` has been sent (CLIENT-7).
    pub farewell: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            retry: true,
            farewell: Duration::from_millis(500),
        }
    }
}

/// What became of a text that the user submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submitted {
    /// There was nothing to say.
    Nothing,
    /// It is on its way, and in the transcript.
    Sent,
    /// It is not sent before the user says so: see [`Session::question`].
    Asked,
    /// The user asked for help: it is in the transcript.
    Help,
    /// The user leaves.
    Leaving,
}

/// One user's session with a server, or with several, one after another.
#[derive(Debug)]
pub struct Session {
    options: Options,
    backoff: Backoff,
    state: State,
    target: Option<Target>,
    connection: ConnectionId,
    decoder: LineDecoder,
    /// The nickname that was sent last.
    asked: Box<str>,
    /// Since when the user is in the room.
    joined: Option<Instant>,
    /// How many `* here` lines are still to come, and the first of those that came.
    here: Option<receive::Here>,
    members: Members,
    transcript: Log<Entry>,
    unread: Unread,
    raw: Log<RawLine>,
    draft: Draft,
    question: Option<Question>,
    actions: VecDeque<Action>,
    unsent: usize,
    /// When the user began to leave.
    leaving: Option<Instant>,
    /// Whether the server has said its last line.
    goodbye: bool,
}

/// What goes in from the user.
impl Session {
    /// A session in which nothing has happened. `seed` is for the jitter of the back-off.
    pub fn new(options: Options, seed: u64) -> Self {
        Self {
            options,
            backoff: Backoff::new(seed),
            state: State::Idle,
            target: None,
            connection: ConnectionId::default(),
            decoder: LineDecoder::new(MAX_SERVER_LINE),
            asked: Box::default(),
            joined: None,
            here: None,
            members: Members::default(),
            transcript: Log::new(MAX_ENTRIES, MAX_ENTRY_BYTES),
            unread: Unread::default(),
            raw: Log::new(MAX_RAW_LINES, MAX_RAW_BYTES),
            draft: Draft::default(),
            question: None,
            actions: VecDeque::new(),
            unsent: 0,
            leaving: None,
            goodbye: false,
        }
    }

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

/// What goes in from the connection and the clock.
impl Session {
    /// Takes what happened to the connection `id`. What an old one still has to tell is ignored.
    pub fn handle_event(&mut self, now: Now, id: ConnectionId, event: Event) {
        if id != self.connection || !self.is_connected() {
            return;
        }
        match event {
            Event::Connected => self.connected(now),
            Event::Sent(bytes) => self.sent(now, bytes),
            Event::Received(bytes) if self.state != State::Connecting => self.receive(now, &bytes),
            // Nothing can come before the connection is there.
            Event::Received(_) => {}
            Event::Ended => self.lost(now, End::Closed),
            Event::Failed(failure) => {
                let end = match self.state {
                    State::Connecting => End::Unreachable(failure),
                    _ => End::Broken(failure),
                };
                self.lost(now, end);
            }
        }
    }

    /// Takes it that time has passed.
    pub fn handle_timeout(&mut self, now: Now) {
        match self.state {
            State::Waiting { until, .. } if until <= now.instant => self.dial(now),
            State::Leaving { until } if until <= now.instant => {
                self.end(now, End::Left);
            }
            _ => {}
        }
    }

    fn connected(&mut self, now: Now) {
        if self.state == State::Connecting
            && let Some(target) = &self.target
        {
            let nick = target.nick.clone();
            self.send_nick(now, &nick);
        }
    }

    /// Who leaves waits longer as long as the server takes what was said before, up to a bound.
    fn sent(&mut self, now: Now, bytes: usize) {
        self.unsent = self.unsent.saturating_sub(bytes);
        if let (State::Leaving { until }, Some(since)) = (&mut self.state, self.leaving) {
            *until = (now.instant + self.options.farewell).min(since + LONGEST_FAREWELL);
        }
    }
}

/// What comes out.
impl Session {
    /// What is to be done next.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// When [`handle_timeout`](Self::handle_timeout) is wanted.
    pub const fn poll_timeout(&self) -> Option<Instant> {
        match self.state {
            State::Waiting { until, .. } | State::Leaving { until } => Some(until),
            _ => None,
        }
    }

    /// Where the session stands.
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// Where it goes or went, and under which nickname.
    pub const fn target(&self) -> Option<&Target> {
        self.target.as_ref()
    }

    /// The user's nickname, while in the room.
    pub fn nick(&self) -> Option<&str> {
        self.joined.is_some().then_some(&self.asked)
    }

    /// The others in the room; nobody, when the user is not there.
    pub const fn members(&self) -> &Members {
        &self.members
    }

    /// What happened. It stays when a connection ends (CLIENT-8).
    pub const fn transcript(&self) -> &Log<Entry> {
        &self.transcript
    }

    /// What the user has not seen yet.
    pub const fn unread(&self) -> Unread {
        self.unread
    }

    /// The lines of the protocol, both ways.
    pub const fn raw(&self) -> &Log<RawLine> {
        &self.raw
    }

    /// What the user is about to say.
    pub const fn draft(&self) -> &Draft {
        &self.draft
    }

    /// What waits for the user's [`answer`](Self::answer).
    pub const fn question(&self) -> Option<&Question> {
        self.question.as_ref()
    }

    /// How many bytes are on their way to the server.
    pub const fn unsent(&self) -> usize {
        self.unsent
    }
}

/// What happens inside.
impl Session {
    fn ready_to_talk(&self) -> Result<(), InputError> {
        match self.state {
            State::Joined if self.unsent > MAX_UNSENT => Err(InputError::Busy),
            State::Joined => Ok(()),
            _ => Err(InputError::NotJoined),
        }
    }

    fn dial(&mut self, now: Now) {
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

    fn send_nick(&mut self, now: Now, nick: &str) {
        self.asked = nick.into();
        self.state = State::Naming;
        self.send(now, nick, "CLIENT-1");
    }

    /// Sends messages. A `<quit>` that the user insists on is the wish to leave: the server takes nothing after it.
    fn say(&mut self, now: Now, lines: Vec<String>) {
        for line in lines {
            if salotto_protocol::Input::of(&line) == salotto_protocol::Input::Quit {
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

    fn send(&mut self, now: Now, line: &str, requirement: &'static str) {
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

    fn tell(&mut self, now: Now, kind: EntryKind) -> u64 {
        self.transcript.push(Entry { at: now.wall, kind })
    }

    /// The server is gone, or never was there.
    fn lost(&mut self, now: Now, end: End) {
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

    fn withdraw_question(&mut self) {
        if let Some(question) = self.question.take()
            && self.draft.text().is_empty()
        {
            self.draft.set(question.text);
        }
    }

    /// Whether there is a connection, or one is being made.
    const fn is_connected(&self) -> bool {
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
    fn end(&mut self, now: Now, end: End) {
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
}

/// Whether `nick` may be sent where a nickname belongs.
fn nickname(nick: &str) -> Result<(), InputError> {
    if nick.is_empty() || input::is_command(nick) {
        return Err(InputError::NotANickname);
    }
    input::check(nick)
}
