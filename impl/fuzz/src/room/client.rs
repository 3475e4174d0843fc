//! One connection, and what its client can conclude from the lines that it receives.

use salotto_protocol::{LineDecoder, MAX_CLIENT_LINE, MAX_SERVER_LINE, ServerLine};
use std::collections::BTreeSet;

pub(crate) struct Client {
    pub(crate) decoder: LineDecoder,
    pub(crate) state: State,
    /// The other members, according to the lines received.
    pub(crate) others: BTreeSet<String>,
    /// How many of the `* here` lines announced in the welcome have yet to come.
    pub(crate) here_due: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum State {
    Away,
    Naming,
    Member(String),
}

impl Client {
    pub(crate) fn new(state: State) -> Self {
        Self {
            decoder: LineDecoder::new(MAX_CLIENT_LINE),
            state,
            others: BTreeSet::new(),
            here_due: 0,
        }
    }

    /// The nickname of a member.
    pub(crate) fn nick(&self) -> Option<&str> {
        match &self.state {
            State::Member(nick) => Some(nick),
            State::Away | State::Naming => None,
        }
    }

    /// Receives a line, and panics if it cannot be true.
    pub(crate) fn receive(&mut self, line: &str) {
        assert!(line.len() <= MAX_SERVER_LINE, "LINE-12");
        assert!(!line.contains(['\n', '\r']), "{line:?}");
        match (&self.state, ServerLine::parse(line)) {
            (State::Away, line) => panic!("{line:?} comes after the end"),
            (_, ServerLine::Error { .. }) => {}
            (State::Naming, ServerLine::Welcome { nick, count }) => {
                self.state = State::Member(nick.to_owned());
                self.here_due = count;
            }
            (State::Naming, line) => panic!("NAME-2: {line:?}"),
            (State::Member(_), ServerLine::Here(nick)) => {
                let is_new = self.others.insert(nick.to_owned());
                assert!(self.here_due > 0 && is_new, "{line:?}");
                self.here_due -= 1;
            }
            (State::Member(own), ServerLine::Joined(nick)) => {
                let is_new = self.others.insert(nick.to_owned());
                assert!(own != nick && is_new, "{line:?}");
            }
            (State::Member(_), ServerLine::Left(nick)) => {
                assert!(self.others.remove(nick), "{line:?}");
            }
            (State::Member(_), ServerLine::Message { nick, .. }) => {
                assert!(self.others.contains(nick), "{line:?}");
            }
            (State::Member(own), line) => panic!("{own} receives {line:?}"),
        }
    }
}
