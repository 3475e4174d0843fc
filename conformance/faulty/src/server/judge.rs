//! What a line is: nothing, a wish to leave, a text, or something to refuse. (Chapters 2, 6 and 11)

use super::decoder::Line;
use super::{Fault, Ways, nickname, text};

/// Why a line is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Code {
    LineTooLong,
    NotUtf8,
    ControlCharacter,
    UnknownCommand,
    NicknameInvalid,
    NicknameTaken,
    RoomFull,
}

impl Code {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::LineTooLong => "line-too-long",
            Self::NotUtf8 => "not-utf8",
            Self::ControlCharacter => "control-character",
            Self::UnknownCommand => "unknown-command",
            Self::NicknameInvalid => "nickname-invalid",
            Self::NicknameTaken => "nickname-taken",
            Self::RoomFull => "room-full",
        }
    }
}

/// What a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    Nothing,
    Refused(Code),
    Quit,
    Text(String),
}

/// Judges a line by itself: neither names nor members matter.
pub(super) fn judge(ways: Ways, line: &Line, naming: bool) -> Meaning {
    if line.bytes.is_empty() && !line.too_long {
        return nothing(ways, line, naming);
    }
    let mut bytes = line.bytes.clone();
    if ways.has(Fault::CrlfNicknameOnly) && !naming && line.crlf {
        bytes.push(b'\r');
    }
    let lossy = String::from_utf8_lossy(&bytes);
    let decoded = text::decode(ways, &bytes, naming);
    let content = decoded.as_deref().unwrap_or(&lossy);
    let command = command(ways, content);
    let control = text::has_control(ways, content);
    let reasons = [
        (Code::LineTooLong, line.too_long),
        (Code::NotUtf8, decoded.is_none()),
        (Code::ControlCharacter, control),
        (Code::UnknownCommand, command == Some(Command::Unknown)),
        (
            Code::NicknameInvalid,
            naming && command.is_none() && nickname::is_invalid(ways, content),
        ),
    ];
    let holds = |code: Code| {
        reasons
            .iter()
            .any(|(reason, holds)| *reason == code && *holds)
    };
    if ways.has(Fault::QuitBeforeControls)
        && holds(Code::ControlCharacter)
        && text::without_controls(content) == "<quit>"
    {
        return Meaning::Quit;
    }
    if let Some(code) = order(ways).into_iter().find(|code| holds(*code)) {
        return forgiven(ways, code, content, naming);
    }
    if command == Some(Command::Quit) {
        return Meaning::Quit;
    }
    Meaning::Text(content.to_owned())
}

/// The order in which the reasons for a refusal are looked at.
fn order(ways: Ways) -> [Code; 5] {
    use Code::{ControlCharacter, LineTooLong, NicknameInvalid, NotUtf8, UnknownCommand};
    match ways.fault {
        Some(Fault::Utf8BeforeLength) => [
            NotUtf8,
            LineTooLong,
            ControlCharacter,
            UnknownCommand,
            NicknameInvalid,
        ],
        Some(Fault::ControlsBeforeLength) => [
            ControlCharacter,
            LineTooLong,
            NotUtf8,
            UnknownCommand,
            NicknameInvalid,
        ],
        Some(Fault::ControlsBeforeUtf8) => [
            LineTooLong,
            ControlCharacter,
            NotUtf8,
            UnknownCommand,
            NicknameInvalid,
        ],
        Some(Fault::CommandsBeforeControls) => [
            LineTooLong,
            NotUtf8,
            UnknownCommand,
            ControlCharacter,
            NicknameInvalid,
        ],
        Some(Fault::NamesBeforeControls) => [
            LineTooLong,
            NotUtf8,
            NicknameInvalid,
            ControlCharacter,
            UnknownCommand,
        ],
        _ => [
            LineTooLong,
            NotUtf8,
            ControlCharacter,
            UnknownCommand,
            NicknameInvalid,
        ],
    }
}

/// What becomes of a line that is to be refused, at the hands of a server that does not refuse it.
fn forgiven(ways: Ways, code: Code, content: &str, naming: bool) -> Meaning {
    match (ways.fault, code) {
        (Some(Fault::ControlsStripped), Code::ControlCharacter) if !naming => {
            Meaning::Text(format!("{}.", text::without_controls(content)))
        }
        (Some(Fault::CrInsideIsAnEnd), Code::ControlCharacter) if content.contains('\r') => {
            Meaning::Text(content.replace('\r', " "))
        }
        (Some(Fault::ControlsInNicknames), Code::ControlCharacter) if naming => {
            Meaning::Refused(Code::NicknameInvalid)
        }
        (Some(Fault::CommandsAreMessages), Code::UnknownCommand) if !naming => {
            Meaning::Text(content.to_owned())
        }
        (Some(Fault::CommandsAreIgnored), Code::UnknownCommand) => Meaning::Nothing,
        (Some(Fault::CommandsAreBadNames), Code::UnknownCommand) if naming => {
            Meaning::Refused(Code::NicknameInvalid)
        }
        (Some(Fault::NamesBeforeCommands), Code::UnknownCommand)
            if naming && content.contains(' ') =>
        {
            Meaning::Refused(Code::NicknameInvalid)
        }
        _ => Meaning::Refused(code),
    }
}

fn nothing(ways: Ways, line: &Line, naming: bool) -> Meaning {
    match ways.fault {
        Some(Fault::EmptyMessageSent) if !naming => Meaning::Text(String::new()),
        Some(Fault::EmptyCrlfMessageSent) if !naming && line.crlf => Meaning::Text(String::new()),
        Some(Fault::EmptyNicknameRefused) if naming => Meaning::Refused(Code::NicknameInvalid),
        _ => Meaning::Nothing,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Command {
    Quit,
    Unknown,
}

/// `<name>`, `<name arguments>` or `{quit}`.
fn command(ways: Ways, line: &str) -> Option<Command> {
    if is_quit(ways, line) {
        return Some(Command::Quit);
    }
    let inner = line.strip_prefix('<')?.strip_suffix('>')?;
    if ways.has(Fault::AnglesAreCommands) {
        return Some(Command::Unknown);
    }
    let blank: &[char] = if ways.has(Fault::TabsSeparateArguments) {
        &[' ', '\t']
    } else {
        &[' ']
    };
    let (name, arguments) = inner
        .split_once(blank)
        .map_or((inner, None), |(name, rest)| (name, Some(rest)));
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let shortest = if ways.has(Fault::ShortCommandsAreMessages) {
        2
    } else {
        1
    };
    let named = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(letters)
        && name.len() >= shortest;
    let argued = arguments.is_none_or(|arguments| {
        (!arguments.is_empty() || ways.has(Fault::CommandsMayEndWithABlank))
            && !arguments.contains(['<', '>'])
            && (arguments.is_ascii() || !ways.has(Fault::AsciiArgumentsOnly))
    });
    (named && argued).then_some(Command::Unknown)
}

fn is_quit(ways: Ways, line: &str) -> bool {
    let spelled = match ways.fault {
        Some(Fault::BracesAreText) => line == "<quit>",
        Some(Fault::QuitAnywhere) => line.contains("<quit>") || line == "{quit}",
        Some(Fault::QuitTrimmed) => matches!(line.trim(), "<quit>" | "{quit}"),
        Some(Fault::QuitInAnyCase) => {
            matches!(line.to_ascii_lowercase().as_str(), "<quit>" | "{quit}")
        }
        Some(Fault::QuitWithoutMarks) => matches!(line, "<quit>" | "{quit}" | "quit"),
        Some(Fault::QuitWithArguments) => line.starts_with("<quit ") && line.ends_with('>'),
        Some(Fault::QuitByItsStart) => line.starts_with("<quit") && line.ends_with('>'),
        _ => false,
    };
    let wrong = ways.has(Fault::BracesAreText);
    spelled || (!wrong && matches!(line, "<quit>" | "{quit}"))
}
