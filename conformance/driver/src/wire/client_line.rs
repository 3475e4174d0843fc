//! Lines that a client sends (chapters 6 and 14), as a server understands them.

use std::fmt;

use super::line::{LONGEST_CLIENT_LINE, first_control};
use super::visible::Visible;

/// A line of a client, without its LF or CR LF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientLine<'a> {
    /// An empty line, which a server ignores.
    Empty,
    /// A nickname while naming, and a message afterwards.
    Text(&'a str),
    /// `<quit>` or `{quit}` (LEAVE-2).
    Quit(&'a str),
    /// A command that version 1 does not define (MSG-5).
    UnknownCommand(&'a str),
    /// A line that a server refuses, whatever it says.
    Refused(&'a [u8], Refusal),
}

/// The rule for every line of a client that a line breaks, in the order of precedence (ERR-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is longer than 4096 bytes (LINE-8).
    TooLong,
    /// It is not UTF-8 (LINE-10).
    NotUtf8,
    /// It holds this control character (LINE-11).
    Control(char),
}

impl<'a> ClientLine<'a> {
    /// Parses a line without its LF or CR LF.
    pub fn parse(line: &'a [u8]) -> Self {
        if line.len() > LONGEST_CLIENT_LINE {
            return Self::Refused(line, Refusal::TooLong);
        }
        let Ok(text) = std::str::from_utf8(line) else {
            return Self::Refused(line, Refusal::NotUtf8);
        };
        match text {
            "" => Self::Empty,
            "<quit>" | "{quit}" => Self::Quit(text),
            _ => match first_control(text) {
                Some(c) => Self::Refused(line, Refusal::Control(c)),
                None if is_command(text) => Self::UnknownCommand(text),
                None => Self::Text(text),
            },
        }
    }

    /// Whether the client asks to leave.
    pub fn is_quit(&self) -> bool {
        matches!(self, Self::Quit(_))
    }

    /// Whether a server delivers the line to other members, when a member sends it.
    pub fn is_message(&self) -> bool {
        matches!(self, Self::Text(_))
    }
}

impl fmt::Display for ClientLine<'_> {
    /// The line itself. Bytes that are not text are made visible.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Text(text) | Self::Quit(text) | Self::UnknownCommand(text) => f.write_str(text),
            Self::Refused(bytes, _) => Visible(bytes).fmt(f),
        }
    }
}

/// `<name>` or `<name arguments>`
fn is_command(line: &str) -> bool {
    let Some(inner) = line
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
    else {
        return false;
    };
    let (name, arguments) = inner
        .split_once(' ')
        .map_or((inner, None), |(name, rest)| (name, Some(rest)));
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && arguments
            .is_none_or(|arguments| !arguments.is_empty() && !arguments.contains(['<', '>']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("ciao")]
    #[case("<>")]
    #[case("<Quit>")]
    #[case("<nick >")]
    #[case("<3>")]
    #[case("<a <b>>")]
    #[case("<quit")]
    #[case(" <quit>")]
    #[case("\t")]
    #[case(&"x".repeat(4096))]
    fn is_text(#[case] line: &str) {
        let parsed = ClientLine::parse(line.as_bytes());
        assert_eq!(parsed, ClientLine::Text(line));
        assert_eq!(parsed.to_string(), line);
    }

    #[rstest]
    #[case("", ClientLine::Empty)]
    #[case("<quit>", ClientLine::Quit("<quit>"))]
    #[case("{quit}", ClientLine::Quit("{quit}"))]
    #[case("<who>", ClientLine::UnknownCommand("<who>"))]
    #[case("<a-1 b>", ClientLine::UnknownCommand("<a-1 b>"))]
    #[case("<quit now>", ClientLine::UnknownCommand("<quit now>"))]
    fn is_no_text(#[case] line: &str, #[case] parsed: ClientLine<'_>) {
        assert_eq!(ClientLine::parse(line.as_bytes()), parsed);
        assert_eq!(parsed.to_string(), line);
    }

    #[rstest]
    #[case(b"\xFF", Refusal::NotUtf8, "\\xFF")]
    #[case(b"\xFF\0", Refusal::NotUtf8, "\\xFF\\x00")]
    #[case(b"\r", Refusal::Control('\r'), "\\r")]
    #[case(b"<quit>\0", Refusal::Control('\0'), "<quit>\\x00")]
    #[case(b"\xE2\x80\xA8", Refusal::Control('\u{2028}'), "\\u{2028}")]
    #[case(&[0xFF; 4097], Refusal::TooLong, &Visible(&[0xFF; 4097]).to_string())]
    fn is_refused(#[case] line: &[u8], #[case] refusal: Refusal, #[case] shown: &str) {
        let parsed = ClientLine::parse(line);
        assert_eq!(parsed, ClientLine::Refused(line, refusal));
        assert_eq!(parsed.to_string(), shown);
    }
}
