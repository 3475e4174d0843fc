//! Messages: what reaches whom. (Chapter 6)

use std::rc::Rc;

use super::output::{ConnId, Kind, Output};
use super::state::{MOMENT, Room, encode};
use super::timers::Action;
use crate::server::fault::Fault;

impl Room {
    /// A member sends a message.
    pub(super) fn message(&mut self, id: ConnId, text: &str) {
        let Some(peer) = self.peers.get_mut(&id) else {
            return;
        };
        peer.messages += 1;
        self.history.messages += 1;
        let nth = peer.messages;
        let could_be_nickname = !text.contains([' ', ':']) && text.len() < 9;
        if self.behaviour.has(Fault::EveryLineIsANickname) && could_be_nickname {
            peer.nickname = Some(text.to_owned());
            return;
        }
        if is_lost(self.behaviour.fault, text, nth, self.history.messages) {
            return;
        }
        let first = !std::mem::replace(&mut peer.announced, true);
        let held_back = peer.held_back.take();
        if self.behaviour.has(Fault::EveryTwentiethSwapped) && nth % 20 == 0 {
            peer.held_back = Some(text.to_owned());
            return;
        }
        if first && self.behaviour.has(Fault::JoinedWithTheFirstWord) {
            self.announce_joined(id);
        }
        let mut text = altered(self.behaviour.fault, text);
        if self.behaviour.has(Fault::OwnNameCut)
            && let Some(name) = self.peers.get(&id).and_then(|peer| peer.nickname.as_ref())
            && let Some(rest) = text.strip_prefix(&format!("{name}: "))
        {
            text = rest.to_owned();
        }
        self.pass_on(id, &text);
        if let Some(text) = held_back {
            self.pass_on(id, &text);
        }
        if first && self.behaviour.has(Fault::JoinedAfterTheFirstWord) {
            self.announce_joined(id);
        }
    }

    /// Sends a text to every other member (MSG-1, MSG-2).
    pub(super) fn pass_on(&mut self, id: ConnId, text: &str) {
        let nickname = self.peers.get(&id).and_then(|peer| peer.nickname.as_ref());
        let Some(name) = nickname else {
            return;
        };
        let line = match self.behaviour.fault {
            Some(Fault::NoSpace) => format!("{name}:{text}"),
            Some(Fault::Brackets) => format!("[{name}] {text}"),
            _ => format!("{name}: {text}"),
        };
        let bytes = encode(&line);
        self.history.last_message = Some(line);
        if self.behaviour.has(Fault::LeftOvertakes) {
            return self.later(MOMENT, Action::SendToOthers(id, bytes));
        }
        let twice =
            self.behaviour.has(Fault::EveryTenthTwice) && self.history.messages.is_multiple_of(10);
        for to in self.recipients(id) {
            if self.behaviour.has(Fault::HeartbeatsAfterAReset) && self.history.reset {
                self.reply(to, "");
            }
            for _ in 0..=usize::from(twice) {
                let (line, kind) = (Rc::clone(&bytes), Kind::Message(id));
                self.output(Output::Send { to, line, kind });
            }
            if self.behaviour.has(Fault::HeartbeatWithEveryMessage) {
                self.reply(to, "");
            }
        }
    }

    fn recipients(&self, id: ConnId) -> Vec<ConnId> {
        let mut recipients = self.others(id);
        let alone = recipients.is_empty();
        let sent = self.peers.get(&id).map_or(0, |peer| peer.messages);
        match self.behaviour.fault {
            Some(Fault::MessageToOneOnly) => recipients.truncate(1),
            Some(Fault::MessageNotToTheLast) if self.members.len() > 2 => {
                recipients.retain(|other| Some(other) != self.members.last());
            }
            Some(Fault::FortyListeners) => recipients.truncate(40),
            Some(Fault::FourListeners) => {
                recipients.retain(|other| self.members.iter().take(4).any(|id| id == other))
            }
            Some(Fault::Echo) => recipients.push(id),
            Some(Fault::EchoToTheLonely) if alone => recipients.push(id),
            Some(Fault::EchoOfTheSecond) if sent.is_multiple_of(2) => recipients.push(id),
            Some(Fault::NamingHearsMessages) => recipients.extend(self.naming()),
            Some(Fault::RefusedHearMessages) => {
                let mut refused = self.naming();
                refused.retain(|id| self.peers.get(id).is_some_and(|peer| peer.refusals > 0));
                recipients.extend(refused);
            }
            _ => {}
        }
        recipients
    }
}

/// Whether a message is lost. `nth` counts the messages of its sender, `total` those of the room.
fn is_lost(fault: Option<Fault>, text: &str, nth: usize, total: usize) -> bool {
    match fault {
        Some(Fault::FirstMessageLost) => nth == 1,
        Some(Fault::EveryHundredthLost) => total.is_multiple_of(100),
        Some(Fault::StarsAreNotices) => text.starts_with('*'),
        Some(Fault::AtsArePrivate) => text.starts_with('@'),
        Some(Fault::SlashesAreCommands) => text.starts_with('/'),
        _ => false,
    }
}

/// A text as it is passed on: byte for byte (MSG-3), unless a fault alters it.
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
