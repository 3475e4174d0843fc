//! The room as the specification describes it: what each act of a program causes.
//!
//! It is written from `spec/` and shares nothing with a server. It is only ever asked about acts that happen one after the
//! other, or whose effects do not depend on their order.

use std::borrow::Cow;

use driver::wire::{ClientLine, ErrorCode, LONGEST_CLIENT_LINE, Refusal, SentLines};

use super::nicknames;

/// What the server must send because of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Effect {
    /// The actor is welcomed; there are this many others.
    Welcome(String, usize),
    /// A refusal, to the actor.
    Refused(ErrorCode),
    /// `* joined NICK`, to the others.
    Joined(String),
    /// A message, to the others.
    Said(String, String),
    /// `* left NICK`, to the others.
    Left(String),
    /// `<quit>` and the end of the connection, to the actor.
    Goodbye,
}

/// The room, and those at its door.
#[derive(Debug, Default)]
pub(super) struct Room {
    capacity: Option<usize>,
    visitors: Vec<Visitor>,
}

#[derive(Debug, Default)]
struct Visitor {
    place: Place,
    /// The bytes since its last LF.
    unfinished: Vec<u8>,
    is_paused: bool,
}

#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) enum Place {
    #[default]
    Away,
    Naming,
    Member(String),
}

impl Room {
    pub(super) fn new(actors: usize, capacity: Option<u64>) -> Self {
        Self {
            capacity: capacity.and_then(|seats| usize::try_from(seats).ok()),
            visitors: std::iter::repeat_with(Visitor::default)
                .take(actors)
                .collect(),
        }
    }

    pub(super) fn place(&self, actor: usize) -> &Place {
        &self.visitors[actor].place
    }

    pub(super) fn is_member(&self, actor: usize) -> bool {
        matches!(self.place(actor), Place::Member(_))
    }

    /// Whether the actor has sent the beginning of a line.
    pub(super) fn is_mid_line(&self, actor: usize) -> bool {
        !self.visitors[actor].unfinished.is_empty()
    }

    pub(super) fn is_paused(&self, actor: usize) -> bool {
        self.visitors[actor].is_paused
    }

    pub(super) fn pause(&mut self, actor: usize, is_paused: bool) {
        self.visitors[actor].is_paused = is_paused;
    }

    /// The members but this actor.
    pub(super) fn others(&self, actor: usize) -> impl Iterator<Item = usize> {
        (0..self.visitors.len()).filter(move |other| *other != actor && self.is_member(*other))
    }

    /// The number of seats that are free; unlimited without a capacity.
    pub(super) fn free_seats(&self) -> usize {
        let taken = (0..self.visitors.len()).filter(|actor| self.is_member(*actor));
        self.capacity
            .map_or(usize::MAX, |seats| seats.saturating_sub(taken.count()))
    }

    pub(super) fn connect(&mut self, actor: usize) {
        self.visitors[actor] = Visitor {
            place: Place::Naming,
            ..Visitor::default()
        };
    }

    /// The lines that these bytes of the actor end.
    pub(super) fn lines(&self, actor: usize, bytes: &[u8]) -> Vec<Vec<u8>> {
        SentLines::default().feed(&[&self.visitors[actor].unfinished, bytes].concat())
    }

    /// The bytes, with an LF behind them if they leave a line unfinished that is too long: a server may refuse it before its
    /// LF comes or after (LINE-8), and nothing shows which.
    pub(super) fn without_early_refusal<'a>(&self, actor: usize, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        let start = bytes.iter().rposition(|byte| *byte == b'\n');
        let unfinished = match start {
            Some(lf) => bytes.len() - lf - 1,
            None => self.visitors[actor].unfinished.len() + bytes.len(),
        };
        if unfinished > LONGEST_CLIENT_LINE {
            Cow::Owned([bytes, b"\n"].concat())
        } else {
            Cow::Borrowed(bytes)
        }
    }

    /// The actor sends bytes (chapters 3 and 6).
    pub(super) fn send(&mut self, actor: usize, bytes: &[u8]) -> Vec<Effect> {
        let lines = self.lines(actor, bytes);
        let unfinished = &mut self.visitors[actor].unfinished;
        unfinished.extend_from_slice(bytes);
        let finished = unfinished.iter().rposition(|byte| *byte == b'\n');
        unfinished.drain(..finished.map_or(0, |lf| lf + 1));
        let mut effects = Vec::new();
        for line in lines {
            if self.visitors[actor].place == Place::Away {
                break; // What follows a goodbye is ignored (LEAVE-2).
            }
            self.line(actor, &line, &mut effects);
        }
        effects
    }

    /// The actor's side ends, in whatever way. A goodbye is due unless the connection is reset.
    pub(super) fn leave(&mut self, actor: usize) -> Vec<Effect> {
        let visitor = std::mem::take(&mut self.visitors[actor]);
        match visitor.place {
            Place::Member(nickname) => vec![Effect::Goodbye, Effect::Left(nickname)],
            Place::Naming => vec![Effect::Goodbye],
            Place::Away => Vec::new(),
        }
    }

    fn line(&mut self, actor: usize, line: &[u8], effects: &mut Vec<Effect>) {
        let refused = match ClientLine::parse(line) {
            ClientLine::Empty => return,
            ClientLine::Quit(_) => return effects.extend(self.leave(actor)),
            ClientLine::Text(text) => match &self.visitors[actor].place {
                Place::Member(nickname) => {
                    return effects.push(Effect::Said(nickname.clone(), text.to_owned()));
                }
                _ => return self.nickname(actor, text, effects),
            },
            ClientLine::UnknownCommand(_) => ErrorCode::UnknownCommand,
            ClientLine::Refused(_, Refusal::TooLong) => ErrorCode::LineTooLong,
            ClientLine::Refused(_, Refusal::NotUtf8) => ErrorCode::NotUtf8,
            ClientLine::Refused(_, Refusal::Control(_)) => ErrorCode::ControlCharacter,
        };
        effects.push(Effect::Refused(refused));
    }

    /// Whether servers may differ about this nickname: no list says whether it is valid, or it is taken and the room is full
    /// (ERR-2).
    pub(super) fn is_doubtful(&self, nickname: &str) -> bool {
        !nicknames::is_known(nickname) || (self.is_taken(nickname) && self.free_seats() == 0)
    }

    /// Whether the nickname equals that of a member (NICK-6).
    fn is_taken(&self, nickname: &str) -> bool {
        self.visitors.iter().any(|visitor| match &visitor.place {
            Place::Member(name) => name.eq_ignore_ascii_case(nickname),
            _ => false,
        })
    }

    fn nickname(&mut self, actor: usize, nickname: &str, effects: &mut Vec<Effect>) {
        if !nicknames::is_valid(nickname) {
            effects.push(Effect::Refused(ErrorCode::NicknameInvalid));
        } else if self.is_taken(nickname) {
            effects.push(Effect::Refused(ErrorCode::NicknameTaken));
        } else if self.free_seats() == 0 {
            effects.push(Effect::Refused(ErrorCode::RoomFull));
            effects.extend(self.leave(actor));
        } else {
            let present = self.others(actor).count();
            self.visitors[actor].place = Place::Member(nickname.to_owned());
            effects.push(Effect::Welcome(nickname.to_owned(), present));
            effects.push(Effect::Joined(nickname.to_owned()));
        }
    }
}
