//! Bytes of a server -> lines, judged by the rules for every line of a server (LINE-3, LINE-12).

use std::fmt;

use schemars::JsonSchema;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::excerpt::Excerpt;
use super::line::{LONGEST_SERVER_LINE, first_control};
use super::lines::Lines;
use super::visible::Visible;

/// A line that a server has sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// A line that obeys the rules.
    Line(String),
    /// Bytes that no server may send, and the first rule that they break.
    Broken(Vec<u8>, Broken),
}

/// The rule that a server's line breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Broken {
    /// A CR precedes the LF (LINE-3).
    CarriageReturn,
    /// It is not UTF-8 (LINE-12).
    NotUtf8,
    /// It holds this control character (LINE-12).
    Control(char),
    /// It is longer than 4130 bytes (LINE-12).
    TooLong,
    /// No pattern of the server's dialect matches it.
    Foreign,
    /// In a dialect in which a server sends a message to its speaker too, this one did not come back.
    NoEcho,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CarriageReturn => f.write_str("it ends with CR LF instead of LF"),
            Self::NotUtf8 => f.write_str("it is not UTF-8"),
            Self::Control(c) => write!(f, "it holds the control character U+{:04X}", u32::from(*c)),
            Self::TooLong => write!(f, "it is longer than {LONGEST_SERVER_LINE} bytes"),
            Self::Foreign => f.write_str("the dialect has no such words"),
            Self::NoEcho => f.write_str("it should have come before this"),
        }
    }
}

impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(text) => write!(f, "{}", Visible(text.as_bytes())),
            Self::Broken(bytes, why) => write!(f, "{} ({why})", Visible(bytes)),
        }
    }
}

impl Serialize for Received {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let broken = match self {
            Self::Line(_) => None,
            Self::Broken(_, broken) => Some(broken),
        };
        let mut fields = serializer.serialize_struct("Received", 2)?;
        fields.serialize_field("line", &Excerpt::of(self.bytes()))?;
        fields.serialize_field("breaks", &broken)?;
        fields.end()
    }
}

/// The form that [`Received`] has in JSON.
#[derive(JsonSchema)]
#[schemars(rename = "Received")]
#[expect(dead_code, reason = "only its schema is used")]
struct Form {
    /// The line, without its LF.
    line: Excerpt,
    /// The rule for every line of a server that it breaks, if any.
    breaks: Option<Broken>,
}

impl JsonSchema for Received {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Form::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Form::json_schema(generator)
    }
}

impl Received {
    /// The bytes, without the LF.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Line(text) => text.as_bytes(),
            Self::Broken(bytes, _) => bytes,
        }
    }

    /// The text, if the line obeys the rules.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Line(text) => Some(text),
            Self::Broken(..) => None,
        }
    }
}

/// Splits what a server sends, and judges each line.
#[derive(Debug)]
pub struct Decoder(Lines);

impl Default for Decoder {
    fn default() -> Self {
        Self(Lines::keeping(LONGEST_SERVER_LINE + 1))
    }
}

impl Decoder {
    /// Takes the next bytes, and passes on each line that they end; `None` stands for an empty one.
    pub fn feed(&mut self, bytes: &[u8], mut out: impl FnMut(Option<Received>)) {
        self.0.feed(bytes, |line| out(judge(line)));
    }

    /// The bytes since the last LF; no more of them than show that the line is too long.
    pub fn partial(&self) -> &[u8] {
        self.0.partial()
    }
}

/// Judges a line of a server, without its LF, by the rules for all of them. `None` stands for an empty one.
pub fn judge(line: &[u8]) -> Option<Received> {
    let broken = |why| Some(Received::Broken(line.to_vec(), why));
    if line.is_empty() {
        return None;
    }
    if line.len() > LONGEST_SERVER_LINE {
        return broken(Broken::TooLong);
    }
    if line.ends_with(b"\r") {
        return broken(Broken::CarriageReturn);
    }
    let Ok(text) = std::str::from_utf8(line) else {
        return broken(Broken::NotUtf8);
    };
    match first_control(text) {
        Some(c) => broken(Broken::Control(c)),
        None => Some(Received::Line(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(pieces: &[&[u8]]) -> Vec<Option<Received>> {
        let mut decoder = Decoder::default();
        let mut lines = Vec::new();
        for piece in pieces {
            decoder.feed(piece, |line| lines.push(line));
        }
        lines
    }

    #[test]
    fn an_empty_line_is_none() {
        let line = |text: &str| Some(Received::Line(text.to_owned()));
        assert_eq!(decode(&[b"a", b"\n\nc\n"]), [line("a"), None, line("c")]);
    }

    #[test]
    fn says_which_rule_is_broken() {
        let broken = |bytes: &[u8], why| Some(Received::Broken(bytes.to_vec(), why));
        let long = [b"x".repeat(LONGEST_SERVER_LINE), b"\n".to_vec()].concat();
        assert!(matches!(decode(&[&long])[0], Some(Received::Line(_))));
        let long = b"x".repeat(LONGEST_SERVER_LINE + 1);
        assert_eq!(decode(&[&long, b"yyy\n"]), [broken(&long, Broken::TooLong)]);
        assert_eq!(
            decode(&[b"a\r\n"]),
            [broken(b"a\r", Broken::CarriageReturn)]
        );
        assert_eq!(decode(&[b"\xFF\n"]), [broken(b"\xFF", Broken::NotUtf8)]);
        assert_eq!(
            decode(&[b"a\x1Bb\n"]),
            [broken(b"a\x1Bb", Broken::Control('\x1B'))]
        );
    }
}
