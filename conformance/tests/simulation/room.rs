//! A conformant server as a plain state machine: bytes of clients in, bytes for clients out, without I/O and clocks.
//!
//! It is written for these tests, shares nothing with `impl/` and `salotto-faulty`, and knows no PRECIS (NICK-7 and NICK-8 are
//! SHOULDs). What the specification leaves open is decided by a random number generator with a seed.

use std::collections::{BTreeMap, VecDeque};

use fastrand::Rng;

use crate::line::{self, Line};

pub(crate) type Id = usize;

/// One room and its connections.
#[derive(Debug)]
pub(crate) struct Room {
    rng: Rng,
    capacity: usize,
    most_naming: usize,
    most_owed: usize,
    has_heartbeats: bool,
    connections: BTreeMap<Id, Connection>,
}

#[derive(Debug, Default)]
struct Connection {
    state: State,
    /// Bytes that no LF has followed.
    unfinished: Vec<u8>,
    owed: VecDeque<u8>,
    cannot_send: bool,
}

#[derive(Debug, Default, Clone, PartialEq, Eq)]
enum State {
    #[default]
    Naming,
    Member(String),
    /// What it is owed is sent, and the goodbye is the last of it.
    Leaving,
    /// It has been dropped, or is gone.
    Gone,
}

/// What is to be done with a connection whose owed bytes have been sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    Wait,
    ShutDown,
    Close,
}

impl Room {
    pub(crate) fn new(mut rng: Rng, capacity: Option<usize>) -> Self {
        let default = rng.choice([5, 6, 100]).unwrap_or(5);
        Self {
            capacity: capacity.unwrap_or(default),
            most_naming: rng.choice([16, 100]).unwrap_or(16),
            most_owed: rng.usize(256 * 1024..15 * 1024 * 1024),
            has_heartbeats: rng.u8(..4) == 0,
            connections: BTreeMap::new(),
            rng,
        }
    }

    /// A connection has been accepted.
    pub(crate) fn accept(&mut self, id: Id) {
        let naming = self
            .connections
            .values()
            .filter(|c| c.state == State::Naming);
        let is_full = naming.count() >= self.most_naming; // NAME-5
        self.connections.insert(id, Connection::default());
        if is_full {
            self.leave(id);
        }
    }

    /// Another second of a connection has passed. It may get a heartbeat (LINE-6), unless it has left.
    pub(crate) fn pass_second(&mut self, id: Id) {
        if self.has_heartbeats && !self.has_left(id) && self.rng.bool() {
            self.tell(id, "", false);
        }
    }

    /// Bytes have come from a client.
    pub(crate) fn take(&mut self, id: Id, bytes: &[u8]) {
        for byte in bytes {
            if self.has_left(id) {
                return; // LEAVE-2
            }
            let unfinished = &mut self.connection(id).unfinished;
            if *byte == b'\n' {
                let line = std::mem::take(unfinished);
                self.take_line(id, line.strip_suffix(b"\r").unwrap_or(&line));
            } else if unfinished.len() < line::LONGEST + 2 {
                unfinished.push(*byte); // LINE-9
            }
        }
    }

    /// The client has ended its side (LEAVE-5).
    pub(crate) fn input_ended(&mut self, id: Id) {
        self.leave(id);
    }

    /// The naming timeout has passed (NAME-6, NAME-7).
    pub(crate) fn time_out(&mut self, id: Id) {
        if self.connection(id).state == State::Naming {
            self.leave(id);
        }
    }

    /// The connection was reset, or the client has not taken what it is owed in time.
    pub(crate) fn lose(&mut self, id: Id) {
        let state = std::mem::replace(&mut self.connection(id).state, State::Gone);
        self.connection(id).owed.clear();
        if let State::Member(nickname) = state {
            self.tell_others(id, &format!("* left {nickname}"), true);
        }
    }

    /// A send has failed: nothing more is sent, but reading goes on (LEAVE-4).
    pub(crate) fn cannot_send(&mut self, id: Id) {
        self.connection(id).cannot_send = true;
        self.connection(id).owed.clear();
    }

    /// Offers what a client is owed; `write` says how many of the bytes it has taken.
    pub(crate) fn send<E>(
        &mut self,
        id: Id,
        write: impl FnOnce(&[u8]) -> Result<usize, E>,
    ) -> Result<(), E> {
        let owed = &mut self.connection(id).owed;
        let sent = write(owed.make_contiguous())?;
        owed.drain(..sent);
        Ok(())
    }

    pub(crate) fn owes(&self, id: Id) -> bool {
        self.connections
            .get(&id)
            .is_some_and(|connection| !connection.owed.is_empty())
    }

    pub(crate) fn has_left(&self, id: Id) -> bool {
        let state = self
            .connections
            .get(&id)
            .map(|connection| &connection.state);
        matches!(state, Some(State::Leaving | State::Gone))
    }

    /// What follows when a client is owed nothing.
    pub(crate) fn next(&self, id: Id) -> Next {
        match self.connections.get(&id) {
            Some(Connection {
                state: State::Leaving,
                cannot_send: false,
                ..
            }) => Next::ShutDown,
            Some(Connection {
                state: State::Leaving | State::Gone,
                ..
            }) => Next::Close,
            _ => Next::Wait,
        }
    }

    fn connection(&mut self, id: Id) -> &mut Connection {
        self.connections.entry(id).or_default()
    }

    fn take_line(&mut self, id: Id, line: &[u8]) {
        match line::judge(line) {
            Line::Empty => {}
            Line::Refused(code) => self.refuse(id, code),
            Line::Quit => self.leave(id),
            Line::Text(text) => match self.connection(id).state.clone() {
                State::Naming => self.join(id, text),
                State::Member(nickname) => {
                    self.tell_others(id, &format!("{nickname}: {text}"), false);
                }
                State::Leaving | State::Gone => {}
            },
        }
    }

    fn join(&mut self, id: Id, nickname: &str) {
        let mut present: Vec<_> = self
            .members()
            .map(|(_, nickname)| nickname.to_owned())
            .collect();
        let is_taken = present
            .iter()
            .any(|other| other.eq_ignore_ascii_case(nickname));
        let is_full = present.len() >= self.capacity;
        if !line::is_nickname(nickname) {
            self.refuse(id, "nickname-invalid");
        } else if is_taken && !(is_full && self.rng.bool()) {
            self.refuse(id, "nickname-taken");
        } else if is_full {
            self.refuse(id, "room-full");
            self.leave(id);
        } else {
            self.rng.shuffle(&mut present);
            self.tell(id, &format!("* welcome {nickname} {}", present.len()), true);
            for other in &present {
                self.tell(id, &format!("* here {other}"), true);
            }
            self.connection(id).state = State::Member(nickname.to_owned());
            self.tell_others(id, &format!("* joined {nickname}"), true);
        }
    }

    /// The wish to leave, or its like (LEAVE-3, LEAVE-6).
    fn leave(&mut self, id: Id) {
        if self.has_left(id) {
            return;
        }
        let state = std::mem::replace(&mut self.connection(id).state, State::Leaving);
        self.tell(id, "<quit>", false);
        if let State::Member(nickname) = state {
            self.tell_others(id, &format!("* left {nickname}"), true);
        }
    }

    fn refuse(&mut self, id: Id, code: &str) {
        let explanation = self.rng.choice(["", " è così", " the line is refused"]);
        self.tell(
            id,
            &format!("! {code}{}", explanation.unwrap_or_default()),
            false,
        );
    }

    fn members(&self) -> impl Iterator<Item = (Id, &str)> {
        self.connections
            .iter()
            .filter_map(|(id, connection)| match &connection.state {
                State::Member(nickname) => Some((*id, nickname.as_str())),
                _ => None,
            })
    }

    fn tell_others(&mut self, cause: Id, line: &str, is_notice: bool) {
        let members: Vec<Id> = self.members().map(|(id, _)| id).collect();
        for id in members {
            if id != cause {
                self.tell(id, line, is_notice);
            }
        }
        // For everybody `* left` comes after the event that was too much (FLOW-3).
        let most = self.most_owed;
        let slow = self
            .connections
            .iter()
            .find(|(_, connection)| connection.owed.len() > most);
        if let Some((id, _)) = slow {
            self.lose(*id);
        }
    }

    fn tell(&mut self, id: Id, line: &str, is_notice: bool) {
        let further = if is_notice && self.rng.u8(..) < 16 {
            " e altro"
        } else {
            ""
        };
        let connection = self.connection(id);
        if !connection.cannot_send {
            connection
                .owed
                .extend(format!("{line}{further}\n").as_bytes());
        }
    }
}
