//! A room with the simplest possible server around it: every line arrives at once.

use salotto_protocol::{MAX_SERVER_LINE, line};
use salotto_room::{ConnId, Departure, Limits, Output, Room, Status};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

pub(crate) const NAMING_TIMEOUT: Duration = Duration::from_secs(60);

pub(crate) struct TestRoom {
    room: Room,
    now: Instant,
    members: BTreeSet<ConnId>,
    inboxes: BTreeMap<ConnId, Vec<String>>,
    /// The connections that were closed, with a goodbye or without.
    closed: BTreeMap<ConnId, Departure>,
}

impl TestRoom {
    pub(crate) fn new(capacity: usize, max_naming: usize) -> Self {
        let naming_timeout = NAMING_TIMEOUT;
        let limits = Limits {
            capacity,
            max_naming,
            naming_timeout,
        };
        Self {
            room: Room::new(limits),
            now: Instant::now(),
            members: BTreeSet::new(),
            inboxes: BTreeMap::new(),
            closed: BTreeMap::new(),
        }
    }

    /// Connections 0, 1 and so on with these nicknames; an empty one leaves its connection naming. All inboxes are empty.
    pub(crate) fn with(names: &[&str]) -> Self {
        let mut room = Self::new(5, 16);
        for (id, name) in (0..).zip(names) {
            room.arrive(id);
            room.say(id, name);
        }
        room.inboxes.clear();
        room
    }

    pub(crate) fn arrive(&mut self, id: u32) {
        self.inboxes.remove(&ConnId(id));
        self.closed.remove(&ConnId(id));
        let now = self.now;
        self.input(|room, mut out| room.arrive(ConnId(id), now, &mut out));
    }

    pub(crate) fn say(&mut self, id: u32, line: &str) {
        let line = line::text(line.as_bytes());
        self.input(|room, mut out| room.receive(ConnId(id), line, &mut out));
    }

    pub(crate) fn leave(&mut self, id: u32, reason: Departure) {
        self.input(|room, mut out| room.leave(ConnId(id), reason, &mut out));
    }

    /// Lets time pass. Returns how long it is until the next deadline.
    pub(crate) fn wait(&mut self, time: Duration) -> Option<Duration> {
        self.now += time;
        let now = self.now;
        let mut next = None;
        self.input(|room, mut out| next = room.advance(now, &mut out));
        next.map(|next| next - now)
    }

    pub(crate) fn shut_down(&mut self) {
        self.input(|room, mut out| room.shut_down(&mut out));
    }

    /// The lines that the connection received since the last call.
    pub(crate) fn heard(&mut self, id: u32) -> Vec<String> {
        std::mem::take(self.inboxes.entry(ConnId(id)).or_default())
    }

    pub(crate) fn status(&self, id: u32) -> Status {
        self.room.status(ConnId(id))
    }

    /// Why the connection was closed, if it was.
    pub(crate) fn closed(&self, id: u32) -> Option<Departure> {
        self.closed.get(&ConnId(id)).copied()
    }

    /// Whether the connection was closed with a goodbye.
    pub(crate) fn has_goodbye(&self, id: u32) -> bool {
        self.closed(id).is_some_and(Departure::is_orderly)
    }

    /// Passes one input to the room, and delivers what comes out of it.
    fn input(&mut self, input: impl FnOnce(&mut Room, &mut dyn FnMut(Output<'_>))) {
        let Self {
            room,
            members,
            inboxes,
            closed,
            ..
        } = self;
        input(room, &mut |output| {
            if let Output::Reply { line, .. } | Output::Event { line, .. } = output {
                let line = line.to_string();
                assert!(line.len() <= MAX_SERVER_LINE, "{line}");
                assert!(line::text(line.as_bytes()).is_ok(), "{line}");
            }
            match output {
                Output::Reply { to, line } => inboxes.entry(to).or_default().push(line.to_string()),
                Output::Enter { id } => assert!(members.insert(id)),
                Output::Event { by, line } => {
                    for &member in members.iter().filter(|&&member| member != by) {
                        inboxes.entry(member).or_default().push(line.to_string());
                    }
                }
                Output::Close { id, reason, .. } => {
                    members.remove(&id);
                    assert!(closed.insert(id, reason).is_none(), "closed twice");
                }
            }
        });
    }
}
