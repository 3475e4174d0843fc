//! A line as a client sends it, judged by the rules that hold for every line of a client.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::Excerpt;
use super::line::{LONGEST_CLIENT_LINE, first_control, is_command};

/// A line that a client may send, or what is wrong with it.
pub type ClientLine = Result<String, Unlawful>;

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
    /// A CR stands before the LF (CLIENT-2).
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
pub fn judge(line: &[u8]) -> ClientLine {
    let unlawful = |breach| {
        Err(Unlawful {
            bytes: line.to_vec(),
            breach,
        })
    };
    if line.ends_with(b"\r") {
        return unlawful(Breach::CarriageReturn);
    }
    if line.len() > LONGEST_CLIENT_LINE {
        return unlawful(Breach::TooLong);
    }
    match str::from_utf8(line) {
        Err(_) => unlawful(Breach::NotUtf8),
        Ok("") => unlawful(Breach::Empty),
        Ok(text) => match first_control(text) {
            Some(c) => unlawful(Breach::Control(c)),
            None if is_command(text) && text != "<quit>" => unlawful(Breach::Command),
            None => Ok(text.to_owned()),
        },
    }
}
