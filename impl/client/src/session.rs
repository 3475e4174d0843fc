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
mod intents;
mod link;
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
