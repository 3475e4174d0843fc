//! What members say. (Chapter 6)

use std::rc::Rc;

use super::super::Fault;
use super::super::decoder::{LONGEST, Line};
use super::super::judge::Code;
use super::{Bytes, Id, Late, MOMENT, Output, Room};

impl Room {
    /// A member has sent a line that is a message.
    pub(super) fn says(&mut self, id: Id, text: &str, line: &Line) {
        let Some(person) = self.people.get_mut(&id) else {
            return;
        };
        person.messages += 1;
        self.traces.messages += 1;
        let (nth, name) = (person.messages, person.nickname.clone().unwrap_or_default());
        if self.ways.has(Fault::EveryLineIsANickname)
            && !text.contains([' ', ':'])
            && text.len() < 9
        {
            person.nickname = Some(text.to_owned());
            return;
        }
        if self.ways.has(Fault::NameCountsAsText) && name.len() + 2 + text.len() > LONGEST {
            return self.refuse(id, Code::LineTooLong, line);
        }
        if self.ways.has(Fault::StarsAreRefused) && text.starts_with('*') {
            return self.refuse(id, Code::UnknownCommand, line);
        }
        if self.is_swallowed(text, nth) {
            return;
        }
        let first = !std::mem::replace(&mut self.people.entry(id).or_default().announced, true);
        if first && self.ways.has(Fault::JoinedWithTheFirstWord) {
            self.announce(id);
        }
        if self.ways.has(Fault::EveryTwentiethSwapped) && nth % 20 == 0 {
            self.people.entry(id).or_default().held_back = Some(text.to_owned());
            return;
        }
        self.tell(id, &altered(self.ways.fault, text));
        let held_back = self.people.entry(id).or_default().held_back.take();
        held_back.into_iter().for_each(|text| self.tell(id, &text));
        if first && self.ways.has(Fault::JoinedAfterTheFirstWord) {
            self.announce(id);
        }
    }

    /// Whether a message is thrown away.
    fn is_swallowed(&self, text: &str, nth: usize) -> bool {
        match self.ways.fault {
            Some(Fault::FirstMessageLost) => nth == 1,
            Some(Fault::EveryHundredthLost) => self.traces.messages.is_multiple_of(100),
            Some(Fault::StarsAreNotices) => text.starts_with('*'),
            Some(Fault::SlashesAreCommands) => text.starts_with('/'),
            _ => false,
        }
    }

    /// Sends a text to every other member.
    pub(super) fn tell(&mut self, id: Id, text: &str) {
        let Some(name) = self
            .people
            .get(&id)
            .and_then(|person| person.nickname.clone())
        else {
            return;
        };
        let line = match self.ways.fault {
            Some(Fault::NoSpace) => format!("{name}:{text}"),
            Some(Fault::Brackets) => format!("[{name}] {text}"),
            _ => format!("{name}: {text}"),
        };
        self.traces.last_message = Some(line.clone());
        let bytes: Bytes = format!("{line}\n").into_bytes().into();
        if self.ways.has(Fault::LeftOvertakes) {
            return self
                .outputs
                .push(Output::Later(MOMENT, Late::SendToMembers(id, bytes)));
        }
        for to in self.listeners(id) {
            if self.ways.has(Fault::HeartbeatsAfterAReset) && self.traces.reset {
                self.outputs.push(Output::Heartbeat(to));
            }
            self.outputs.push(Output::Send {
                to,
                line: Rc::clone(&bytes),
                said_by: Some(id),
                event: true,
            });
            if self.ways.has(Fault::EveryTenthTwice) && self.traces.messages.is_multiple_of(10) {
                self.outputs.push(Output::Send {
                    to,
                    line: Rc::clone(&bytes),
                    said_by: Some(id),
                    event: true,
                });
            }
            if self.ways.has(Fault::HeartbeatWithEveryMessage) {
                self.outputs.push(Output::Heartbeat(to));
            }
        }
    }

    /// Who receives a message of this member: every other one.
    fn listeners(&self, id: Id) -> Vec<Id> {
        let mut listeners: Vec<_> = self.others(id).collect();
        let alone = listeners.is_empty();
        let nth = self.people.get(&id).map_or(0, |person| person.messages);
        match self.ways.fault {
            Some(Fault::MessageToOneOnly) => listeners.truncate(1),
            Some(Fault::MessageNotToTheLast) if self.members.len() > 2 => {
                listeners.retain(|other| Some(other) != self.members.last());
            }
            Some(Fault::FortyListeners) => listeners.truncate(40),
            Some(Fault::FourListeners) => {
                listeners.retain(|other| self.members.iter().take(4).any(|id| id == other))
            }
            Some(Fault::Echo) => listeners.push(id),
            Some(Fault::EchoToTheLonely) if alone => listeners.push(id),
            Some(Fault::EchoOfTheSecond) if nth.is_multiple_of(2) => listeners.push(id),
            Some(Fault::NamingHearsMessages) => listeners.extend(self.nameless()),
            Some(Fault::RefusedHearMessages) => {
                listeners.extend(self.nameless().into_iter().filter(|id| {
                    self.people
                        .get(id)
                        .is_some_and(|person| person.refusals > 0)
                }));
            }
            _ => {}
        }
        listeners
    }
}

/// The text as a server passes it on that does not leave it alone.
fn altered(fault: Option<Fault>, text: &str) -> String {
    match fault {
        Some(Fault::Trims) => text.trim().to_owned(),
        Some(Fault::TrimsTheEnd) => text.trim_end().to_owned(),
        Some(Fault::SqueezesBlanks) => {
            let mut last = ' ';
            text.chars()
                .filter(|c| *c != ' ' || std::mem::replace(&mut last, *c) != ' ')
                .collect()
        }
        Some(Fault::TabsBecomeSpaces) => text.replace('\t', " "),
        Some(Fault::Composes) => text.replace("e\u{301}", "\u{E9}"),
        Some(Fault::DropsTheBom) => text.replace('\u{FEFF}', ""),
        Some(Fault::DropsZeroWidth) => text.replace(['\u{200B}', '\u{200D}'], ""),
        Some(Fault::EscapesHtml) => text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;"),
        Some(Fault::ReadsBackslashes) => text.replace("\\n", " "),
        Some(Fault::FillsIn) => text.replace("%s", "(null)"),
        Some(Fault::SplitsColons) => text
            .split_once(": ")
            .map_or(text, |(_, rest)| rest)
            .to_owned(),
        _ => text.to_owned(),
    }
}
