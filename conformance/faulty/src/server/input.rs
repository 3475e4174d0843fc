//! What a line means by itself, whoever is in the room. (Chapters 2, 6 and 11)

use super::behaviour::Behaviour;
use super::decoder::Line;
use super::error_code::ErrorCode;
use super::fault::Fault;
use super::{command, nickname, text};
use crate::line;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    Ignored,
    Refused(ErrorCode),
    Quit,
    /// A message, or a nickname while naming.
    Text(String),
}

impl Input {
    /// Classifies a line. If there are several reasons to refuse it, the first one in the order of precedence counts (ERR-2).
    pub(super) fn of(line: &Line, naming: bool, behaviour: Behaviour) -> Self {
        if line.is_empty() {
            return of_empty_line(line, naming, behaviour);
        }
        let mut bytes = line.bytes.clone();
        if behaviour.has(Fault::CrlfNicknameOnly) && !naming && line.crlf {
            bytes.push(b'\r');
        }
        let lossy = String::from_utf8_lossy(&bytes);
        let decoded = text::decode(&bytes, naming, behaviour);
        let content = decoded.as_deref().unwrap_or(&lossy);
        let is_quit = command::is_quit(content, behaviour);
        let is_command = !is_quit && command::is_command(content, behaviour);
        let is_refused = |code: &ErrorCode| match code {
            ErrorCode::LineTooLong => line.too_long,
            ErrorCode::NotUtf8 => decoded.is_none(),
            ErrorCode::ControlCharacter => text::has_control(content, behaviour),
            ErrorCode::UnknownCommand => is_command,
            _ => naming && !is_quit && !is_command && nickname::is_invalid(content, behaviour),
        };
        if behaviour.has(Fault::QuitBeforeControls) && text::without_controls(content) == "<quit>" {
            return Self::Quit;
        }
        match precedence(behaviour).into_iter().find(is_refused) {
            Some(code) => of_refused_line(code, content, naming, behaviour),
            None if is_quit => Self::Quit,
            None => Self::Text(content.to_owned()),
        }
    }
}

/// The order in which the reasons for a refusal are checked (ERR-2).
fn precedence(behaviour: Behaviour) -> [ErrorCode; 5] {
    let mut order = [
        ErrorCode::LineTooLong,
        ErrorCode::NotUtf8,
        ErrorCode::ControlCharacter,
        ErrorCode::UnknownCommand,
        ErrorCode::NicknameInvalid,
    ];
    match behaviour.fault {
        Some(Fault::Utf8BeforeLength) => order.swap(0, 1),
        Some(Fault::ControlsBeforeLength) => order[..3].rotate_right(1),
        Some(Fault::ControlsBeforeUtf8) => order.swap(1, 2),
        Some(Fault::CommandsBeforeControls) => order.swap(2, 3),
        Some(Fault::NamesBeforeControls) => order[2..].rotate_right(1),
        _ => {}
    }
    order
}

/// An empty line is ignored in every state (LINE-5).
fn of_empty_line(line: &Line, naming: bool, behaviour: Behaviour) -> Input {
    match behaviour.fault {
        Some(Fault::EmptyMessageSent) if !naming => Input::Text(String::new()),
        Some(Fault::EmptyCrlfMessageSent) if !naming && line.crlf => Input::Text(String::new()),
        Some(Fault::EmptyNicknameRefused) if naming => Input::Refused(ErrorCode::NicknameInvalid),
        _ => Input::Ignored,
    }
}

/// Whether a text is neither empty nor holds a control character.
fn is_clean(text: &str) -> bool {
    !text.is_empty() && !text.contains(line::is_control)
}

/// A line that is to be refused, unless a fault makes something else of it.
fn of_refused_line(code: ErrorCode, content: &str, naming: bool, behaviour: Behaviour) -> Input {
    match (behaviour.fault, code) {
        (Some(Fault::ControlsStripped), ErrorCode::ControlCharacter) if !naming => {
            Input::Text(format!("{}.", text::without_controls(content)))
        }
        (Some(Fault::ControlsAtTheEndTrimmed), ErrorCode::ControlCharacter)
            if is_clean(content.trim_end_matches(line::is_control)) =>
        {
            Input::Text(content.trim_end_matches(line::is_control).to_owned())
        }
        (Some(Fault::ControlsAtTheStartTrimmed), ErrorCode::ControlCharacter)
            if is_clean(content.trim_start_matches(line::is_control)) =>
        {
            Input::Text(content.trim_start_matches(line::is_control).to_owned())
        }
        (Some(Fault::CrInsideIsAnEnd), ErrorCode::ControlCharacter) if content.contains('\r') => {
            Input::Text(content.replace('\r', " "))
        }
        (Some(Fault::ControlsInNicknames), ErrorCode::ControlCharacter) if naming => {
            Input::Refused(ErrorCode::NicknameInvalid)
        }
        (Some(Fault::CommandsAreMessages), ErrorCode::UnknownCommand) if !naming => {
            Input::Text(content.to_owned())
        }
        (Some(Fault::CommandsAreIgnored), ErrorCode::UnknownCommand) => Input::Ignored,
        (Some(Fault::CommandsAreBadNames), ErrorCode::UnknownCommand) if naming => {
            Input::Refused(ErrorCode::NicknameInvalid)
        }
        (Some(Fault::NamesBeforeCommands), ErrorCode::UnknownCommand)
            if naming && content.contains(' ') =>
        {
            Input::Refused(ErrorCode::NicknameInvalid)
        }
        _ => Input::Refused(code),
    }
}
