//! The state of a session, and how it is read.

use super::clock::Now;
use super::command::Question;
use super::draft::Draft;
use super::entry::{Entry, EntryKind, MAX_ENTRIES, MAX_ENTRY_BYTES};
use super::here_list::HereList;
use super::io::{Action, ConnectionId};
use super::log::Log;
use super::members::Members;
use super::protocol_log::{Direction, MAX_PROTOCOL_BYTES, MAX_PROTOCOL_LINES, ProtocolLine};
use super::reconnect::Reconnect;
use super::state::{State, Target};
use super::unread::Unread;
use salotto_protocol::{LineDecoder, MAX_SERVER_LINE};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The choices of a front end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Whether to reconnect when the connection of a member is lost.
    pub reconnect: bool,
    /// How long to read on after `<quit>` has been sent (CLIENT-7).
    pub quit_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            reconnect: true,
            quit_timeout: Duration::from_secs(2),
        }
    }
}

/// One user's session with a server, or with several servers one after the other.
#[derive(Debug)]
pub struct Session {
    pub(super) options: Options,
    pub(super) reconnect: Reconnect,
    pub(super) state: State,
    pub(super) target: Option<Target>,
    pub(super) connection: ConnectionId,
    pub(super) decoder: LineDecoder,
    /// The nickname that was sent last, or the one in the welcome.
    pub(super) own_nick: Box<str>,
    /// When the user joined the room, while in it.
    pub(super) joined_at: Option<Instant>,
    /// The announced `* here` lines, until the last one has come.
    pub(super) here_list: Option<HereList>,
    pub(super) members: Members,
    pub(super) transcript: Log<Entry>,
    pub(super) unread: Unread,
    pub(super) protocol_log: Log<ProtocolLine>,
    pub(super) draft: Draft,
    pub(super) question: Option<Question>,
    pub(super) actions: VecDeque<Action>,
    /// Bytes in [`Action::Send`]s without a matching [`Event::Sent`](super::Event::Sent).
    pub(super) unsent: usize,
    /// When the user asked to leave.
    pub(super) leaving_since: Option<Instant>,
    /// Whether the server has sent `<quit>`, its last line.
    pub(super) quit_received: bool,
}

impl Session {
    /// A session without a connection. `seed` determines the jitter of the reconnect back-off.
    pub fn new(options: Options, seed: u64) -> Self {
        Self {
            options,
            reconnect: Reconnect::new(options.reconnect, seed),
            state: State::Idle,
            target: None,
            connection: ConnectionId::default(),
            decoder: LineDecoder::new(MAX_SERVER_LINE),
            own_nick: Box::default(),
            joined_at: None,
            here_list: None,
            members: Members::default(),
            transcript: Log::new(MAX_ENTRIES, MAX_ENTRY_BYTES),
            unread: Unread::default(),
            protocol_log: Log::new(MAX_PROTOCOL_LINES, MAX_PROTOCOL_BYTES),
            draft: Draft::default(),
            question: None,
            actions: VecDeque::new(),
            unsent: 0,
            leaving_since: None,
            quit_received: false,
        }
    }

    /// The next action for the network, if there is one.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// When [`handle_timeout`](Self::handle_timeout) has to be called, if at all.
    pub const fn poll_timeout(&self) -> Option<Instant> {
        match self.state {
            State::Waiting { until, .. } | State::Leaving { until } => Some(until),
            _ => None,
        }
    }

    /// The current state.
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// The server of the current or the last connection, and the nickname to use there.
    pub const fn target(&self) -> Option<&Target> {
        self.target.as_ref()
    }

    /// The user's nickname, while in the room.
    pub fn nick(&self) -> Option<&str> {
        self.joined_at.is_some().then_some(&self.own_nick)
    }

    /// The other members of the room. Empty while the user is not in it.
    pub(crate) const fn members(&self) -> &Members {
        &self.members
    }

    /// The transcript. It survives the end of a connection (CLIENT-8).
    pub const fn transcript(&self) -> &Log<Entry> {
        &self.transcript
    }

    pub(crate) const fn unread(&self) -> Unread {
        self.unread
    }

    /// The lines of the protocol, in both directions.
    pub const fn protocol_log(&self) -> &Log<ProtocolLine> {
        &self.protocol_log
    }

    /// The text that the user is editing.
    pub const fn draft(&self) -> &Draft {
        &self.draft
    }

    /// The question that waits for an [`answer`](Self::answer).
    pub(crate) const fn question(&self) -> Option<&Question> {
        self.question.as_ref()
    }

    /// The number of bytes that the operating system has not taken yet.
    pub(crate) const fn unsent(&self) -> usize {
        self.unsent
    }
}

/// What the other parts of the session build on.
impl Session {
    /// Whether there is a connection, or one is being opened.
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

    /// Adds an entry to the transcript and returns its index.
    pub(super) fn record(&mut self, now: Now, kind: EntryKind) -> u64 {
        self.transcript.push(Entry { at: now.wall, kind })
    }

    /// Sends a line, and logs it under the requirement that it follows.
    pub(super) fn send(&mut self, now: Now, line: &str, requirement: &'static str) {
        let bytes = [line.as_bytes(), b"\n"].concat();
        self.unsent += bytes.len();
        self.protocol_log.push(ProtocolLine {
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

    /// Drops the question and restores its text, unless the draft holds another text by now.
    pub(super) fn withdraw_question(&mut self) {
        if let Some(question) = self.question.take()
            && self.draft.text().is_empty()
        {
            self.draft.set(question.text);
        }
    }

    /// Records the members announced so far. Returns whether `* here` lines are missing.
    pub(super) fn finish_here_list(&mut self, now: Now) -> bool {
        let Some(list) = self.here_list.take() else {
            return false;
        };
        let complete = list.is_complete();
        if let Some(entry) = list.into_entry() {
            self.record(now, entry);
        }
        !complete
    }
}
