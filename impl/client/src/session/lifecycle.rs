//! The life of a connection, from the first attempt to its end.

use super::clock::Now;
use super::entry::EntryKind;
use super::io::Action;
use super::machine::Session;
use super::reconnect::Attempt;
use super::state::{End, State};
use salotto_protocol::{LineDecoder, MAX_SERVER_LINE};
use std::time::Duration;

/// The maximum time to wait after `<quit>` while the server still reads what was sent before.
pub(super) const MAX_LEAVING_TIME: Duration = Duration::from_secs(10);

impl Session {
    /// Leaves the room, or gives up the attempt to get there (CLIENT-7).
    pub fn leave(&mut self, now: Now) {
        match self.state {
            State::Naming | State::Refused(_) | State::Joined => {
                self.question = None;
                self.leaving_since = Some(now.instant);
                self.state = State::Leaving {
                    until: now.instant + self.options.quit_timeout,
                };
                self.send(now, "<quit>", "CLIENT-7");
            }
            State::Connecting | State::Waiting { .. } => self.end_connection(now, End::Left),
            State::Idle | State::Leaving { .. } | State::Over(_) => {}
        }
    }

    pub(super) fn open_connection(&mut self, now: Now) {
        let Some(target) = self.target.clone() else {
            return;
        };
        self.connection.0 += 1;
        self.decoder = LineDecoder::new(MAX_SERVER_LINE);
        self.unsent = 0;
        self.quit_received = false;
        self.state = State::Connecting;
        self.actions.push_back(Action::Connect {
            id: self.connection,
            host: target.host.clone(),
            port: target.port,
        });
        self.record(now, EntryKind::Connecting(target));
    }

    pub(super) fn on_connected(&mut self, now: Now) {
        if self.state == State::Connecting
            && let Some(target) = &self.target
        {
            let nick = target.nick.clone();
            self.send_nick(now, &nick);
        }
    }

    pub(super) fn send_nick(&mut self, now: Now, nick: &str) {
        self.own_nick = nick.into();
        self.state = State::Naming;
        self.send(now, nick, "CLIENT-1");
    }

    /// While leaving, every sign that the server still reads extends the wait, up to [`MAX_LEAVING_TIME`].
    pub(super) fn on_sent(&mut self, now: Now, bytes: usize) {
        self.unsent = self.unsent.saturating_sub(bytes);
        if let (State::Leaving { until }, Some(since)) = (&mut self.state, self.leaving_since) {
            *until = (now.instant + self.options.quit_timeout).min(since + MAX_LEAVING_TIME);
        }
    }

    /// Ends the connection after a loss, and schedules a reconnect attempt if [`Reconnect`](super::reconnect::Reconnect)
    /// decides so.
    pub(super) fn on_connection_lost(&mut self, now: Now, end: End) {
        if matches!(self.state, State::Leaving { .. }) {
            return self.end_connection(now, End::Left);
        }
        let joined_at = self.joined_at;
        let joined_for = joined_at.map(|at| now.instant.saturating_duration_since(at));
        self.end_connection(now, end);
        if let Some(Attempt { number, wait }) = self.reconnect.after_loss(joined_for) {
            self.state = State::Waiting {
                end,
                until: now.instant + wait,
                attempt: number,
            };
            self.record(now, EntryKind::Waiting(wait));
        }
    }

    /// Ends the connection and clears what belonged to it. The transcript and the draft stay (CLIENT-8).
    pub(super) fn end_connection(&mut self, now: Now, end: End) {
        if self.is_connected() {
            self.actions.push_back(Action::Close {
                id: self.connection,
            });
        }
        self.finish_here_list(now);
        self.joined_at = None;
        self.leaving_since = None;
        self.unsent = 0;
        self.members.clear();
        self.withdraw_question();
        self.state = State::Over(end);
        self.record(now, EntryKind::Ended(end));
    }
}
