//! What a text becomes that the user wants to say.

use salotto_protocol::line::is_control;
use salotto_protocol::{Input, MAX_CLIENT_LINE};

/// What the user wants, as far as the text tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    Nothing,
    Quit,
    Help,
    Say(Vec<String>),
    Ask(Question),
}

/// Something that is sent only if the user says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What would be sent. At least one line.
    pub lines: Vec<String>,
    /// How many of the lines the server would take for commands rather than messages (CLIENT-4).
    /// `<quit>` among them would leave the room.
    pub commands: usize,
    /// What was typed, to be given back when the answer is no.
    pub(super) text: String,
}

/// Why a text was not sent. It is still in the draft.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// More bytes than a line holds (CLIENT-3).
    #[error("a line holds at most {MAX_CLIENT_LINE} bytes, and this one holds {bytes}")]
    TooLong {
        /// How many bytes the longest line holds.
        bytes: usize,
    },
    /// A character that no line may hold (CLIENT-3).
    #[error("the text holds the control character U+{:04X}", u32::from(*.0))]
    Control(char),
    /// A local command that there is not. Two slashes begin a message that begins with one.
    #[error("there is no command {0}")]
    UnknownCommand(String),
    /// The user is not in the room.
    #[error("nothing can be said before a nickname is accepted")]
    NotJoined,
    /// The server does not take what was sent before.
    #[error("the server has not taken what was sent before")]
    Busy,
    /// An empty nickname, or a command in its place.
    #[error("this cannot be a nickname")]
    NotANickname,
}

/// Reads a text: one line, or several that were pasted.
pub(super) fn read(text: &str) -> Result<Wish, InputError> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    match lines[..] {
        [] => Ok(Wish::Nothing),
        [line] => read_line(line, text),
        _ => {
            for line in &lines {
                check(line)?;
            }
            Ok(ask(&lines, text))
        }
    }
}

fn read_line(line: &str, text: &str) -> Result<Wish, InputError> {
    if let Some(command) = line.strip_prefix('/') {
        return match command.trim_end() {
            "quit" => Ok(Wish::Quit),
            "help" => Ok(Wish::Help),
            _ if command.starts_with('/') => {
                check(command)?;
                Ok(Wish::Say(vec![command.to_owned()]))
            }
            _ => {
                let word = line.split_whitespace().next().unwrap_or(line);
                Err(InputError::UnknownCommand(word.to_owned()))
            }
        };
    }
    check(line)?;
    match Input::of(line) {
        Input::Empty | Input::Text(_) => Ok(Wish::Say(vec![line.to_owned()])),
        Input::Quit | Input::UnknownCommand => Ok(ask(&[line], text)),
    }
}

fn ask(lines: &[&str], text: &str) -> Wish {
    Wish::Ask(Question {
        lines: lines.iter().map(|&line| line.to_owned()).collect(),
        commands: lines.iter().filter(|line| is_command(line)).count(),
        text: text.to_owned(),
    })
}

/// Whether a server takes the line for a command.
pub(super) fn is_command(line: &str) -> bool {
    matches!(Input::of(line), Input::Quit | Input::UnknownCommand)
}

/// Whether a line may be sent at all (CLIENT-3).
pub(super) fn check(line: &str) -> Result<(), InputError> {
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
    #[case::nothing("", Wish::Nothing)]
    #[case::nothing_but_line_ends("\n\r\n", Wish::Nothing)]
    #[case::quit("/quit", Wish::Quit)]
    #[case::quit_with_a_blank("/quit ", Wish::Quit)]
    #[case::help("/help", Wish::Help)]
    #[case::two_slashes("//quit", Wish::Say(vec!["/quit".into()]))]
    #[case::three_slashes("///", Wish::Say(vec!["//".into()]))]
    #[case::a_message("ciao /quit", Wish::Say(vec!["ciao /quit".into()]))]
    #[case::a_pasted_line("ciao\n", Wish::Say(vec!["ciao".into()]))]
    #[case::blanks_are_kept(" ciao ", Wish::Say(vec![" ciao ".into()]))]
    #[case::no_command("<Quit>", Wish::Say(vec!["<Quit>".into()]))]
    fn reads(#[case] text: &str, #[case] wish: Wish) {
        assert_eq!(read(text), Ok(wish));
    }

    #[rstest]
    #[case("/nick bruno", InputError::UnknownCommand("/nick".into()))]
    #[case("/", InputError::UnknownCommand("/".into()))]
    #[case("a\u{1B}[2J", InputError::Control('\u{1B}'))]
    #[case("uno\ndue\u{2028}tre", InputError::Control('\u{2028}'))]
    #[case("uno\rdue", InputError::Control('\r'))]
    #[case(&"è".repeat(2049), InputError::TooLong { bytes: 4098 })]
    fn refuses(#[case] text: &str, #[case] error: InputError) {
        assert_eq!(read(text), Err(error));
    }

    #[rstest]
    #[case("<quit>", 1, 1)]
    #[case("{quit}", 1, 1)]
    #[case("<who>\n", 1, 1)]
    #[case("uno\n\ndue\r\n", 2, 0)]
    #[case("/quit\n<who>\n//x", 3, 1)]
    fn asks(#[case] text: &str, #[case] lines: usize, #[case] commands: usize) {
        let Ok(Wish::Ask(question)) = read(text) else {
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
    fn the_longest_line_is_said() {
        assert!(matches!(read(&"x".repeat(4096)), Ok(Wish::Say(_))));
        assert!(matches!(
            read(&format!("//{}", "x".repeat(4095))),
            Ok(Wish::Say(_))
        ));
    }
}
