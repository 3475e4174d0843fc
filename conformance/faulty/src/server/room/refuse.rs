//! Errors. (Chapter 11)

use super::departure::Departure;
use super::output::{Bytes, ConnId};
use super::state::{MOMENT, Room, encode};
use super::timers::Action;
use crate::server::decoder::{Line, MEBIBYTE};
use crate::server::error_code::ErrorCode;
use crate::server::fault::Fault;
use crate::server::habit::Habit;
use crate::server::text;

impl Room {
    /// Sends exactly one error, to the sender of the line (ERR-1).
    pub(super) fn refuse(&mut self, id: ConnId, code: ErrorCode, line: &Line) {
        let Some(peer) = self.peers.get_mut(&id) else {
            return;
        };
        let content = String::from_utf8_lossy(&line.bytes);
        peer.refusals += 1;
        peer.refused_line = Some(content.clone().into_owned());
        let (refusals, naming) = (peer.refusals, peer.nickname.is_none());
        if self.behaviour.has(Fault::ErrorForMany) && peer.batch > 3 && refusals > 1 {
            return;
        }
        let error = self.error(code, line);
        match (self.behaviour.fault, code) {
            (Some(Fault::ErrorsLate), _) if !naming => {
                return self.later(MOMENT, Action::Send(id, error));
            }
            (Some(Fault::ErrorTwice), _)
            | (Some(Fault::UnknownCommandTwice), ErrorCode::UnknownCommand) => {
                self.reply_bytes(id, error.clone())
            }
            (Some(Fault::TwoErrorsForTheVeryLong), _) if line.length > 64 * 1024 => {
                self.reply_bytes(id, error.clone())
            }
            (Some(Fault::ErrorToEverybody), _) => {
                for other in self.others(id) {
                    self.reply_bytes(other, error.clone());
                }
            }
            (Some(Fault::RefusedAndSent), ErrorCode::ControlCharacter) if !naming => {
                self.pass_on(id, &format!("{}?", text::without_controls(&content)));
            }
            (Some(Fault::RefusedJoins), ErrorCode::NicknameInvalid) if line.bytes.len() > 3 => {
                self.notify(id, &format!("* joined {content}"));
            }
            _ => {}
        }
        self.reply_bytes(id, error);
        if self.behaviour.has(Fault::FullAndListens) && code == ErrorCode::RoomFull {
            self.later(MOMENT, Action::Close(id));
        }
        if self.behaviour.has(Fault::SeatKeptAfterRoomFull) && code == ErrorCode::RoomFull {
            self.history.lost_seats += 1;
        }
        if self.refusal_closes(code, naming, refusals)
            || (self.behaviour.has(Fault::VeryLongEndsTheConnection) && line.length > MEBIBYTE)
        {
            self.leave_room(id, Departure::Quit);
        }
    }

    /// Whether a refusal closes the connection: only that of a full room does (ROOM-2), unless a fault deviates.
    fn refusal_closes(&self, code: ErrorCode, naming: bool, refusals: usize) -> bool {
        match (self.behaviour.fault, code) {
            (Some(Fault::EndsAtABinaryLine), ErrorCode::NotUtf8) => true,
            (Some(Fault::TooLongEndsTheConnection), ErrorCode::LineTooLong) => true,
            (Some(Fault::TooLongEndsNaming), ErrorCode::LineTooLong) => naming,
            (Some(Fault::ThreeTries), _) => naming && refusals >= 3,
            (Some(Fault::FortyTries), _) => naming && refusals >= 40,
            (Some(Fault::HundredTries), _) => naming && refusals >= 100,
            (Some(Fault::TakenNicknameIsFinal), ErrorCode::NicknameTaken) => true,
            (Some(Fault::TenErrors), _) => !naming && refusals >= 10,
            (Some(Fault::FullAndGoesOn | Fault::FullAndListens), _) => false,
            (_, code) => code == ErrorCode::RoomFull,
        }
    }

    fn error(&self, code: ErrorCode, line: &Line) -> Bytes {
        let name = code.as_str();
        let explained = |explanation: &[u8]| -> Bytes {
            [b"! ", name.as_bytes(), b" ", explanation, b"\n"]
                .concat()
                .into()
        };
        match (self.behaviour.fault, code) {
            (Some(Fault::ErrorEchoesTheLine), ErrorCode::ControlCharacter) => {
                explained(&line.bytes[..line.bytes.len().min(200)])
            }
            (Some(Fault::ErrorEchoesTheCommand), ErrorCode::UnknownCommand) => {
                explained(&[b"there is no command ", &line.bytes[..]].concat())
            }
            (Some(Fault::ErrorsInColour), _) => explained(b"\x1B[31mno\x1B[0m"),
            (Some(Fault::ErrorsInLatin1), _) => explained(b"non \xE8 possibile"),
            (Some(Fault::OwnCode), ErrorCode::NicknameInvalid) => encode("! bad-nickname"),
            _ if self.behaviour.keeps(Habit::ExplainsAtLength) => {
                let explanation = "così non si può, * left nessuno: ".repeat(12);
                explained(explanation.as_bytes())
            }
            _ => encode(&format!("! {name}")),
        }
    }
}
