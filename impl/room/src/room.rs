//! The room: who is in it, under which name, and what happens in which order.

use salotto_protocol::{ErrorCode, Input, LineError, Nickname, NicknameKey, ServerLine};
use std::collections::HashSet;

/// A number for a connection, chosen by the caller: small, since it is an index, and free to be
/// used again once the connection has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnId(pub u32);

impl ConnId {
    const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a connection is to the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It has no name yet, hears nothing (NAME-2), and nobody knows of it (NAME-3).
    Naming,
    /// It is a member.
    Member,
    /// The room has never seen it, or is done with it. Its lines are ignored.
    Absent,
}

/// How a connection leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Departure {
    /// The client said `<quit>` (LEAVE-2).
    Quit,
    /// The client ended its side of the connection.
    Ended,
    /// It took too long to find a name (NAME-6).
    NamingTimeout,
    /// Too many were naming already (NAME-5).
    NamingLimit,
    /// Every seat was taken (ROOM-2).
    RoomFull,
    /// The server shuts down (STOP-1).
    Shutdown,
    /// It was reset, or cannot be sent to.
    Lost,
    /// It does not read (FLOW-3).
    NotReading,
}

impl Departure {
    /// Every way to leave.
    pub const ALL: [Self; 8] = [
        Self::Quit,
        Self::Ended,
        Self::NamingTimeout,
        Self::NamingLimit,
        Self::RoomFull,
        Self::Shutdown,
        Self::Lost,
        Self::NotReading,
    ];

    /// Whether the client is sent what it is owed and a goodbye (LEAVE-3); otherwise it is dropped.
    pub const fn is_orderly(self) -> bool {
        !matches!(self, Self::Lost | Self::NotReading)
    }

    /// A word for logs and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Quit => "quit",
            Self::Ended => "ended",
            Self::NamingTimeout => "naming-timeout",
            Self::NamingLimit => "naming-limit",
            Self::RoomFull => "room-full",
            Self::Shutdown => "shutdown",
            Self::Lost => "lost",
            Self::NotReading => "not-reading",
        }
    }
}

/// What the room wants done. Outputs come in the order of the room's one sequence of events
/// (ORDER-1), and what goes to one connection is to be sent in the order in which it came out
/// (ORDER-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output<'a> {
    /// A line for one connection alone.
    Reply {
        /// Whom it is for.
        to: ConnId,
        /// The line.
        line: ServerLine<'a>,
    },
    /// From here on `who` is sent every event.
    Enter {
        /// The new member.
        who: ConnId,
    },
    /// A line for every member but the one who caused it (MSG-2, JOIN-4).
    Event {
        /// Who caused it: a member, or one that has just left.
        by: ConnId,
        /// The line.
        line: ServerLine<'a>,
    },
    /// `who` has left. In an orderly departure its connection ends as soon as it has what it is
    /// owed, `<quit>` last; otherwise at once.
    Close {
        /// Whose connection it is.
        who: ConnId,
        /// How it left.
        how: Departure,
        /// The name that is free now, if it had one.
        nick: Option<&'a str>,
    },
}

/// One room, and the connections that may still enter it.
///
/// A room does no I/O, does not wait and does not know the time: an input comes in, outputs come
/// out of the function that it is given.
#[derive(Debug)]
pub struct Room {
    capacity: usize,
    max_naming: usize,
    people: Vec<Person>,
    names: HashSet<NicknameKey>,
    naming: usize,
}

#[derive(Debug, Clone)]
enum Person {
    Absent,
    Naming,
    Member(Nickname),
}

impl Person {
    fn name(&self) -> Option<&str> {
        match self {
            Self::Member(nick) => Some(nick.as_str()),
            Self::Absent | Self::Naming => None,
        }
    }
}

impl Room {
    /// An empty room with seats for `capacity` members, before whose door `max_naming` connections
    /// may think of a name at the same time.
    pub fn new(capacity: usize, max_naming: usize) -> Self {
        Self {
            capacity,
            max_naming,
            people: Vec::new(),
            names: HashSet::new(),
            naming: 0,
        }
    }

    /// What `who` is to the room now.
    pub fn standing(&self, who: ConnId) -> Standing {
        match self.people.get(who.index()) {
            Some(Person::Member(_)) => Standing::Member,
            Some(Person::Naming) => Standing::Naming,
            Some(Person::Absent) | None => Standing::Absent,
        }
    }

    /// How many connections have no name yet.
    pub fn naming(&self) -> usize {
        self.naming
    }

    /// How many members there are.
    pub fn members(&self) -> usize {
        self.names.len()
    }

    /// A connection appeared. Where too many are naming already it is sent away at once, which is
    /// better than to let it wait in silence (NAME-5).
    pub fn arrive(&mut self, who: ConnId, out: &mut impl FnMut(Output<'_>)) {
        if self.naming == self.max_naming {
            let how = Departure::NamingLimit;
            let nick = None;
            return out(Output::Close { who, how, nick });
        }
        if self.people.len() <= who.index() {
            self.people.resize(who.index() + 1, Person::Absent);
        }
        self.people[who.index()] = Person::Naming;
        self.naming += 1;
    }

    /// `who` said a line, or something that is not one.
    pub fn line(
        &mut self,
        who: ConnId,
        line: Result<&str, LineError>,
        out: &mut impl FnMut(Output<'_>),
    ) {
        let Some(person @ (Person::Naming | Person::Member(_))) = self.people.get(who.index())
        else {
            return;
        };
        // The order of the arms is the precedence of the errors (ERR-2).
        match (line.map(Input::of), person) {
            (Err(error), _) => refuse(who, error.code(), &error.to_string(), out),
            (Ok(Input::Empty), _) => {}
            (Ok(Input::Quit), _) => self.leave(who, Departure::Quit, out),
            (Ok(Input::UnknownCommand), _) => {
                let why = "there is no such command; the only one is <quit>";
                refuse(who, ErrorCode::UnknownCommand, why, out);
            }
            (Ok(Input::Text(text)), Person::Member(nick)) => {
                let nick = nick.as_str();
                let line = ServerLine::Message { nick, text };
                out(Output::Event { by: who, line });
            }
            (Ok(Input::Text(name)), _) => self.enter(who, name, out),
        }
    }

    /// `who` asks to come in under `name` (NAME-1, JOIN-1 to JOIN-4, ROOM-2).
    fn enter(&mut self, who: ConnId, name: &str, out: &mut impl FnMut(Output<'_>)) {
        let nick = match Nickname::parse(name) {
            Ok(nick) => nick,
            Err(error) => {
                return refuse(who, ErrorCode::NicknameInvalid, &error.to_string(), out);
            }
        };
        let key = nick.key();
        if self.names.contains(&key) {
            let why = "somebody in the room has this nickname; try another one";
            return refuse(who, ErrorCode::NicknameTaken, why, out);
        }
        if self.names.len() == self.capacity {
            let why = "every seat is taken; try again later";
            refuse(who, ErrorCode::RoomFull, why, out);
            return self.leave(who, Departure::RoomFull, out);
        }
        let name = nick.as_str();
        let count = self.names.len();
        let line = ServerLine::Welcome { nick: name, count };
        out(Output::Reply { to: who, line });
        for person in &self.people {
            if let Person::Member(other) = person {
                let line = ServerLine::Here(other.as_str());
                out(Output::Reply { to: who, line });
            }
        }
        let line = ServerLine::Joined(name);
        out(Output::Event { by: who, line });
        out(Output::Enter { who });
        self.names.insert(key);
        self.naming -= 1;
        self.people[who.index()] = Person::Member(nick);
    }

    /// `who` leaves. Its name and its seat are free before anybody is told (LEAVE-6).
    pub fn leave(&mut self, who: ConnId, how: Departure, out: &mut impl FnMut(Output<'_>)) {
        let Some(person) = self.people.get_mut(who.index()) else {
            return;
        };
        let person = std::mem::replace(person, Person::Absent);
        match &person {
            Person::Absent => return,
            Person::Naming => self.naming -= 1,
            Person::Member(nick) => {
                self.names.remove(&nick.key());
                let line = ServerLine::Left(nick.as_str());
                out(Output::Event { by: who, line });
            }
        }
        let nick = person.name();
        out(Output::Close { who, how, nick });
    }

    /// The room closes: a goodbye to everybody, and no event any more (STOP-2).
    pub fn shut_down(&mut self, out: &mut impl FnMut(Output<'_>)) {
        for (who, person) in (0..).map(ConnId).zip(&mut self.people) {
            let person = std::mem::replace(person, Person::Absent);
            if !matches!(person, Person::Absent) {
                let (how, nick) = (Departure::Shutdown, person.name());
                out(Output::Close { who, how, nick });
            }
        }
        self.names.clear();
        self.naming = 0;
    }
}

fn refuse(to: ConnId, code: ErrorCode, why: &str, out: &mut impl FnMut(Output<'_>)) {
    let line = ServerLine::Error {
        code: code.as_str(),
        explanation: why,
    };
    out(Output::Reply { to, line });
}

#[cfg(test)]
mod tests;
