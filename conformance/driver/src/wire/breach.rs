//! Lines of a client under test, judged by the rules for clients (chapter 12).

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::client_line::{ClientLine, Refusal};
use super::excerpt::Excerpt;

/// A line that a client may send, or the line and the rule that it breaks.
pub type JudgedLine = Result<String, Unlawful>;

/// A line that no client may send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unlawful {
    /// Its bytes, without the LF.
    #[serde(rename = "line", serialize_with = "excerpt")]
    #[schemars(with = "Excerpt")]
    pub bytes: Vec<u8>,
    /// The rule that it breaks.
    #[serde(rename = "breaks")]
    pub breach: Breach,
}

/// The rule that a client's line breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Breach {
    /// A CR precedes the LF (CLIENT-2).
    CarriageReturn,
    /// It is empty (CLIENT-3).
    Empty,
    /// It is longer than 4096 bytes (CLIENT-3).
    TooLong,
    /// It holds this control character (CLIENT-3).
    Control(char),
    /// A server takes it for a command, and the user has not confirmed it (CLIENT-4).
    Command,
    /// It is not UTF-8 (CLIENT-11).
    NotUtf8,
}

impl Breach {
    /// The id of the requirement that is broken.
    pub fn requirement(self) -> &'static str {
        match self {
            Self::CarriageReturn => "CLIENT-2",
            Self::Empty | Self::TooLong | Self::Control(_) => "CLIENT-3",
            Self::Command => "CLIENT-4",
            Self::NotUtf8 => "CLIENT-11",
        }
    }
}

fn excerpt<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    Excerpt::of(bytes).serialize(serializer)
}

/// Judges a line without its LF.
///
/// # Errors
/// The first rule that it breaks.
pub fn judge(line: &[u8]) -> JudgedLine {
    let breach = match ClientLine::parse(line) {
        _ if line.ends_with(b"\r") => Breach::CarriageReturn,
        ClientLine::Text(text) | ClientLine::Quit(text @ "<quit>") => return Ok(text.to_owned()),
        ClientLine::Empty => Breach::Empty,
        ClientLine::Quit(_) | ClientLine::UnknownCommand(_) => Breach::Command,
        ClientLine::Refused(_, Refusal::TooLong) => Breach::TooLong,
        ClientLine::Refused(_, Refusal::NotUtf8) => Breach::NotUtf8,
        ClientLine::Refused(_, Refusal::Control(c)) => Breach::Control(c),
    };
    Err(Unlawful {
        bytes: line.to_vec(),
        breach,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(b"ciao", None)]
    #[case(b"<quit>", None)]
    #[case(b"{quit}", Some(Breach::Command))]
    #[case(b"<who>", Some(Breach::Command))]
    #[case(b"", Some(Breach::Empty))]
    #[case(b"ciao\r", Some(Breach::CarriageReturn))]
    #[case(b"a\rb", Some(Breach::Control('\r')))]
    #[case(b"\xFF", Some(Breach::NotUtf8))]
    #[case(&[b'x'; 4097], Some(Breach::TooLong))]
    fn is_judged(#[case] line: &[u8], #[case] breach: Option<Breach>) {
        let judged = judge(line).err();
        assert_eq!(judged.as_ref().map(|unlawful| unlawful.breach), breach);
        assert!(judged.is_none_or(|unlawful| unlawful.bytes == line));
    }
}
