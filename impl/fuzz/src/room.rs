//! The room: bytes of several members come in, and what each of them receives must be true.
//!
//! Every member keeps, from what it receives alone, a list of those who are there; after each input this list is what the
//! members are. Nobody hears itself, nobody who is naming hears anything but refusals, and nobody hears anything after its end.

use salotto_protocol::{
    Input, LineDecoder, MAX_CLIENT_LINE, MAX_SERVER_LINE, Nickname, NicknameKey, ServerLine,
};
use salotto_room::{ConnId, Departure, Output, Room, Standing};
use std::collections::BTreeSet;

const CONNECTIONS: u32 = 6;

/// The first byte sets the bounds. Then, one after another: a byte that says who and what, and for bytes that are sent, a
/// byte with their number and the bytes.
///
/// # Panics
/// When the room says something that is not so.
pub fn check(data: &[u8]) {
    let Some((&bounds, mut rest)) = data.split_first() else {
        return;
    };
    let mut house = House::new(usize::from(bounds % 4) + 1, usize::from(bounds / 4 % 4) + 1);
    while let Some((&what, after)) = rest.split_first() {
        rest = after;
        let who = ConnId(u32::from(what) % CONNECTIONS);
        match what / 42 {
            0 => house.arrive(who),
            1 => house.leave(
                who,
                Departure::ALL[usize::from(what) % Departure::ALL.len()],
            ),
            _ => {
                let length = rest.first().map_or(0, |length| usize::from(*length));
                let bytes = &rest[1.min(rest.len())..];
                let (bytes, after) = bytes.split_at(length.min(bytes.len()));
                house.receive(who, bytes);
                rest = after;
            }
        }
        house.agrees();
    }
    house.shut_down();
}

struct House {
    room: Room,
    capacity: usize,
    max_naming: usize,
    guests: Vec<Guest>,
}

/// A connection, and what it knows.
struct Guest {
    decoder: LineDecoder,
    state: State,
    /// From what it received: who is there besides itself.
    knows: BTreeSet<String>,
    /// How many `* here` lines its welcome has promised and it has not seen.
    promised: usize,
}

#[derive(Debug, Clone, PartialEq)]
enum State {
    Away,
    Naming,
    Member(String),
}

/// An output, without what it borrows.
#[derive(Debug)]
enum Done {
    Reply(ConnId, String),
    Enter(ConnId),
    Event(ConnId, String),
    Close(ConnId),
}

impl House {
    fn new(capacity: usize, max_naming: usize) -> Self {
        let guests = (0..CONNECTIONS).map(|_| Guest::new()).collect();
        let room = Room::new(capacity, max_naming);
        Self {
            room,
            capacity,
            max_naming,
            guests,
        }
    }

    fn guest(&mut self, who: ConnId) -> &mut Guest {
        &mut self.guests[who.0 as usize]
    }

    /// One input of the room, and what comes out of it.
    fn input(&mut self, act: impl FnOnce(&mut Room, &mut dyn FnMut(Output<'_>))) -> Vec<Done> {
        let mut done = Vec::new();
        act(&mut self.room, &mut |output| done.push(Done::of(output)));
        done
    }

    fn arrive(&mut self, who: ConnId) {
        if self.guest(who).state != State::Away {
            return;
        }
        *self.guest(who) = Guest::new();
        let full = self.count(|state| *state == State::Naming) == self.max_naming;
        self.guest(who).state = State::Naming;
        let done = self.input(|room, out| room.arrive(who, &mut |output| out(output)));
        assert_eq!(
            matches!(done[..], [Done::Close(_)]),
            full,
            "NAME-5: {done:?}"
        );
        self.deliver(done);
    }

    fn leave(&mut self, who: ConnId, how: Departure) {
        let was = self.guest(who).state.clone();
        let done = self.input(|room, out| room.leave(who, how, &mut |output| out(output)));
        match (&was, &done[..]) {
            (State::Away, []) | (State::Naming, [Done::Close(_)]) => {}
            (State::Member(name), [Done::Event(by, line), Done::Close(_)]) => {
                assert_eq!((*by, line), (who, &format!("* left {name}")), "LEAVE-1");
            }
            _ => panic!("{was:?} left, and {done:?}"),
        }
        self.deliver(done);
    }

    fn receive(&mut self, who: ConnId, mut bytes: &[u8]) {
        if self.guest(who).state == State::Away {
            return;
        }
        let mut decoder = std::mem::replace(
            &mut self.guest(who).decoder,
            LineDecoder::new(MAX_CLIENT_LINE),
        );
        while let Some(line) = decoder.next_line(&mut bytes) {
            let was = self.guest(who).state.clone();
            let done = self.input(|room, out| room.line(who, line, &mut |output| out(output)));
            self.follows(who, &was, line.ok(), &done);
            self.deliver(done);
        }
        self.guest(who).decoder = decoder;
    }

    /// What a line leads to (chapters 3, 6 and 7).
    fn follows(&self, who: ConnId, was: &State, line: Option<&str>, done: &[Done]) {
        let is_refusal = |done: &[Done]| matches!(done, [Done::Reply(to, line)] if *to == who && line.starts_with("! "));
        let right = match (was, line.map(Input::of)) {
            (State::Away, _) | (_, Some(Input::Empty)) => done.is_empty(),
            (_, None | Some(Input::UnknownCommand)) => is_refusal(done),
            (State::Naming, Some(Input::Quit)) => matches!(done, [Done::Close(_)]),
            (State::Member(_), Some(Input::Quit)) => {
                matches!(done, [Done::Event(..), Done::Close(_)])
            }
            (State::Member(name), Some(Input::Text(text))) => {
                matches!(done, [Done::Event(by, line)] if *by == who && *line == format!("{name}: {text}"))
            }
            (State::Naming, Some(Input::Text(name))) => match self.place_for(name) {
                Place::Free => {
                    matches!(done.first(), Some(Done::Reply(..)))
                        && matches!(done.last(), Some(Done::Enter(_)))
                }
                Place::Refused => is_refusal(done),
                Place::Full => matches!(done, [Done::Reply(..), Done::Close(_)]),
            },
        };
        assert!(right, "{was:?} sent {line:?}, and {done:?}");
    }

    fn place_for(&self, name: &str) -> Place {
        let Ok(nickname) = Nickname::parse(name) else {
            return Place::Refused;
        };
        if self.keys().contains(&nickname.key()) {
            Place::Refused
        } else if self.keys().len() == self.capacity {
            Place::Full
        } else {
            Place::Free
        }
    }

    fn keys(&self) -> Vec<NicknameKey> {
        let names = self.guests.iter().filter_map(|guest| match &guest.state {
            State::Member(name) => Nickname::parse(name).ok(),
            _ => None,
        });
        names.map(|name| name.key()).collect()
    }

    fn deliver(&mut self, done: Vec<Done>) {
        for done in done {
            match done {
                Done::Reply(to, line) => self.guest(to).hear(&line),
                Done::Enter(who) => {
                    assert!(matches!(self.guest(who).state, State::Member(_)), "JOIN-1");
                }
                Done::Event(by, line) => {
                    let others = self
                        .guests
                        .iter_mut()
                        .zip(0..)
                        .filter(|(_, id)| ConnId(*id) != by);
                    let members =
                        others.filter(|(guest, _)| matches!(guest.state, State::Member(_)));
                    members.for_each(|(guest, _)| guest.hear(&line));
                }
                Done::Close(who) => self.guest(who).state = State::Away,
            }
        }
    }

    fn count(&self, is: impl Fn(&State) -> bool) -> usize {
        self.guests.iter().filter(|guest| is(&guest.state)).count()
    }

    /// Everybody knows who is there, and the room counts as they do.
    fn agrees(&self) {
        assert_eq!(
            self.room.members(),
            self.count(|state| matches!(state, State::Member(_)))
        );
        assert_eq!(
            self.room.naming(),
            self.count(|state| *state == State::Naming)
        );
        assert!(self.room.members() <= self.capacity && self.room.naming() <= self.max_naming);
        for (guest, id) in self.guests.iter().zip(0..) {
            let standing = match &guest.state {
                State::Away => Standing::Absent,
                State::Naming => Standing::Naming,
                State::Member(_) => Standing::Member,
            };
            assert_eq!(self.room.standing(ConnId(id)), standing);
            let State::Member(own) = &guest.state else {
                continue;
            };
            let others: BTreeSet<_> = self
                .guests
                .iter()
                .filter_map(|other| match &other.state {
                    State::Member(name) if name != own => Some(name.clone()),
                    _ => None,
                })
                .collect();
            assert_eq!(
                (guest.promised, &guest.knows),
                (0, &others),
                "what {own} knows"
            );
        }
    }

    /// A goodbye to everybody, and not a word about who leaves (STOP-1, STOP-2).
    fn shut_down(&mut self) {
        let present = self.count(|state| *state != State::Away);
        let done = self.input(|room, out| room.shut_down(&mut |output| out(output)));
        assert!(
            done.iter().all(|done| matches!(done, Done::Close(_))),
            "{done:?}"
        );
        assert_eq!(done.len(), present);
        self.deliver(done);
        self.agrees();
    }
}

enum Place {
    Free,
    Refused,
    Full,
}

impl Guest {
    fn new() -> Self {
        Self {
            decoder: LineDecoder::new(MAX_CLIENT_LINE),
            state: State::Away,
            knows: BTreeSet::new(),
            promised: 0,
        }
    }

    fn hear(&mut self, line: &str) {
        assert!(line.len() <= MAX_SERVER_LINE, "LINE-12");
        assert!(!line.contains(['\n', '\r']), "{line:?}");
        match (&self.state, ServerLine::parse(line)) {
            (State::Away, line) => panic!("{line:?} comes after the end"),
            (_, ServerLine::Error { .. }) => {}
            (State::Naming, ServerLine::Welcome { nick, count }) => {
                self.state = State::Member(nick.to_owned());
                self.promised = count;
            }
            (State::Naming, line) => panic!("NAME-2: {line:?}"),
            (State::Member(_), ServerLine::Here(name)) => {
                assert!(
                    self.promised > 0 && self.knows.insert(name.to_owned()),
                    "{line:?}"
                );
                self.promised -= 1;
            }
            (State::Member(own), ServerLine::Joined(name)) => {
                assert!(
                    own != name && self.knows.insert(name.to_owned()),
                    "{line:?}"
                );
            }
            (State::Member(_), ServerLine::Left(name)) => {
                assert!(self.knows.remove(name), "{line:?}")
            }
            (State::Member(_), ServerLine::Message { nick, .. }) => {
                assert!(self.knows.contains(nick), "{line:?}");
            }
            (State::Member(own), line) => panic!("{own} receives {line:?}"),
        }
    }
}

impl Done {
    fn of(output: Output<'_>) -> Self {
        let text = |line: ServerLine<'_>| {
            let mut bytes = Vec::new();
            line.encode(&mut bytes);
            let line = String::from_utf8(bytes).unwrap_or_else(|error| panic!("LINE-10: {error}"));
            line.strip_suffix('\n')
                .unwrap_or_else(|| panic!("LINE-3: {line:?}"))
                .to_owned()
        };
        match output {
            Output::Reply { to, line } => Self::Reply(to, text(line)),
            Output::Enter { who } => Self::Enter(who),
            Output::Event { by, line } => Self::Event(by, text(line)),
            Output::Close { who, .. } => Self::Close(who),
        }
    }
}
