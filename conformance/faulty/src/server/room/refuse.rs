//! What is answered to lines that are refused. (Chapter 11)

use super::super::decoder::Line;
use super::super::judge::Code;
use super::super::{Fault, Habit};
use super::{Bytes, Id, Late, MOMENT, Output, Room, Why};

impl Room {
    /// Exactly one error, to the one who sent the line.
    pub(super) fn refuse(&mut self, id: Id, code: Code, line: &Line) {
        let Some(person) = self.people.get_mut(&id) else {
            return;
        };
        person.refusals += 1;
        person.wanted = Some(String::from_utf8_lossy(&line.bytes).into_owned());
        let (refusals, naming) = (person.refusals, person.nickname.is_none());
        if self.ways.has(Fault::ErrorForMany) && person.together > 3 && refusals > 1 {
            return;
        }
        let error = self.error(code, line);
        match self.ways.fault {
            Some(Fault::ErrorsLate) if !naming => {
                return self
                    .outputs
                    .push(Output::Later(MOMENT, Late::Send(id, error)));
            }
            Some(Fault::ErrorTwice) => self.send_raw(id, error.clone()),
            Some(Fault::UnknownCommandTwice) if code == Code::UnknownCommand => {
                self.send_raw(id, error.clone())
            }
            Some(Fault::ErrorToEverybody) => {
                let others: Vec<_> = self.others(id).collect();
                others
                    .into_iter()
                    .for_each(|other| self.send_raw(other, error.clone()));
            }
            Some(Fault::RefusedAndSent) if !naming && code == Code::ControlCharacter => {
                let rest =
                    super::super::text::without_controls(&String::from_utf8_lossy(&line.bytes));
                self.tell(id, &format!("{rest}?"));
            }
            Some(Fault::RefusedJoins) if code == Code::NicknameInvalid && line.bytes.len() > 3 => {
                let announced = format!("* joined {}", String::from_utf8_lossy(&line.bytes));
                self.event(id, &announced);
            }
            _ => {}
        }
        self.send_raw(id, error);
        if self.refusal_ends(code, naming, refusals) {
            self.leave(id, Why::Quit);
        }
    }

    /// Whether a refusal ends the connection. It must not, but for a full room.
    fn refusal_ends(&self, code: Code, naming: bool, refusals: usize) -> bool {
        match (self.ways.fault, code) {
            (Some(Fault::EndsAtABinaryLine), Code::NotUtf8) => true,
            (Some(Fault::TooLongEndsTheConnection), Code::LineTooLong) => true,
            (Some(Fault::TooLongEndsNaming), Code::LineTooLong) => naming,
            (Some(Fault::ThreeTries), _) => naming && refusals >= 3,
            (Some(Fault::FortyTries), _) => naming && refusals >= 40,
            (Some(Fault::TakenNicknameIsFinal), Code::NicknameTaken) => true,
            (Some(Fault::TenErrors), _) => !naming && refusals >= 10,
            (Some(Fault::FullAndGoesOn), _) => false,
            (_, code) => code == Code::RoomFull,
        }
    }

    fn error(&self, code: Code, line: &Line) -> Bytes {
        let name = code.name();
        let repeated = || {
            [
                format!("! {name} ").as_bytes(),
                &line.bytes[..line.bytes.len().min(200)],
                b"\n",
            ]
            .concat()
        };
        let bytes = match (self.ways.fault, code) {
            (Some(Fault::ErrorEchoesTheLine), Code::ControlCharacter) => repeated(),
            (Some(Fault::ErrorEchoesTheCommand), Code::UnknownCommand) => [
                b"! unknown-command there is no command ".as_slice(),
                &line.bytes,
                b"\n",
            ]
            .concat(),
            (Some(Fault::ErrorsInColour), _) => {
                format!("! {name} \x1B[31mno\x1B[0m\n").into_bytes()
            }
            (Some(Fault::ErrorsInLatin1), _) => {
                [format!("! {name} non ").as_bytes(), b"\xE8 possibile\n"].concat()
            }
            (Some(Fault::OwnCode), Code::NicknameInvalid) => b"! bad-nickname\n".to_vec(),
            _ if self.ways.keeps(Habit::ExplainsAtLength) => format!(
                "! {name} {}\n",
                "così non si può, * left nessuno: ".repeat(12)
            )
            .into_bytes(),
            _ => format!("! {name}\n").into_bytes(),
        };
        bytes.into()
    }
}
