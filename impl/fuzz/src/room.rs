//! The room: several connections send bytes, and what each of them receives must be true.
//!
//! Each client keeps a list of the other members, taken from nothing but the lines that it receives. After each input this list
//! must be right. No member receives its own lines, no naming connection receives anything but refusals, and nothing is sent to a
//! connection that has ended.

mod client;
mod record;

use client::{Client, State};
use record::Record;
use salotto_protocol::{Input, LineDecoder, MAX_CLIENT_LINE, Nickname, NicknameKey};
use salotto_room::{ConnId, Departure, Limits, Output, Room, Status};
use std::collections::BTreeSet;
use std::mem;
use std::time::{Duration, Instant};

const CONNECTIONS: u32 = 6;

/// Checks the room.
///
/// The first byte sets the limits. The rest is a sequence of actions: a byte chooses the connection and the action. If the action
/// is to send, a byte with a length follows, and then that many bytes to send.
///
/// # Panics
/// If the room breaks a rule.
pub fn check(data: &[u8]) {
    let Some((&limits, mut rest)) = data.split_first() else {
        return;
    };
    let (capacity, max_naming) = (limits % 4 + 1, limits / 4 % 4 + 1);
    let mut simulation = Simulation::new(capacity.into(), max_naming.into());
    while let Some((&action, after)) = rest.split_first() {
        rest = after;
        let id = ConnId(u32::from(action) % CONNECTIONS);
        match action / 42 {
            0 => simulation.arrive(id),
            1 => {
                let reason = usize::from(action) % Departure::ALL.len();
                simulation.leave(id, Departure::ALL[reason]);
            }
            _ => {
                let length = rest.first().map_or(0, |length| usize::from(*length));
                let bytes = &rest[1.min(rest.len())..];
                let (bytes, after) = bytes.split_at(length.min(bytes.len()));
                simulation.receive(id, bytes);
                rest = after;
            }
        }
        simulation.check_lists();
    }
    simulation.shut_down();
}

/// The room under test and its clients.
struct Simulation {
    room: Room,
    now: Instant,
    capacity: usize,
    max_naming: usize,
    clients: Vec<Client>,
}

impl Simulation {
    fn new(capacity: usize, max_naming: usize) -> Self {
        let clients = (0..CONNECTIONS).map(|_| Client::new(State::Away));
        Self {
            room: Room::new(Limits {
                capacity,
                max_naming,
                naming_timeout: Duration::from_secs(60),
            }),
            now: Instant::now(),
            capacity,
            max_naming,
            clients: clients.collect(),
        }
    }

    fn client(&mut self, id: ConnId) -> &mut Client {
        &mut self.clients[id.0 as usize]
    }

    /// Passes one input to the room, and returns what comes out of it.
    fn input(&mut self, input: impl FnOnce(&mut Room, &mut dyn FnMut(Output<'_>))) -> Vec<Record> {
        let mut records = Vec::new();
        input(&mut self.room, &mut |output| records.push(output.into()));
        records
    }

    fn arrive(&mut self, id: ConnId) {
        if self.client(id).state != State::Away {
            return;
        }
        let full = self.count(|state| *state == State::Naming) == self.max_naming;
        *self.client(id) = Client::new(State::Naming);
        let now = self.now;
        let records = self.input(|room, mut out| room.arrive(id, now, &mut out));
        let closed = matches!(records[..], [Record::Close(_)]);
        assert_eq!(closed, full, "NAME-5: {records:?}");
        self.deliver(records);
    }

    fn leave(&mut self, id: ConnId, reason: Departure) {
        let before = self.client(id).state.clone();
        let records = self.input(|room, mut out| room.leave(id, reason, &mut out));
        match (&before, &records[..]) {
            (State::Away, []) | (State::Naming, [Record::Close(_)]) => {}
            (State::Member(nick), [Record::Event(by, line), Record::Close(_)]) => {
                assert_eq!((*by, line), (id, &format!("* left {nick}")), "LEAVE-1");
            }
            _ => panic!("{before:?} left, which led to {records:?}"),
        }
        self.deliver(records);
    }

    fn receive(&mut self, id: ConnId, mut bytes: &[u8]) {
        if self.client(id).state == State::Away {
            return;
        }
        let decoder = &mut self.client(id).decoder;
        let mut decoder = mem::replace(decoder, LineDecoder::new(MAX_CLIENT_LINE));
        while let Some(line) = decoder.next_line(&mut bytes) {
            let before = self.client(id).state.clone();
            let records = self.input(|room, mut out| room.receive(id, line, &mut out));
            self.check_effect(id, &before, line.ok(), &records);
            self.deliver(records);
        }
        self.client(id).decoder = decoder;
    }

    /// Checks what a line led to (chapters 3, 6 and 7).
    fn check_effect(&self, id: ConnId, before: &State, line: Option<&str>, records: &[Record]) {
        let is_refused =
            matches!(records, [Record::Reply(to, line)] if *to == id && line.starts_with("! "));
        let is_right = match (before, line.map(Input::of)) {
            (State::Away, _) | (_, Some(Input::Empty)) => records.is_empty(),
            (_, None | Some(Input::UnknownCommand)) => is_refused,
            (State::Naming, Some(Input::Quit)) => matches!(records, [Record::Close(_)]),
            (State::Member(_), Some(Input::Quit)) => {
                matches!(records, [Record::Event(..), Record::Close(_)])
            }
            (State::Member(nick), Some(Input::Text(text))) => {
                matches!(records, [Record::Event(by, line)] if *by == id && *line == format!("{nick}: {text}"))
            }
            (State::Naming, Some(Input::Text(name))) => match self.admission(name) {
                Admission::Admitted => {
                    matches!(records, [Record::Reply(..), .., Record::Enter(_)])
                }
                Admission::Refused => is_refused,
                Admission::Full => matches!(records, [Record::Reply(..), Record::Close(_)]),
            },
        };
        assert!(
            is_right,
            "{before:?} sent {line:?}, which led to {records:?}"
        );
    }

    /// What must happen to a connection that asks for this nickname.
    fn admission(&self, name: &str) -> Admission {
        let Ok(nickname) = Nickname::parse(name) else {
            return Admission::Refused;
        };
        let taken = self.keys();
        if taken.contains(&nickname.key()) {
            Admission::Refused
        } else if taken.len() == self.capacity {
            Admission::Full
        } else {
            Admission::Admitted
        }
    }

    /// The nicknames of all members, in the form in which they are compared.
    fn keys(&self) -> Vec<NicknameKey> {
        let nicks = self.clients.iter().filter_map(Client::nick);
        let nicks = nicks.filter_map(|nick| Nickname::parse(nick).ok());
        nicks.map(|nick| nick.key()).collect()
    }

    fn deliver(&mut self, records: Vec<Record>) {
        for record in records {
            match record {
                Record::Reply(to, line) => self.client(to).receive(&line),
                Record::Enter(id) => assert!(self.client(id).nick().is_some(), "JOIN-1"),
                Record::Event(by, line) => {
                    for (client, id) in self.clients.iter_mut().zip(0..) {
                        if ConnId(id) != by && client.nick().is_some() {
                            client.receive(&line);
                        }
                    }
                }
                Record::Close(id) => self.client(id).state = State::Away,
            }
        }
    }

    fn count(&self, is: impl Fn(&State) -> bool) -> usize {
        let states = self.clients.iter().map(|client| &client.state);
        states.filter(|state| is(state)).count()
    }

    /// Every member has a true list of the others, and the room counts as they do.
    fn check_lists(&self) {
        let (members, naming) = (self.room.members(), self.room.naming());
        assert_eq!(
            members,
            self.count(|state| matches!(state, State::Member(_)))
        );
        assert_eq!(naming, self.count(|state| *state == State::Naming));
        assert!(members <= self.capacity && naming <= self.max_naming);
        for (client, id) in self.clients.iter().zip(0..) {
            let status = match client.state {
                State::Away => Status::Absent,
                State::Naming => Status::Naming,
                State::Member(_) => Status::Member,
            };
            assert_eq!(self.room.status(ConnId(id)), status);
            let Some(own) = client.nick() else {
                continue;
            };
            let members = self.clients.iter().filter_map(Client::nick);
            let others = members.filter(|nick| *nick != own).map(str::to_owned);
            let others: BTreeSet<_> = others.collect();
            let list = (client.here_due, &client.others);
            assert_eq!(list, (0, &others), "the list of {own}");
        }
    }

    /// At shutdown every connection gets a goodbye, and nobody is told who leaves (STOP-1, STOP-2).
    fn shut_down(&mut self) {
        let present = self.count(|state| *state != State::Away);
        let records = self.input(|room, mut out| room.shut_down(&mut out));
        let all_closed = records
            .iter()
            .all(|record| matches!(record, Record::Close(_)));
        assert!(all_closed, "{records:?}");
        assert_eq!(records.len(), present);
        self.deliver(records);
        self.check_lists();
    }
}

enum Admission {
    Admitted,
    Refused,
    Full,
}
