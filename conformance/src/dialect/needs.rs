//! Whether a scenario applies in a dialect: each step must be one that the dialect can say.

use std::collections::{BTreeMap, BTreeSet};

use driver::wire::{ClientLine, Code, ErrorCode, Event, Refusal, ServerLine};

use super::lack::Lack;
use super::words::{Alphabet, Dialect, Word};
use crate::runner::unrolled::{Unrolled, unroll};
use crate::scenario::{Act, Await, Counters, Scenario, StepKind, Who};

/// What a dialect lacks for a scenario; `None` if the scenario applies.
pub fn lack(dialect: &Dialect, scenario: &Scenario) -> Option<Lack> {
    let first = scenario.first_id().as_str();
    let proves = by_first_requirement(dialect, first).err();
    proves.or_else(|| {
        let ids = scenario.proves.iter();
        let mut reader = Reader {
            dialect,
            any_framing: first == "LINE-1",
            any_length: ids
                .into_iter()
                .any(|id| matches!(id.as_str(), "LINE-7" | "MSG-3")),
            actors: BTreeMap::new(),
            names: BTreeSet::new(),
        };
        let steps = unroll(&scenario.steps, &Counters::default());
        let mut steps = steps.iter().flat_map(Unrolled::steps);
        steps.find_map(|(step, counters)| reader.step(&step.kind, counters).err())
    })
}

type Checked = Result<(), Lack>;

fn need(is_there: bool, lack: Lack) -> Checked {
    if is_there { Ok(()) } else { Err(lack) }
}

/// What a scenario needs because of the requirement that it is about.
fn by_first_requirement(dialect: &Dialect, first: &str) -> Checked {
    match first {
        "JOIN-2" | "ORDER-4" => need(dialect.has_list(), Lack::List),
        "LEAVE-2" => need(dialect.has(Word::Quit), Lack::Quit),
        "LEAVE-3" => need(dialect.has(Word::Goodbye), Lack::Goodbye),
        "LEAVE-7" => need(dialect.has_goodbye(), Lack::Goodbye),
        "LEAVE-1" | "STOP-2" => need(dialect.announces_leaving(), Lack::Left),
        "JOIN-3" => need(dialect.announces_joining(), Lack::Joined),
        "MSG-2" => need(!dialect.echo, Lack::Echo),
        "JOIN-4" => need(!dialect.history, Lack::History),
        _ => Ok(()),
    }
}

/// Reads the steps of a scenario, and follows who has a name.
struct Reader<'a> {
    dialect: &'a Dialect,
    any_framing: bool,
    any_length: bool,
    actors: BTreeMap<String, Actor>,
    /// The nicknames that were asked for.
    names: BTreeSet<String>,
}

#[derive(Default)]
struct Actor {
    is_member: bool,
    /// The nickname that it has asked for last, until something comes in answer.
    asked: Option<String>,
    /// The write with the nickname held more. Where a refusal ends the connection, that is lost.
    sent_more: bool,
}

impl Reader<'_> {
    fn step(&mut self, kind: &StepKind, counters: &Counters) -> Checked {
        match kind {
            StepKind::Act { actor, act } => self.act(&actor.text(counters), act, counters),
            StepKind::Await { who, what, .. } => {
                let actor = match who {
                    Who::Actor(actor) => Some(actor.text(counters)),
                    Who::Others => None,
                };
                match what {
                    Await::Line(line) | Await::Eventually(line) => {
                        self.expects(actor, &line.text(counters))
                    }
                    _ => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    fn act(&mut self, name: &str, act: &Act, counters: &Counters) -> Checked {
        match act {
            Act::Connects => {
                self.actors.insert(name.to_owned(), Actor::default());
            }
            Act::Joins { nickname } => {
                let nickname = nickname
                    .as_ref()
                    .map_or(name.to_owned(), |text| text.text(counters));
                self.takes(&nickname)?;
                self.names.insert(nickname);
                let member = Actor {
                    is_member: true,
                    ..Actor::default()
                };
                self.actors.insert(name.to_owned(), member);
            }
            Act::Says(line) => {
                let bytes = [line.bytes(counters), vec![b'\n']].concat();
                self.sends(name, &bytes)?;
            }
            Act::Sends(bytes) | Act::SendsUntilCutOff(bytes) | Act::KeepsSending(bytes) => {
                self.sends(name, &bytes.bytes(counters))?;
            }
            Act::HalfCloses => {
                let actor = self.actors.entry(name.to_owned()).or_default();
                let is_named = actor.is_member || actor.asked.is_some();
                let lack = Lack::GoodbyeAfterFin;
                need(is_named || self.dialect.goodbye_after_fin, lack)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn sends(&mut self, name: &str, bytes: &[u8]) -> Checked {
        let is_line = bytes.iter().position(|byte| *byte == b'\n') == Some(bytes.len() - 1);
        let framing = self.dialect.framing_in.is_line();
        need(is_line || framing || self.any_framing, Lack::Framing)?;
        need(!bytes.contains(&b'\r') || self.dialect.drops_cr, Lack::Cr)?;
        let actor = self.actors.entry(name.to_owned()).or_default();
        actor.sent_more = bytes.contains(&b'\n') && !is_line;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            self.line(name, line.strip_suffix(b"\r").unwrap_or(line))?;
        }
        Ok(())
    }

    fn line(&mut self, name: &str, line: &[u8]) -> Checked {
        let refusal = |code| need(self.dialect.refuses(code), Lack::Refusal { code });
        match ClientLine::parse(line) {
            ClientLine::Empty => need(self.dialect.ignores_empty_lines, Lack::EmptyLines)?,
            ClientLine::Quit(_) => {}
            ClientLine::UnknownCommand(_) => refusal(ErrorCode::UnknownCommand)?,
            ClientLine::Refused(_, Refusal::TooLong) => refusal(ErrorCode::LineTooLong)?,
            ClientLine::Refused(_, Refusal::NotUtf8) => refusal(ErrorCode::NotUtf8)?,
            ClientLine::Refused(_, Refusal::Control(_)) => refusal(ErrorCode::ControlCharacter)?,
            ClientLine::Text(text) => self.text(name, text)?,
        }
        Ok(())
    }

    fn text(&mut self, name: &str, text: &str) -> Checked {
        /// Any server carries a text of so many bytes.
        const ORDINARY: usize = 1000;
        let longest = self.dialect.longest;
        let is_short = text.len() <= longest.unwrap_or(ORDINARY);
        need(
            is_short || longest.is_none() && self.any_length,
            Lack::LongTexts,
        )?;
        need(text.is_ascii() || !self.dialect.is_ascii, Lack::NonAscii)?;
        let text = text.to_owned();
        need(
            !self.dialect.is_command(&text),
            Lack::Text { text: text.clone() },
        )?;
        let actor = self.actors.entry(name.to_owned()).or_default();
        if !actor.is_member && actor.asked.is_none() {
            actor.asked = Some(text);
        }
        Ok(())
    }

    /// The dialect must allow a nickname.
    fn takes(&self, nickname: &str) -> Checked {
        let lack = Lack::Nickname {
            nickname: nickname.to_owned(),
        };
        need(self.dialect.allows(nickname), lack)
    }

    fn expects(&mut self, name: Option<String>, line: &str) -> Checked {
        let parsed = ServerLine::parse(line);
        if let Some(Event::Left(_)) = parsed.event() {
            need(self.dialect.announces_leaving(), Lack::Left)?;
        }
        if let Some(Event::Joined(_)) = parsed.event() {
            need(self.dialect.announces_joining(), Lack::Joined)?;
        }
        let actor = name.map(|name| self.actors.entry(name).or_default());
        let is_lost = actor.as_ref().is_some_and(|actor| actor.sent_more)
            && self.dialect.closes_after_refusal;
        let asked = actor.and_then(|actor| {
            actor.is_member |= matches!(parsed, ServerLine::Welcome { .. });
            actor.asked.take()
        });
        match (parsed, asked) {
            (
                ServerLine::Error {
                    code: Code::Defined(code),
                    ..
                },
                asked,
            ) => {
                let goes_on = asked.is_none() || !is_lost;
                need(
                    self.dialect.refuses(code) && goes_on,
                    Lack::Refusal { code },
                )?;
                let nickname = asked.unwrap_or_default();
                let is_certain = match code {
                    ErrorCode::NicknameInvalid => self.forbids(&nickname),
                    // Elsewhere the same name in another case may be another one.
                    ErrorCode::NicknameTaken => {
                        self.names.contains(&nickname) || self.dialect.alphabet == Alphabet::Salotto
                    }
                    _ => true,
                };
                need(is_certain, Lack::Nickname { nickname })
            }
            (_, Some(nickname)) => {
                let taken = self.takes(&nickname);
                self.names.insert(nickname);
                taken
            }
            _ => Ok(()),
        }
    }

    /// Whether every server of the dialect refuses a nickname.
    fn forbids(&self, nickname: &str) -> bool {
        match self.dialect.alphabet {
            Alphabet::Salotto => true,
            Alphabet::Alphanumeric => nickname.bytes().any(|byte| !byte.is_ascii_alphanumeric()),
            Alphabet::Any => false,
        }
    }
}
