//! A program as a scenario: its acts, and below each what a correct server sends because of it.

mod together;

use std::fmt::Write;

use driver::wire::ClientLine;

use super::notation::{after_arrow, quoted};
use super::program::{Act, Move, NAMES, Program, Turn, Way};
use super::room::{Effect, Place, Room};

/// The steps of a program.
pub(super) struct Script {
    room: Room,
    steps: String,
    /// What each actor that does not read will receive when it reads again.
    deferred: Vec<Vec<String>>,
    /// Whether each expected line names the requirement that it proves.
    names_requirements: bool,
}

/// The text of a scenario, with its header; nothing, if no turn of the program makes sense. `proves` is blamed where a step names no requirement.
pub(super) fn scenario(
    program: &Program,
    name: &str,
    proves: &str,
    names_all: bool,
) -> Option<String> {
    let mut script = Script {
        room: Room::new(NAMES.len(), program.capacity),
        steps: String::new(),
        deferred: vec![Vec::new(); NAMES.len()],
        names_requirements: names_all,
    };
    for next in &program.moves {
        match next {
            Move::One(turn) => script.one(turn),
            Move::Together(branches) => script.together(branches),
        }
    }
    script.end(program.shutdown);
    if script.steps.is_empty() {
        return None;
    }
    let mut text = format!("scenario {name} proves {proves}\n");
    if let Some(seats) = program.capacity {
        let _ = writeln!(text, "with capacity {seats}");
    }
    Some(text + &script.steps)
}

impl Script {
    fn one(&mut self, turn: &Turn) {
        let actor = turn.actor;
        let is_away = *self.room.place(actor) == Place::Away;
        if !matches!(turn.act, Act::StopsReading | Act::ResumesReading) {
            self.make_observable(actor);
        }
        match &turn.act {
            Act::Enters(nickname) if is_away => self.enters(actor, nickname),
            Act::Connects if is_away => {
                self.room.connect(actor);
                self.step(actor, "connects");
            }
            Act::Sends(pieces) if !is_away => {
                pieces.iter().for_each(|piece| self.sends(actor, piece))
            }
            Act::Leaves(Way::Quits) if !is_away && !self.room.is_mid_line(actor) => {
                self.sends(actor, b"<quit>\n");
            }
            Act::Leaves(Way::Resets) if self.is_unobserved(actor) => {}
            Act::Leaves(way) if !is_away && *way != Way::Quits => self.leaves(actor, *way),
            Act::StopsReading if self.can_stop_reading(actor) => {
                self.room.pause(actor, true);
                self.step(actor, "stops reading");
            }
            Act::ResumesReading if self.room.is_paused(actor) => self.resumes(actor),
            _ => {}
        }
    }

    fn enters(&mut self, actor: usize, nickname: &str) {
        if nickname.is_empty() || self.room.is_doubtful(nickname) {
            return;
        }
        self.room.connect(actor);
        let effects = self.room.send(actor, format!("{nickname}\n").as_bytes());
        if let Some((Effect::Welcome(..), events)) = effects.split_first() {
            if nickname == NAMES[actor] {
                self.step(actor, "joins");
            } else {
                self.step(actor, &format!("joins as {}", after_arrow(nickname)));
            }
            self.expect(actor, events);
        } else {
            self.step(actor, "connects");
            self.step(actor, &format!("-> {}", after_arrow(nickname)));
            self.expect(actor, &effects);
        }
    }

    fn sends(&mut self, actor: usize, bytes: &[u8]) {
        if !self.can_send(actor, bytes) {
            return;
        }
        let bytes = &*self.room.without_early_refusal(actor, bytes);
        let is_start = !self.room.is_mid_line(actor);
        let effects = self.room.send(actor, bytes);
        self.step(actor, &written(bytes, is_start));
        self.expect(actor, &effects);
        let is_heard = self.room.others(actor).next().is_some();
        let speaks = matches!(effects.last(), Some(Effect::Said(..)));
        if speaks && !is_heard && !self.room.is_mid_line(actor) {
            // Nobody hears the message, so only a reply can show that it has been processed.
            self.sends(actor, b"<heard>\n");
        }
    }

    /// Whether the actor is there, and does not ask for a nickname about which servers may differ.
    fn can_send(&self, actor: usize, bytes: &[u8]) -> bool {
        let is_doubtful = |line: &Vec<u8>| match ClientLine::parse(line) {
            ClientLine::Text(nickname) => self.room.is_doubtful(nickname),
            _ => false,
        };
        match self.room.place(actor) {
            Place::Away => false,
            Place::Naming => !self.room.lines(actor, bytes).iter().any(is_doubtful),
            // What nobody hears must be followed by a line that is answered.
            Place::Member(_) => {
                self.room.others(actor).next().is_some()
                    || bytes.ends_with(b"\n")
                    || self.room.lines(actor, bytes).is_empty()
            }
        }
    }

    fn leaves(&mut self, actor: usize, way: Way) {
        let effects = self.room.leave(actor);
        let events: Vec<_> = effects
            .into_iter()
            .filter(|effect| *effect != Effect::Goodbye)
            .collect();
        match way {
            Way::Quits | Way::Closes => self.step(actor, "closes"),
            Way::Resets => self.step(actor, "resets"),
            Way::HalfCloses => {
                self.step(actor, "half-closes");
                self.expect(actor, &[Effect::Goodbye]);
            }
        }
        self.expect(actor, &events);
    }

    /// Whether nobody would hear that the actor has left: a server may take its time to notice a reset.
    fn is_unobserved(&self, actor: usize) -> bool {
        self.room.is_member(actor) && self.room.others(actor).next().is_none()
    }

    /// At least two others must go on reading, so that whatever happens is observed.
    fn can_stop_reading(&self, actor: usize) -> bool {
        let reading = self
            .room
            .others(actor)
            .filter(|other| !self.room.is_paused(*other));
        self.room.is_member(actor) && !self.room.is_paused(actor) && reading.count() > 1
    }

    fn resumes(&mut self, actor: usize) {
        self.room.pause(actor, false);
        self.step(actor, "resumes reading");
        for expected in std::mem::take(&mut self.deferred[actor]) {
            self.step(actor, &expected);
        }
    }

    /// The actor reads, and so does somebody else, if anybody else is there.
    fn make_observable(&mut self, actor: usize) {
        if self.room.is_paused(actor) {
            self.resumes(actor);
        }
        let others: Vec<_> = self.room.others(actor).collect();
        if others.iter().all(|other| self.room.is_paused(*other)) {
            others.into_iter().for_each(|other| self.resumes(other));
        }
    }

    /// Lists what the effects of an act send to everybody.
    fn expect(&mut self, actor: usize, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Welcome(nickname, count) => {
                    self.awaits(actor, &format!("* welcome {nickname} {count}"), "JOIN-1");
                    if *count > 0 {
                        self.step(actor, "<- here lines");
                    }
                }
                Effect::Refused(code) => {
                    let requirement = requirement_of(*code);
                    self.awaits(actor, &format!("! {code}"), requirement);
                }
                Effect::Goodbye => {
                    self.awaits(actor, "<quit>", "LEAVE-3");
                    self.step(actor, "is closed");
                }
                Effect::Joined(nickname) => {
                    self.others_await(actor, &format!("* joined {nickname}"), "JOIN-3");
                }
                Effect::Left(nickname) => {
                    self.others_await(actor, &format!("* left {nickname}"), "LEAVE-1");
                }
                Effect::Said(nickname, text) => {
                    self.others_await(actor, &format!("{nickname}: {text}"), "MSG-1");
                }
            }
        }
    }

    fn others_await(&mut self, actor: usize, line: &str, requirement: &str) {
        let awaited = self.awaited(line, requirement);
        let others: Vec<_> = self.room.others(actor).collect();
        let (paused, reading): (Vec<_>, Vec<_>) = others
            .into_iter()
            .partition(|other| self.room.is_paused(*other));
        for other in &paused {
            self.deferred[*other].push(awaited.clone());
        }
        match reading.as_slice() {
            [] => {}
            [other] => self.step(*other, &awaited),
            _ => {
                let _ = writeln!(self.steps, "others {awaited}");
            }
        }
    }

    fn awaits(&mut self, actor: usize, line: &str, requirement: &str) {
        let awaited = self.awaited(line, requirement);
        self.step(actor, &awaited);
    }

    fn awaited(&self, line: &str, requirement: &str) -> String {
        let line = after_arrow(line);
        if self.names_requirements {
            format!("<- {line} [{requirement}]")
        } else {
            format!("<- {line}")
        }
    }

    fn step(&mut self, actor: usize, phrase: &str) {
        let _ = writeln!(self.steps, "{} {phrase}", NAMES[actor]);
    }

    /// Nobody is left in the middle of a line, or without reading.
    fn settle(&mut self) {
        for actor in 0..NAMES.len() {
            if self.room.is_paused(actor) {
                self.resumes(actor);
            }
        }
        for actor in 0..NAMES.len() {
            if self.room.is_mid_line(actor) {
                self.sends(actor, b"\n");
            }
            if self.room.is_mid_line(actor) {
                // The line would be a nickname in doubt.
                self.leaves(actor, Way::Closes);
            }
        }
    }

    fn end(&mut self, shutdown: bool) {
        self.settle();
        if !shutdown {
            return;
        }
        for actor in 0..NAMES.len() {
            if *self.room.place(actor) == Place::Naming {
                // It is not known whether the server has accepted the connection.
                self.leaves(actor, Way::Closes);
            }
        }
        self.steps.push_str("server is interrupted\n");
        for actor in 0..NAMES.len() {
            if self.room.is_member(actor) {
                self.expect(actor, &[Effect::Goodbye]);
                self.room.leave(actor);
            }
        }
        self.steps.push_str("server exits\n");
    }
}

/// The phrase that sends bytes; `is_start` says that they begin a line.
fn written(bytes: &[u8], is_start: bool) -> String {
    let line = bytes
        .strip_suffix(b"\n")
        .filter(|line| !line.contains(&b'\n'));
    match line.map(std::str::from_utf8) {
        Some(Ok(line)) if is_start && !line.is_empty() && !line.ends_with('\r') => {
            format!("-> {}", after_arrow(line))
        }
        _ => format!("sends {}", quoted(bytes)),
    }
}

fn requirement_of(code: driver::wire::ErrorCode) -> &'static str {
    use driver::wire::ErrorCode;
    match code {
        ErrorCode::LineTooLong => "LINE-8",
        ErrorCode::NotUtf8 => "LINE-10",
        ErrorCode::ControlCharacter => "LINE-11",
        ErrorCode::UnknownCommand => "MSG-5",
        ErrorCode::NicknameInvalid => "NICK-3",
        ErrorCode::NicknameTaken => "NICK-6",
        ErrorCode::RoomFull => "ROOM-2",
    }
}
