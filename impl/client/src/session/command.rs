//! Parses what the user typed: a message, a local command, or something to confirm first.

use salotto_protocol::line::is_control;
use salotto_protocol::{Input, MAX_CLIENT_LINE};

/// What a submitted text means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Command {
    /// The text is empty.
    Nothing,
    /// `/quit`: leave the room.
    Quit,
    /// `/help`: show what can be typed.
    Help,
    /// `/send`: send what the [`Question`] is about.
    Confirm,
    /// Send one line as a message.
    Say(String),
    /// Ask the user before sending anything.
    Ask(Question),
}

/// Lines that are sent only if the user confirms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    /// The lines to send; at least one.
    pub(crate) lines: Vec<String>,
    /// The number of lines that the server would take for commands (CLIENT-4). If `<quit>` is one of them, sending it
    /// leaves the room.
    pub(crate) commands: usize,
    /// The text as it was typed, to be restored if the answer is no.
    pub(super) text: String,
}

/// Why a text was not sent. The draft still holds it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// A line exceeds [`MAX_CLIENT_LINE`] (CLIENT-3).
    #[error("a line has at most {MAX_CLIENT_LINE} bytes, and this one has {bytes}")]
    TooLong {
        /// The length of the line in bytes.
        bytes: usize,
    },
    /// The text contains a control character (CLIENT-3).
    #[error("the text contains the control character U+{:04X}", u32::from(*.0))]
    Control(char),
    /// There is no such local command. Two leading slashes send a message that starts with one.
    #[error("there is no command {0}")]
    UnknownCommand(String),
    /// The user is not in the room.
    #[error("nothing can be sent before the server has accepted a nickname")]
    NotJoined,
    /// Too many bytes are waiting to be sent ([`MAX_UNSENT`](super::MAX_UNSENT)).
    #[error("the server has not yet read what was sent before")]
    Busy,
    /// The nickname is empty, or the server would take it for a command.
    #[error("this cannot be a nickname")]
    NotANickname,
}

impl Command {
    /// Parses one line, or several that were pasted.
    pub(crate) fn parse(text: &str) -> Result<Self, InputError> {
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        match lines[..] {
            [] => Ok(Self::Nothing),
            [line] => Self::parse_line(line, text),
            _ => {
                for line in &lines {
                    check_line(line)?;
                }
                Ok(Self::ask(&lines, text))
            }
        }
    }

    fn parse_line(line: &str, text: &str) -> Result<Self, InputError> {
        if let Some(command) = line.strip_prefix('/') {
            return match command.trim_end() {
                "quit" => Ok(Self::Quit),
                "help" => Ok(Self::Help),
                "send" => Ok(Self::Confirm),
                _ if command.starts_with('/') => {
                    check_line(command)?;
                    Ok(Self::Say(command.to_owned()))
                }
                _ => {
                    let word = line.split_whitespace().next().unwrap_or(line);
                    Err(InputError::UnknownCommand(word.to_owned()))
                }
            };
        }
        check_line(line)?;
        match Input::of(line) {
            Input::Empty | Input::Text(_) => Ok(Self::Say(line.to_owned())),
            Input::Quit | Input::UnknownCommand => Ok(Self::ask(&[line], text)),
        }
    }

    fn ask(lines: &[&str], text: &str) -> Self {
        Self::Ask(Question {
            lines: lines.iter().map(|&line| line.to_owned()).collect(),
            commands: lines.iter().filter(|line| is_server_command(line)).count(),
            text: text.to_owned(),
        })
    }
}

/// Whether the server would take the line for a command.
pub(super) fn is_server_command(line: &str) -> bool {
    matches!(Input::of(line), Input::Quit | Input::UnknownCommand)
}

/// Checks that `nick` may be sent as a nickname (CLIENT-1, CLIENT-3). The server decides everything else.
pub(super) fn check_nick(nick: &str) -> Result<(), InputError> {
    if nick.is_empty() || is_server_command(nick) {
        return Err(InputError::NotANickname);
    }
    check_line(nick)
}

/// Checks that a line may be sent at all (CLIENT-3).
fn check_line(line: &str) -> Result<(), InputError> {
    if let Some(c) = line.chars().find(|&c| is_control(c)) {
        return Err(InputError::Control(c));
    }
    match line.len() {
        ..=MAX_CLIENT_LINE => Ok(()),
        bytes => Err(InputError::TooLong { bytes }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::nothing("", Command::Nothing)]
    #[case::nothing_but_line_ends("\n\r\n", Command::Nothing)]
    #[case::quit("/quit", Command::Quit)]
    #[case::quit_with_a_blank("/quit ", Command::Quit)]
    #[case::help("/help", Command::Help)]
    #[case::confirm("/send", Command::Confirm)]
    #[case::two_slashes("//quit", Command::Say("/quit".into()))]
    #[case::three_slashes("///", Command::Say("//".into()))]
    #[case::a_message("ciao /quit", Command::Say("ciao /quit".into()))]
    #[case::a_pasted_line("ciao\n", Command::Say("ciao".into()))]
    #[case::blanks_are_kept(" ciao ", Command::Say(" ciao ".into()))]
    #[case::no_command("<Quit>", Command::Say("<Quit>".into()))]
    fn is_parsed(#[case] text: &str, #[case] command: Command) {
        assert_eq!(Command::parse(text), Ok(command));
    }

    #[rstest]
    #[case("/nick bruno", InputError::UnknownCommand("/nick".into()))]
    #[case("/", InputError::UnknownCommand("/".into()))]
    #[case("a\u{1B}[2J", InputError::Control('\u{1B}'))]
    #[case("uno\ndue\u{2028}tre", InputError::Control('\u{2028}'))]
    #[case("uno\rdue", InputError::Control('\r'))]
    #[case(&"è".repeat(2049), InputError::TooLong { bytes: 4098 })]
    fn is_rejected(#[case] text: &str, #[case] error: InputError) {
        assert_eq!(Command::parse(text), Err(error));
    }

    #[rstest]
    #[case("<quit>", 1, 1)]
    #[case("{quit}", 1, 1)]
    #[case("<who>\n", 1, 1)]
    #[case("uno\n\ndue\r\n", 2, 0)]
    #[case("/quit\n<who>\n//x", 3, 1)]
    fn needs_confirmation(#[case] text: &str, #[case] lines: usize, #[case] commands: usize) {
        let Ok(Command::Ask(question)) = Command::parse(text) else {
            panic!("no question: {text:?}");
        };
        assert_eq!((question.lines.len(), question.commands), (lines, commands));
        assert!(
            question
                .lines
                .iter()
                .all(|line| text.lines().any(|typed| typed == line))
        );
    }

    #[test]
    fn the_longest_line_is_accepted() {
        assert!(matches!(
            Command::parse(&"x".repeat(4096)),
            Ok(Command::Say(_))
        ));
        assert!(matches!(
            Command::parse(&format!("//{}", "x".repeat(4095))),
            Ok(Command::Say(_))
        ));
    }
}
