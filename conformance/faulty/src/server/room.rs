//! The room: an input comes in, outputs come out, in the order that is the room's own. No sockets, no clock.

mod join;
mod leave;
mod refuse;
mod say;
mod traces;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use super::decoder::Line;
use super::judge::{Code, Meaning, judge};
use super::{Fault, Habit, Ways};
use traces::Traces;

/// A connection, numbered from 1 in the order in which they are accepted.
pub(super) type Id = u64;

/// A line to send, with its end. It is made once, however many receive it.
pub(super) type Bytes = Rc<[u8]>;

/// What happens outside.
#[derive(Debug, Clone)]
pub(super) enum Input {
    Connected(Id),
    Line(Id, Line),
    /// These lines arrived together, and are about to be processed.
    Together(Id, usize),
    /// The connection has ended, or is being given up.
    Gone(Id, Why, MidLine),
    /// The naming timeout is over.
    Expired(Id),
    Interrupted,
    /// What a fault has put off.
    Late(Late),
}

/// Whether something has come since the last LF.
pub(super) type MidLine = bool;

/// Why a connection is at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    Quit,
    HalfClosed,
    Reset,
    /// It does not read.
    Dropped,
}

/// Something that a server which errs does a moment later.
#[derive(Debug, Clone)]
pub(super) enum Late {
    Send(Id, Bytes),
    SendToMembers(Id, Bytes),
    Join(Id, String, Vec<String>),
    Free(String),
    Settled(Id),
}

/// What is to be done outside.
#[derive(Debug, Clone)]
pub(super) enum Output {
    /// A reply, or the news of an event.
    Send {
        to: Id,
        line: Bytes,
        /// Whose message it is, if it is one.
        said_by: Option<Id>,
        /// It tells about the room.
        event: bool,
    },
    /// Say goodbye and end the connection.
    Goodbye {
        to: Id,
        /// It has no nickname.
        naming: bool,
    },
    /// End the connection without a goodbye, once everything has been sent.
    End(Id),
    /// End the connection at once.
    Cut(Id),
    /// Throw away what has not been sent.
    Forget(Id),
    /// An empty line.
    Heartbeat(Id),
    /// Restart the naming timeout.
    StillNaming(Id),
    Later(Duration, Late),
    /// Accept no connection any more.
    Deaf,
    Crash,
}

/// Everybody who is connected.
#[derive(Debug)]
pub(super) struct Room {
    ways: Ways,
    capacity: usize,
    people: BTreeMap<Id, Person>,
    /// The members, in the order in which they joined.
    members: Vec<Id>,
    traces: Traces,
    outputs: Vec<Output>,
}

#[derive(Debug, Default)]
struct Person {
    /// None while naming.
    nickname: Option<String>,
    /// How often it was refused, and what it asked for last.
    refusals: usize,
    wanted: Option<String>,
    /// How many messages it has sent.
    messages: usize,
    /// How many lines have arrived together with the one that is being processed.
    together: usize,
    empty_lines: usize,
    /// A join is under way (only when a fault takes its time).
    joining: bool,
    /// It has joined just now (only when a fault asks).
    fresh: bool,
    announced: bool,
    /// Its last words wait for the next line (only when a fault swaps lines).
    held_back: Option<String>,
}

/// A moment that only a server which errs lets pass.
const MOMENT: Duration = Duration::from_millis(30);

/// How many naming connections there may be.
const MOST_NAMELESS: usize = 64;

impl Room {
    pub(super) fn new(ways: Ways, capacity: Option<usize>) -> Self {
        let default = if ways.keeps(Habit::FiveSeats) { 5 } else { 100 };
        let capacity = match ways.fault {
            Some(Fault::FourSeats) => 4,
            Some(Fault::CapacityIgnored) => usize::MAX,
            Some(Fault::OneSeatMore) => capacity.unwrap_or(default) + 1,
            _ => capacity.unwrap_or(default),
        };
        Self {
            ways,
            capacity,
            people: BTreeMap::new(),
            members: Vec::new(),
            traces: Traces::default(),
            outputs: Vec::new(),
        }
    }

    /// Takes an input; gives what is to be done, in order.
    pub(super) fn handle(&mut self, input: Input) -> Vec<Output> {
        match input {
            Input::Connected(id) => self.connected(id),
            Input::Line(id, line) => self.line(id, &line),
            Input::Together(id, lines) => {
                if let Some(person) = self.people.get_mut(&id) {
                    person.together = lines;
                }
            }
            Input::Gone(id, why, mid_line) => self.gone(id, why, mid_line),
            Input::Expired(id) => self.expired(id),
            Input::Interrupted => self.interrupted(),
            Input::Late(late) => self.late(late),
        }
        std::mem::take(&mut self.outputs)
    }

    fn connected(&mut self, id: Id) {
        let nameless = self.nameless();
        let most = if self.ways.has(Fault::FifteenNameless) {
            15
        } else {
            MOST_NAMELESS
        };
        self.people.insert(id, Person::default());
        if self.ways.has(Fault::Prompt) {
            self.reply(id, "nickname?");
        }
        if self.ways.has(Fault::PromptWithoutLf) {
            self.send_raw(id, b"nickname? ".as_slice().into());
        }
        if self.ways.has(Fault::OldestNamelessLeaves) && nameless.len() >= 15 {
            self.end(nameless[0]);
        } else if nameless.len() >= most {
            self.end(id);
        }
    }

    fn line(&mut self, id: Id, line: &Line) {
        let Some(person) = self.people.get_mut(&id) else {
            return;
        };
        let naming = person.nickname.is_none();
        if person.joining {
            return;
        }
        if line.bytes.is_empty() && !line.too_long {
            person.empty_lines += 1;
            self.empty_line(id);
        }
        if self.ways.has(Fault::CrashesAtNul) && line.bytes.contains(&0) {
            self.outputs.push(Output::Crash);
        }
        if self.ways.has(Fault::NamingTimeoutRestarts) && naming {
            self.outputs.push(Output::StillNaming(id));
        }
        match judge(self.ways, line, naming) {
            Meaning::Nothing => {}
            Meaning::Refused(code) => self.refuse(id, code, line),
            Meaning::Quit if naming && self.ways.has(Fault::NamingCannotQuit) => {
                self.refuse(id, Code::NicknameInvalid, line)
            }
            Meaning::Quit => self.quit(id, line),
            Meaning::Text(name) if naming => self.wants(id, &name, line),
            Meaning::Text(text) => self.says(id, &text, line),
        }
    }

    fn empty_line(&mut self, id: Id) {
        let many = self
            .people
            .get(&id)
            .is_some_and(|person| person.empty_lines >= 50);
        if self.ways.has(Fault::HeartbeatsAnswered) {
            self.outputs.push(Output::Heartbeat(id));
        }
        if self.ways.has(Fault::EmptyLinesEndTheConnection) && many {
            self.leave(id, Why::Quit);
        }
    }

    fn expired(&mut self, id: Id) {
        let Some(person) = self.people.get(&id) else {
            return;
        };
        let naming = person.nickname.is_none();
        match self.ways.fault {
            Some(Fault::NamingForEver) => {}
            Some(Fault::NamingTimeoutStops) if person.refusals > 0 => {}
            Some(Fault::NamingTimeoutWithoutGoodbye) if naming => {
                self.people.remove(&id);
                self.outputs.push(Output::End(id));
            }
            Some(Fault::TimeoutHitsMembers) => self.leave(id, Why::Quit),
            Some(Fault::TimeoutHitsSilentMembers) if person.messages == 0 => {
                self.leave(id, Why::Quit)
            }
            _ if naming => self.leave(id, Why::Quit),
            _ => {}
        }
    }

    fn late(&mut self, late: Late) {
        match late {
            Late::Send(to, line) if self.people.contains_key(&to) => self.send_raw(to, line),
            Late::Send(..) => {}
            Late::SendToMembers(but, line) => {
                let others: Vec<_> = self.others(but).collect();
                others
                    .into_iter()
                    .for_each(|to| self.send_raw(to, line.clone()));
            }
            Late::Join(id, name, list) => self.join(id, &name, Some(list)),
            Late::Free(name) => self.traces.kept.retain(|kept| *kept != name),
            Late::Settled(id) => {
                if let Some(person) = self.people.get_mut(&id) {
                    person.fresh = false;
                }
            }
        }
    }

    /// A reply.
    fn reply(&mut self, to: Id, line: &str) {
        self.send_raw(to, format!("{line}\n").into_bytes().into());
    }

    fn send_raw(&mut self, to: Id, line: Bytes) {
        self.outputs.push(Output::Send {
            to,
            line,
            said_by: None,
            event: false,
        });
    }

    /// News of the room, to every member but this one.
    fn event(&mut self, but: Id, line: &str) {
        let line: Bytes = format!("{line}\n").into_bytes().into();
        let others: Vec<_> = self.others(but).collect();
        for to in others {
            self.outputs.push(Output::Send {
                to,
                line: Rc::clone(&line),
                said_by: None,
                event: true,
            });
        }
    }

    /// The other members, in the order in which they are told what happens.
    fn others(&self, but: Id) -> impl Iterator<Item = Id> + use<> {
        let mut others: Vec<_> = self
            .members
            .iter()
            .copied()
            .filter(|id| *id != but)
            .collect();
        if self.ways.keeps(Habit::ServesTheLastFirst) {
            others.reverse();
        }
        others.into_iter()
    }

    /// Whether a connection has no nickname yet.
    pub(super) fn is_naming(&self, id: Id) -> bool {
        self.people
            .get(&id)
            .is_some_and(|person| person.nickname.is_none())
    }

    /// Everybody without a nickname, from the oldest.
    pub(super) fn nameless(&self) -> Vec<Id> {
        self.people
            .iter()
            .filter(|(_, person)| person.nickname.is_none())
            .map(|(id, _)| *id)
            .collect()
    }

    /// Words that a notice may have behind those that count.
    fn further(&self) -> &'static str {
        if self.ways.keeps(Habit::SaysMore) {
            " alle 20:15, * left nessuno"
        } else {
            ""
        }
    }
}
