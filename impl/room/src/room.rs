//! The state machine.

use crate::connection::{ConnId, Status};
use crate::departure::Departure;
use crate::limits::Limits;
use crate::output::Output;
use salotto_protocol::{ErrorCode, Input, LineError, Nickname, NicknameKey, ServerLine};
use std::collections::HashSet;
use std::mem;
use std::time::Instant;

/// One room: its members, and the connections that are still naming.
#[derive(Debug)]
pub struct Room {
    limits: Limits,
    /// Indexed by [`ConnId`].
    connections: Vec<Connection>,
    /// The nicknames of all members, in the form in which they are compared.
    taken: HashSet<NicknameKey>,
    naming: usize,
}

#[derive(Debug, Clone)]
enum Connection {
    Absent,
    Naming { deadline: Instant },
    Member(Nickname),
}

impl Connection {
    fn nick(&self) -> Option<&str> {
        match self {
            Self::Member(nick) => Some(nick.as_str()),
            Self::Absent | Self::Naming { .. } => None,
        }
    }
}

impl Room {
    /// Makes an empty room.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            connections: Vec::new(),
            taken: HashSet::new(),
            naming: 0,
        }
    }

    /// The state of connection `id`.
    pub fn status(&self, id: ConnId) -> Status {
        match self.connections.get(id.index()) {
            Some(Connection::Member(_)) => Status::Member,
            Some(Connection::Naming { .. }) => Status::Naming,
            Some(Connection::Absent) | None => Status::Absent,
        }
    }

    /// The number of naming connections.
    pub fn naming(&self) -> usize {
        self.naming
    }

    /// The number of members.
    pub fn members(&self) -> usize {
        self.taken.len()
    }

    /// Input: connection `id` was accepted at `now`. If too many connections are naming already, it is closed at once,
    /// since a client that is kept waiting in silence learns nothing (NAME-5).
    pub fn arrive(&mut self, id: ConnId, now: Instant, out: &mut impl FnMut(Output<'_>)) {
        if self.naming == self.limits.max_naming {
            let reason = Departure::NamingLimit;
            let nick = None;
            return out(Output::Close { id, reason, nick });
        }
        if self.connections.len() <= id.index() {
            let len = id.index() + 1;
            self.connections.resize(len, Connection::Absent);
        }
        let deadline = now + self.limits.naming_timeout;
        self.connections[id.index()] = Connection::Naming { deadline };
        self.naming += 1;
    }

    /// Input: connection `id` sent a line, or bytes that do not make one. Ignored if `id` has left.
    pub fn receive(
        &mut self,
        id: ConnId,
        line: Result<&str, LineError>,
        out: &mut impl FnMut(Output<'_>),
    ) {
        let nick = match self.connections.get(id.index()) {
            Some(Connection::Member(nick)) => Some(nick.as_str()),
            Some(Connection::Naming { .. }) => None,
            Some(Connection::Absent) | None => return,
        };
        // The order of the arms is the precedence of the errors (ERR-2).
        match (line.map(Input::of), nick) {
            (Err(error), _) => refuse(id, error.code(), &error.to_string(), out),
            (Ok(Input::Empty), _) => {}
            (Ok(Input::Quit), _) => self.leave(id, Departure::Quit, out),
            (Ok(Input::UnknownCommand), _) => {
                let why = "there is no such command; the only one is <quit>";
                refuse(id, ErrorCode::UnknownCommand, why, out);
            }
            (Ok(Input::Text(text)), Some(nick)) => {
                let line = ServerLine::Message { nick, text };
                out(Output::Event { by: id, line });
            }
            (Ok(Input::Text(name)), None) => self.enter(id, name, out),
        }
    }

    /// A naming connection asks to become a member (NAME-1, JOIN-1 to JOIN-4, ROOM-2).
    fn enter(&mut self, id: ConnId, name: &str, out: &mut impl FnMut(Output<'_>)) {
        let nick = match Nickname::parse(name) {
            Ok(nick) => nick,
            Err(error) => {
                return refuse(id, ErrorCode::NicknameInvalid, &error.to_string(), out);
            }
        };
        let key = nick.key();
        if self.taken.contains(&key) {
            let why = "somebody in the room has this nickname; try another one";
            return refuse(id, ErrorCode::NicknameTaken, why, out);
        }
        if self.members() == self.limits.capacity {
            let why = "every seat is taken; try again later";
            refuse(id, ErrorCode::RoomFull, why, out);
            return self.leave(id, Departure::RoomFull, out);
        }
        let welcome = ServerLine::Welcome {
            nick: nick.as_str(),
            count: self.members(),
        };
        out(Output::Reply {
            to: id,
            line: welcome,
        });
        for member in self.connections.iter().filter_map(Connection::nick) {
            let line = ServerLine::Here(member);
            out(Output::Reply { to: id, line });
        }
        let line = ServerLine::Joined(nick.as_str());
        out(Output::Event { by: id, line });
        out(Output::Enter { id });
        self.taken.insert(key);
        self.naming -= 1;
        self.connections[id.index()] = Connection::Member(nick);
    }

    /// Input: connection `id` has ended, or the caller wants to end it. Its nickname and its seat are free before anyone
    /// is told (LEAVE-6). Ignored if `id` has left.
    pub fn leave(&mut self, id: ConnId, reason: Departure, out: &mut impl FnMut(Output<'_>)) {
        let Some(connection) = self.connections.get_mut(id.index()) else {
            return;
        };
        let connection = mem::replace(connection, Connection::Absent);
        match &connection {
            Connection::Absent => return,
            Connection::Naming { .. } => self.naming -= 1,
            Connection::Member(nick) => {
                self.taken.remove(&nick.key());
                let line = ServerLine::Left(nick.as_str());
                out(Output::Event { by: id, line });
            }
        }
        let nick = connection.nick();
        out(Output::Close { id, reason, nick });
    }

    /// Input: it is `now`. Closes the connections whose naming timeout has expired (NAME-6), and returns the next deadline,
    /// at which the caller should call this again. `None` if no connection is naming.
    pub fn advance(&mut self, now: Instant, out: &mut impl FnMut(Output<'_>)) -> Option<Instant> {
        let mut next = None;
        for index in 0..self.connections.len() {
            let Connection::Naming { deadline } = self.connections[index] else {
                continue;
            };
            if deadline <= now {
                self.leave(ConnId(index as u32), Departure::NamingTimeout, out);
            } else {
                next = next.into_iter().chain([deadline]).min();
            }
        }
        next
    }

    /// Input: the server shuts down. Every connection gets a goodbye, and no event follows (STOP-1, STOP-2).
    pub fn shut_down(&mut self, out: &mut impl FnMut(Output<'_>)) {
        for (id, connection) in (0..).map(ConnId).zip(&mut self.connections) {
            let connection = mem::replace(connection, Connection::Absent);
            if !matches!(connection, Connection::Absent) {
                let (reason, nick) = (Departure::Shutdown, connection.nick());
                out(Output::Close { id, reason, nick });
            }
        }
        self.taken.clear();
        self.naming = 0;
    }
}

/// Replies with an error (ERR-1). `explanation` is for humans.
fn refuse(to: ConnId, code: ErrorCode, explanation: &str, out: &mut impl FnMut(Output<'_>)) {
    let code = code.as_str();
    let line = ServerLine::Error { code, explanation };
    out(Output::Reply { to, line });
}
