//! Which lines are commands. (Chapter 6)

use super::behaviour::Behaviour;
use super::fault::Fault;
use crate::line;

/// Whether a line asks to leave (LEAVE-2).
pub(super) fn is_quit(content: &str, behaviour: Behaviour) -> bool {
    let is_also_quit = match behaviour.fault {
        Some(Fault::BracesAreText) => return content == "<quit>",
        Some(Fault::QuitAnywhere) => content.contains("<quit>"),
        Some(Fault::QuitTrimmed) => line::is_quit(content.trim()),
        Some(Fault::QuitInAnyCase) => line::is_quit(&content.to_ascii_lowercase()),
        Some(Fault::QuitWithoutMarks) => content == "quit",
        Some(Fault::QuitWithABlank) => content == "<quit >",
        Some(Fault::ExitIsQuit) => matches!(content, "exit" | "bye"),
        Some(Fault::QuitWithArguments) => content.starts_with("<quit ") && content.ends_with('>'),
        Some(Fault::QuitByItsStart) => content.starts_with("<quit") && content.ends_with('>'),
        _ => false,
    };
    is_also_quit || line::is_quit(content)
}

/// Whether a line has the form of a command (MSG-4, MSG-5).
pub(super) fn is_command(content: &str, behaviour: Behaviour) -> bool {
    let is_command = line::is_command(content);
    match behaviour.fault {
        Some(Fault::AnglesAreCommands) => content.starts_with('<') && content.ends_with('>'),
        Some(Fault::TabsSeparateArguments) => line::is_command(&content.replace('\t', " ")),
        Some(Fault::CommandsMayEndWithABlank) => {
            is_command || line::is_command(&content.replace(" >", ">"))
        }
        Some(Fault::ShortCommandsAreMessages) => {
            is_command && !matches!(content.as_bytes()[2], b' ' | b'>')
        }
        Some(Fault::AnglesInArguments) => {
            let inside = content
                .strip_prefix('<')
                .and_then(|rest| rest.strip_suffix('>'));
            inside.is_some_and(|inside| {
                line::is_command(&format!("<{}>", inside.replace(['<', '>'], "-")))
            })
        }
        Some(Fault::CapitalsInCommands) => line::is_command(&content.to_ascii_lowercase()),
        Some(Fault::UnderscoresInCommands) => line::is_command(&content.replace('_', "-")),
        Some(Fault::BracesAreCommands) => {
            is_command || (content.starts_with('{') && content.ends_with('}'))
        }
        Some(Fault::DigitsAreNoCommands) => {
            let name = content.split(' ').next().unwrap_or_default();
            is_command && !name.contains(|c: char| c.is_ascii_digit())
        }
        Some(Fault::LongCommandsAreMessages) => is_command && content.len() <= 1024,
        Some(Fault::ArgumentsBeginWithoutABlank) => is_command && !content.contains("  "),
        Some(Fault::AsciiArgumentsOnly) => is_command && content.is_ascii(),
        _ => is_command,
    }
}
